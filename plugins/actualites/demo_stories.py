"""Texts of the demo's news. They are plausible and about nobody."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.contracts.demo import Demo
from core.town.selectors import next_holidays, school_year_on
from core.ui import formats
from plugins.actualites.demo_papers import menus_month

CHILDHOOD, TOWN, CANTEEN, WORKS = "enfance", "mairie", "restauration", "services-techniques"
SERVICES = {TOWN: "Mairie", CANTEEN: "Restauration scolaire", WORKS: "Services techniques"}
"""Services that sign news beside those of the leaflet, by code."""

SCHOOL, LIFE, TIME = "École et enfance", "Vie de la commune", "Travaux et déplacements"
QUARTERS = ("Centre-bourg", "Bords de Garonne", "Quartier Prévert")

Block = tuple[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article. `scene` names a picture of `core.pages.scenes`, `documents` are keys of papers, `service` and
    `sites` codes of the town; `reserved` is the code of the site whose families read it, « * » for all families."""

    slug: str
    title: str
    lead: str
    date: date
    service: str
    body: tuple[Block, ...]
    scene: str = ""
    documents: tuple[str, ...] = ()
    category: str = ""
    keywords: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    quarters: tuple[str, ...] = ()
    pinned: bool = False
    reserved: str = ""


def heading(words: str) -> Block:
    return ("heading", words)


def text(*paragraphs: str) -> Block:
    return ("text", "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))


def points(*items: str) -> Block:
    return ("text", f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>")


def steps(*items: str) -> Block:
    return ("text", f"<ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>")


def alert(tone: str, title: str, words: str) -> Block:
    return ("alert", {"tone": tone, "title": title, "text": f"<p>{words}</p>"})


def stories(demo: Demo) -> tuple[Story, ...]:
    """The news on that day, latest first."""

    def ago(days: int) -> date:
        day = demo.today - timedelta(days=days)
        return day - timedelta(days=max(0, day.isoweekday() - 5))  # the town hall publishes on working days

    return (
        _holidays(demo.today, ago(2)),
        _menus(demo.today, ago(5)),
        _works(ago(8)),
        _market(ago(13)),
        _bus(ago(19)),
        _river(ago(27)),
        _annual_file(ago(34)),
        _rules(ago(41)),
        _outing(ago(6)),
        _survey(ago(15)),
        _first_day(demo.today, ago(60)),
    )


def _holidays(today: date, on: date) -> Story:
    holidays = next_holidays(today)
    name = holidays.name if holidays else "Prochaines vacances"
    return Story(
        slug="reservations-vacances",
        title=f"{name} : les réservations de l’accueil de loisirs sont ouvertes",
        lead="Réservez les journées de vos enfants dans votre Espace Famille. "
        "Les places sont données dans l’ordre des demandes.",
        date=on,
        service=CHILDHOOD,
        scene="playground",
        category=SCHOOL,
        keywords=("Vacances", "Réservations"),
        sites=("accueil-de-loisirs",),
        pinned=True,
        body=(
            text(
                "Sorties, ateliers de cuisine, grands jeux au parc : l’équipe de l’accueil de loisirs "
                "(ALSH) a préparé un programme pour les petits de maternelle et un autre pour les grands "
                "d’élémentaire."
            ),
            heading("Comment réserver"),
            steps(
                "Ouvrez votre Espace Famille et choisissez « Faire mes réservations ».",
                "Cochez les journées de chacun de vos enfants : le prix s’affiche avant de confirmer.",
                "Confirmez. Vous retrouvez vos réservations dans le calendrier du mois.",
            ),
            alert(
                "attention",
                "Regardez la date limite.",
                "Elle est écrite sur chaque journée. Jusque-là, vous pouvez changer d’avis sans frais.",
            ),
            heading("Votre enfant vient pour la première fois ?"),
            text(
                "Le dossier annuel doit être complet avant la première journée. "
                "Le service Enfance vous aide à le remplir, au téléphone ou à l’accueil de la mairie."
            ),
        ),
    )


def _menus(today: date, on: date) -> Story:
    month = formats.MONTHS[menus_month(today).month - 1]
    of = "d’" if month[0] in "ao" else "de "
    return Story(
        slug="menus-du-mois",
        title=f"Cantine : les menus {of}{month} sont en ligne",
        lead="Un repas sans viande chaque semaine, du pain bio, des fruits de saison : "
        "les menus du mois sont à lire ou à imprimer.",
        date=on,
        service=CANTEEN,
        scene="canteen",
        documents=("menus",),
        category=SCHOOL,
        keywords=("Cantine",),
        body=(
            text(
                "Les repas sont préparés chaque matin et servis dans les quatre écoles. Les menus sont "
                "composés avec une diététicienne et relus par la commission des menus, où siègent des "
                "parents élus."
            ),
            points(
                "un repas sans viande ni poisson chaque semaine ;",
                "au moins la moitié de produits durables ou de qualité, dont un cinquième de produits bio ;",
                "un fruit de saison au moins trois fois par semaine.",
            ),
            heading("Allergie, projet d’accueil individualisé"),
            text(
                "Un enfant allergique déjeune avec les autres dans le cadre d’un projet d’accueil individualisé (PAI). "
                "Demandez-le à la directrice ou au directeur de l’école : il est signé avec le médecin scolaire."
            ),
        ),
    )


def _works(on: date) -> Story:
    return Story(
        slug="travaux-preau",
        title="Un nouveau préau et une cour plus fraîche pour l’école élémentaire",
        lead=(
            "Quinze arbres, un sol clair et un préau deux fois plus grand : le chantier avance et la "
            "cour reste ouverte."
        ),
        date=on,
        service=WORKS,
        scene="school",
        category=TIME,
        keywords=("Climat",),
        sites=("elementaire-villon",),
        quarters=("Centre-bourg",),
        body=(
            text(
                "L’été, la cour de bitume dépassait 45 degrés. Les élèves, les enseignants et les agents ont dessiné "
                "ensemble celle qui la remplace : de l’ombre, de la terre, un coin pour lire et un autre pour courir."
            ),
            heading("Ce qui change pendant les travaux"),
            points(
                "L’entrée se fait par le portail du parc, de 8 h 20 à 8 h 30.",
                "La moitié de la cour est fermée ; les récréations sont décalées.",
                "L’accueil du matin et du soir garde ses horaires et sa salle.",
            ),
            alert("info", "Fin du chantier", "La cour entière ouvre à la prochaine rentrée."),
            heading("Combien ça coûte"),
            text(
                "Le chantier est payé par la commune, avec l’aide de l’agence de l’eau : "
                "un sol qui laisse passer la pluie ménage le réseau quand il tombe beaucoup d’eau."
            ),
        ),
    )


SEASONS = {
    "winter": (
        "Marché de Noël",
        "les santons, le vin chaud et le chocolat des parents d’élèves",
        "à la nuit tombée",
    ),
    "spring": (
        "Fête du printemps",
        "les plants du jardin partagé, les vélos d’occasion et la fanfare",
        "toute la journée",
    ),
    "summer": ("Fête de la Garonne", "le repas sur les quais, le bal et les lampions", "jusqu’à minuit"),
    "autumn": (
        "Fête des associations",
        "les clubs, les essais gratuits et le repas partagé",
        "toute la journée",
    ),
}


def season(day: date) -> str:
    """Which feast is near: the one of the month that follows."""
    month = day.month % 12 + 1
    return (
        "winter" if month in (11, 12, 1) else "spring" if month < 6 else "summer" if month < 9 else "autumn"
    )


def _market(on: date) -> Story:
    name, pleasures, hours = SEASONS[season(on)]
    return Story(
        slug="fete-sur-la-place",
        title=f"{name} : on se retrouve sur la place de la mairie",
        lead=f"Au programme : {pleasures}. La place est aux piétons {hours}.",
        date=on,
        service=TOWN,
        scene="square",
        category=LIFE,
        keywords=("Fêtes",),
        quarters=("Centre-bourg",),
        body=(
            text(
                "Les écoles, l’accueil de loisirs et une vingtaine d’associations tiennent un stand. "
                "L’entrée est libre ; la buvette finance les sorties scolaires."
            ),
            heading("Donner un coup de main"),
            text(
                "Une heure pour monter les tables, une soirée à la buvette : toute aide compte. "
                "Laissez votre nom à l’accueil de la mairie, ou dites-le aux délégués des parents d’élèves."
            ),
            heading("Venir"),
            text(
                "Le stationnement est interdit sur la place et dans la rue qui la longe. "
                "Un parking à vélos est gardé devant l’école."
            ),
        ),
    )


def _bus(on: date) -> Story:
    return Story(
        slug="transport-scolaire",
        title="Transport scolaire : un arrêt de plus et cinq minutes gagnées le matin",
        lead="Le circuit du bus scolaire change un peu. Les cartes de transport déjà données restent valables.",
        date=on,
        service=CHILDHOOD,
        scene="bus",
        category=TIME,
        keywords=("Bus scolaire",),
        quarters=("Quartier Prévert",),
        body=(
            text(
                "À la demande des familles, le bus dessert un arrêt de plus près du parc. Pour ne pas "
                "allonger le trajet, il ne fait plus le détour de la zone commerciale, où personne ne "
                "montait depuis deux ans."
            ),
            heading("À l’arrêt"),
            points(
                "Soyez là cinq minutes avant l’heure.",
                "Un accompagnateur monte avec les enfants de maternelle ; un adulte les attend au retour.",
                "La ceinture s’attache, même pour trois minutes.",
            ),
            text(
                "Votre enfant ne prend pas le bus ce soir ? Prévenez l’accompagnateur ou le service Enfance."
            ),
        ),
    )


def _river(on: date) -> Story:
    return Story(
        slug="promenade-garonne",
        title="La promenade des bords de Garonne rouvre, du port jusqu’au carrelet",
        lead=(
            "Deux kilomètres à pied ou à vélo, des bancs tous les deux cents mètres, et le carrelet "
            "ouvert aux classes."
        ),
        date=on,
        service=TOWN,
        scene="river",
        category=LIFE,
        keywords=("Climat",),
        quarters=("Bords de Garonne",),
        body=(
            text(
                "Fermé depuis la crue, le chemin a été remonté de quarante centimètres et consolidé avec "
                "des fascines de saule. Il est accessible aux fauteuils et aux poussettes sur toute sa "
                "longueur."
            ),
            heading("Un carrelet pour apprendre"),
            text(
                "La cabane de pêche restaurée reçoit les classes et les groupes de l’accueil de loisirs "
                ": marées, mascaret, oiseaux et poissons du fleuve. Une centaine d’enfants y sont déjà "
                "venus."
            ),
        ),
    )


def _annual_file(on: date) -> Story:
    return Story(
        slug="dossier-annuel",
        title="Dossier annuel : une fois par an, pour toutes les activités",
        lead="Cantine, accueil du matin et du soir, mercredis, vacances, bus : un seul dossier ouvre tout, "
        "et il se renouvelle chaque année.",
        date=on,
        service=CHILDHOOD,
        documents=("dossier",),
        category=SCHOOL,
        keywords=("Réservations",),
        body=(
            text(
                "Le dossier administratif annuel permet d’inscrire vos enfants aux activités périscolaires et "
                "extrascolaires. Sans lui, aucune réservation n’est possible."
            ),
            heading("Ce qu’il faut préparer"),
            points(
                "un justificatif de domicile de moins de trois mois ;",
                "l’attestation d’assurance scolaire et extrascolaire ;",
                "les pages de vaccination du carnet de santé ;",
                "votre quotient familial (QF), donné par la CAF ou la MSA.",
            ),
            text(
                "Vous n’avez pas tout ? Commencez quand même : le dossier s’enregistre et vous le reprenez plus tard. "
                "Sans quotient familial, le tarif le plus élevé s’applique en attendant."
            ),
        ),
    )


def _rules(on: date) -> Story:
    return Story(
        slug="reglement-interieur",
        title="Règlement intérieur des accueils : ce qu’il faut retenir",
        lead="Horaires, retards, absences, santé : le règlement tient en une page. En voici l’essentiel.",
        date=on,
        service=CHILDHOOD,
        documents=("reglement",),
        category=SCHOOL,
        body=(
            points(
                "L’accueil du soir ferme à 18 h 30. En cas de retard, appelez l’accueil : son numéro est sur la page "
                "Contacts.",
                "Une absence pour maladie n’est pas facturée si vous la signalez avec un certificat médical.",
                "Seules les personnes que vous avez nommées dans le dossier peuvent venir chercher votre enfant.",
                "Les animateurs ne donnent de médicament que dans le cadre d’un PAI.",
            ),
            text(
                "Le règlement complet est à lire ci-dessous. "
                "Il est affiché dans chaque accueil et remis à toute famille qui le demande."
            ),
        ),
    )


def _first_day(today: date, otherwise: date) -> Story:
    year = school_year_on(today)
    return Story(
        slug="rentree-scolaire",
        title="Rentrée : tout ce qu’il faut savoir pour commencer l’année du bon pied",
        lead="Horaires des écoles, cantine dès le premier jour, contacts : gardez cette page sous la main.",
        date=year.starts_on - timedelta(days=6) if year else otherwise,
        service=CHILDHOOD,
        documents=("calendrier",),
        category=SCHOOL,
        keywords=("Cantine",),
        body=(
            text(
                f"La rentrée a lieu {formats.day(year.starts_on, year=True)}."
                if year
                else "La rentrée approche.",
                "La cantine et l’accueil périscolaire ouvrent dès le premier jour, matin, midi et soir.",
            ),
            heading("Les horaires"),
            points(
                "accueil du matin : à partir de 7 h 15 ;",
                "classe : 8 h 30 à 12 h, puis 14 h à 16 h 30 ;",
                "accueil du soir : jusqu’à 18 h 30 ;",
                "mercredi : accueil de loisirs à la journée ou à la demi-journée.",
            ),
            heading("Une question ?"),
            text('Chaque accueil a son numéro : <a href="/contacts/">tous les contacts</a>.'),
        ),
    )


def _outing(on: date) -> Story:
    return Story(
        slug="sortie-au-port",
        title="École Villon : la sortie au port de Bordeaux est maintenue",
        lead="Départ à 8 h 45 devant le portail, retour à 16 h 15. Prévoyez un vêtement de pluie.",
        date=on,
        service=CHILDHOOD,
        category=SCHOOL,
        sites=("elementaire-villon",),
        reserved="elementaire-villon",
        body=(
            text(
                "Le car attend devant le portail. Les enfants qui mangent à la cantine emportent le pique-nique "
                "préparé par la commune ; les autres apportent le leur."
            ),
            heading("À mettre dans le sac"),
            points("une gourde ;", "un vêtement de pluie ;", "des chaussures fermées."),
            text(
                "Vous accompagnez la classe ? Soyez à l’école à 8 h 30. Le repas des accompagnateurs est prévu."
            ),
        ),
    )


def _survey(on: date) -> Story:
    return Story(
        slug="horaires-du-soir",
        title="Accueil du soir : donnez votre avis sur les horaires",
        lead="La commune étudie une fermeture à 19 h. Dites-nous, en deux minutes, ce qui vous aiderait.",
        date=on,
        service=CHILDHOOD,
        category=SCHOOL,
        keywords=("Réservations",),
        reserved="*",
        body=(
            text(
                "Cent douze familles ont demandé une demi-heure de plus le soir. Avant de décider, la commune veut "
                "savoir combien d’enfants resteraient, et quels soirs."
            ),
            heading("Comment répondre"),
            text(
                "Répondez par courriel au service Enfance, ou à la directrice de votre accueil. "
                "Les réponses sont lues ensemble avec les parents élus."
            ),
        ),
    )


def waiting() -> Story:
    """What somebody has just written, and that waits to be read before it is published."""
    return Story(
        slug="atelier-parents",
        title="Atelier pour les parents : les écrans à la maison",
        lead="Une soirée pour en parler entre parents, avec une psychologue. Les enfants sont gardés sur place.",
        date=date.min,
        service=CHILDHOOD,
        scene="school",
        category=SCHOOL,
        body=(
            text(
                "Combien de temps, à quel âge, et comment dire non sans crier ? La soirée commence par vos questions. "
                "Un goûter et des jeux attendent les enfants dans la salle voisine."
            ),
            heading("S’inscrire"),
            text("L’entrée est libre. Prévenez l’accueil de la mairie si vous venez avec vos enfants."),
        ),
    )
