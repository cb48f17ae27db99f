"""The demo's documents: small PDF files made from the town's own calendar and from plausible rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from core.contracts.demo import Demo
from core.town.calendar import SCHOOL_DAYS
from core.town.selectors import calendar, school_year_on
from core.ui import formats
from core.ui.pdf import render_pdf

TEMPLATE = Path(__file__).parent / "typst" / "notice.typ"
CLOSING = "Document de démonstration : les règles, les horaires et les menus sont donnés à titre d’exemple."
LAST_SERVED = 22
"""From that day of a month on, the menus put on line are those of the next month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


Pdf = Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document of the library. `files`: (days ago, what changes, how it is made), oldest first; `replaces` is the
    key of an earlier paper; `site` the code of the school whose families alone read it.
    """

    key: str
    title: str
    slug: str
    description: str
    theme: str
    files: tuple[tuple[int, str, Pdf], ...] = field(repr=False)
    year: str = ""
    language: str = "fr"
    valid_until: date | None = None
    replaces: str = ""
    for_families: bool = False
    site: str = ""

    def pdf(self) -> bytes:
        """Its latest file."""
        return self.files[-1][2]()


Sections = Callable[[Demo], Iterable[Section]]


def papers(demo: Demo) -> tuple[Paper, ...]:
    """The documents, those that are replaced first. Nothing is made before `pdf()` is called."""
    served = menus_month(demo.today)
    past = _month_before(served)
    year, last_year = _school_years(demo.today)

    def paper(
        key: str, title: str, description: str, *files: tuple[int, str, Sections], **rest: Any
    ) -> Paper:
        made = tuple(
            (days, note, _pdf(demo, title, description, days, sections)) for days, note, sections in files
        )
        slug = slugify(title)[:80].strip("-")
        return Paper(key=key, title=title, slug=slug, description=description, files=made, **rest)

    def menus(key: str, month: date, days_ago: int) -> Paper:
        return paper(
            key,
            f"Menus de la cantine, {formats.month(month)}",
            "Les repas servis dans les quatre écoles, jour par jour.",
            (days_ago, "", lambda demo: _menus(demo, month)),
            theme="menus",
            year=year,
            valid_until=_last_day(month),
        )

    return (
        menus("menus-passes", past, 36),
        menus("menus", served, 5),
        paper(
            "dossier-passe",
            f"Dossier annuel {last_year} : mode d’emploi",
            "Les pièces à préparer et les étapes, avant de commencer.",
            (400, "", _annual_file),
            theme="dossier",
            year=last_year,
        ),
        paper(
            "dossier",
            f"Dossier annuel {year} : mode d’emploi",
            "Les pièces à préparer et les étapes, avant de commencer.",
            (34, "", _annual_file),
            theme="dossier",
            year=year,
            replaces="dossier-passe",
        ),
        paper(
            "dossier-falc",
            "Le dossier de votre enfant, expliqué simplement",
            "Des phrases courtes, pour préparer le dossier annuel.",
            (33, "", _plain_words),
            theme="dossier",
            year=year,
            language="fr-x-falc",
        ),
        paper(
            "reglement",
            "Règlement intérieur des accueils périscolaires et de loisirs",
            "Inscription, horaires, absences, santé : les règles de la vie en commun.",
            (420, "", lambda demo: list(_rules(demo))[:-1]),
            (
                41,
                "Un article sur la vie en commun ; le certificat médical se joint dans les huit jours.",
                _rules,
            ),
            theme="reglement",
        ),
        paper(
            "regie",
            "Payer la cantine et les accueils : les moyens acceptés",
            "En ligne, par prélèvement, au guichet : comment payer et jusqu’à quand.",
            (62, "", _paying),
            theme="regie",
            year=year,
        ),
        paper(
            "calendrier",
            f"Calendrier scolaire {year}",
            "Vacances de la zone A et jours fériés de l’année.",
            (75, "", _calendar),
            theme="vie-scolaire",
            year=year,
        ),
        paper(
            "alerte",
            "En cas d’alerte à l’école : les consignes aux familles",
            "Ce que fait l’école, ce que vous faites, où vous informer.",
            (50, "", _alert),
            theme="vie-scolaire",
            for_families=True,
        ),
        paper(
            "equipe-villon",
            "Accueil du soir à Villon : l’équipe et les ateliers",
            "Qui accueille votre enfant, et ce qu’il peut faire chaque soir.",
            (20, "", _villon),
            theme="vie-scolaire",
            year=year,
            site="elementaire-villon",
        ),
        paper(
            "deliberation",
            "Délibération : règlement intérieur des accueils",
            "Le conseil municipal approuve le nouveau règlement des accueils.",
            (45, "", _council),
            theme="deliberations",
        ),
    )


def _school_years(today: date) -> tuple[str, str]:
    """Names of the school year of that day and of the one before."""
    year = school_year_on(today)
    first = int(year.name[:4]) if year else today.year
    return f"{first}-{first + 1}", f"{first - 1}-{first}"


def _last_day(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _month_before(month: date) -> date:
    """The menus before those; before September come those of June."""
    before = (month - timedelta(days=1)).replace(day=1)
    return before.replace(month=6) if before.month in (7, 8) else before


def _pdf(demo: Demo, title: str, description: str, days_ago: int, sections: Sections) -> Pdf:
    def pdf() -> bytes:
        made_at = datetime.combine(demo.today - timedelta(days=days_ago), time(9), UTC)
        data = {
            "commune": {"name": f"Mairie de {settings.PARVIS_COMMUNE}"},
            "title": title,
            "lead": description,
            "sections": [_plain(section) for section in sections(demo)],
            "closing": CLOSING,
        }
        return render_pdf(TEMPLATE, data, title=title, made_at=made_at)

    return pdf


def _plain(section: Section) -> dict[str, Any]:
    return {name: getattr(section, name) for name in ("title", "paragraphs", "items", "head", "rows")}


# Menus


def menus_month(today: date) -> date:
    """First day of the month whose menus are on line; summer leads to September."""
    first = today.replace(day=1)
    if today.day >= LAST_SERVED:
        first = (first + timedelta(days=32)).replace(day=1)
    return first.replace(month=9) if first.month in (7, 8) else first


STARTERS = (
    "Carottes râpées", "Velouté de potimarron", "Betteraves et pommes", "Salade de lentilles", "Concombres au yaourt",
    "Soupe de légumes", "Céleri rémoulade", "Salade verte et noix", "Taboulé", "Poireaux vinaigrette",
)  # fmt: skip
MAINS = (
    "Poulet rôti, haricots verts", "Poisson frais, riz et ratatouille", "Bœuf mijoté, carottes",
    "Omelette, pommes de terre", "Sauté de porc ou de dinde, semoule", "Parmentier de poisson",
    "Saucisse ou galette végétale, lentilles", "Merlu, purée de courge", "Rôti de veau, petits pois",
)  # fmt: skip
GREEN_MAINS = (
    "Chili sans viande, riz",
    "Lasagnes aux légumes",
    "Couscous de légumes et pois chiches",
    "Gratin de pâtes, brocolis",
)
DESSERTS = (
    "Pomme", "Yaourt de la ferme", "Compote maison", "Clémentine", "Fromage et poire", "Riz au lait", "Kiwi",
    "Gâteau au yaourt", "Banane", "Crème à la vanille", "Raisin",
)  # fmt: skip


def _menus(demo: Demo, first: date) -> Iterable[Section]:
    last = _last_day(first)
    days = calendar(first, last).open_days(first, last, None, SCHOOL_DAYS)
    random = demo.random(f"menus {first:%Y-%m}")
    for number, (_, week) in enumerate(groupby(days, key=lambda day: day.isocalendar().week)):
        served = list(week)
        green = random.choice(served)
        starters, mains, desserts = (
            random.sample(dishes, len(served)) for dishes in (STARTERS, MAINS, DESSERTS)
        )
        yield Section(
            title=f"Semaine du {formats.day(served[0])}",
            head=("Jour", "Entrée", "Plat", "Dessert"),
            rows=tuple(
                (
                    formats.DAYS[day.weekday()].capitalize(),
                    starter,
                    f"{GREEN_MAINS[number % len(GREEN_MAINS)]} (sans viande)" if day == green else main,
                    dessert,
                )
                for day, starter, main, dessert in zip(served, starters, mains, desserts, strict=True)
            ),
        )
    yield Section(
        title="Bon à savoir",
        paragraphs=(
            "Le pain est bio et local. La viande de bœuf et la volaille sont d’origine française.",
            "Un menu peut changer si une livraison manque. Les allergènes sont affichés dans chaque restaurant.",
        ),
    )


# School calendar


def _calendar(demo: Demo) -> Iterable[Section]:
    year = school_year_on(demo.today)
    if year is None:
        return
    periods = list(year.holiday_periods.all())
    yield Section(
        title="Vacances, zone A",
        head=("Période", "Premier jour sans classe", "Dernier jour sans classe"),
        rows=tuple(
            (
                period.name,
                formats.day(period.first_day, year=True),
                formats.day(period.last_day, year=True),
            )
            for period in periods
        ),
    )
    known = calendar(year.starts_on, year.ends_on)
    yield Section(
        title="Jours fériés",
        head=("Jour", "Date"),
        rows=tuple(
            (name, formats.day(day, year=True))
            for day, name in sorted(known.public_holidays.items())
            if year.starts_on <= day <= year.ends_on
        ),
    )
    yield Section(
        title="La semaine",
        paragraphs=(
            "Classe les lundis, mardis, jeudis et vendredis. Le mercredi, l’accueil de loisirs ouvre à la journée.",
        ),
    )


# Rules and annual file


def _annual_file(demo: Demo) -> Iterable[Section]:
    yield Section(
        title="À quoi il sert",
        paragraphs=(
            (
                "Le dossier administratif annuel permet d’inscrire vos enfants aux activités du secteur "
                "Enfance : restauration scolaire, accueil périscolaire du matin et du soir, accueil de "
                "loisirs des mercredis et des vacances, transport scolaire. Il est à renouveler chaque "
                "année."
            ),
        ),
    )
    yield Section(
        title="Les pièces à préparer",
        items=(
            "justificatif de domicile de moins de trois mois ;",
            "attestation d’assurance scolaire et extrascolaire de l’année ;",
            "pages de vaccination du carnet de santé ;",
            "attestation de quotient familial (QF) de la CAF ou de la MSA ;",
            "en cas de séparation, la décision qui fixe la résidence de l’enfant ;",
            "en cas d’allergie ou de traitement, le projet d’accueil individualisé (PAI).",
        ),
    )
    yield Section(
        title="Les étapes",
        items=(
            "Vous remplissez le dossier dans l’Espace Famille ; il s’enregistre à chaque page.",
            "Vous joignez les pièces, en photo ou en PDF.",
            "Le service Enfance le vérifie et vous répond dans les dix jours.",
            "Dès qu’il est accepté, vous pouvez réserver.",
        ),
    )
    yield Section(
        title="Sans ordinateur",
        paragraphs=(
            "Le service Enfance vous reçoit en mairie et remplit le dossier avec vous. Téléphone : 05 57 80 81 87.",
        ),
    )


def _rules(demo: Demo) -> Iterable[Section]:
    yield Section(
        title="1. Qui peut venir",
        paragraphs=(
            (
                "Tous les enfants scolarisés dans la commune, de la petite section au CM2, dont le "
                "dossier annuel est complet. Un enfant qui n’habite pas la commune est accueilli au "
                "tarif qui lui correspond."
            ),
        ),
    )
    yield Section(
        title="2. Horaires",
        head=("Accueil", "Ouverture", "Fermeture"),
        rows=(
            ("Matin", "7 h 15", "8 h 20"),
            ("Midi (cantine)", "12 h", "13 h 50"),
            ("Soir", "16 h 30", "18 h 30"),
            ("Mercredi et vacances", "7 h 30", "18 h 30"),
        ),
    )
    yield Section(
        title="3. Réserver, changer, annuler",
        paragraphs=(
            (
                "Les réservations se font dans l’Espace Famille, pendant les périodes annoncées. La date "
                "limite pour changer ou annuler est écrite sur chaque journée. Après elle, le repas ou "
                "la journée est facturé."
            ),
        ),
    )
    yield Section(
        title="4. Absences",
        paragraphs=(
            (
                "Une absence se signale dans l’Espace Famille, ou par téléphone le matin même. Pour "
                "maladie, elle n’est pas facturée si un certificat médical est joint dans les huit jours."
            ),
        ),
    )
    yield Section(
        title="5. Santé",
        items=(
            "Un enfant fiévreux ou contagieux reste à la maison.",
            "Aucun médicament n’est donné, sauf projet d’accueil individualisé (PAI).",
            "En cas d’accident, les secours puis les parents sont appelés.",
        ),
    )
    yield Section(
        title="6. Partir avec qui",
        paragraphs=(
            (
                "L’enfant part avec ses parents ou avec une personne nommée dans le dossier, qui montre "
                "une pièce d’identité. Un enfant d’élémentaire peut partir seul si ses parents l’ont "
                "écrit."
            ),
        ),
    )
    yield Section(
        title="7. Vivre ensemble",
        paragraphs=(
            (
                "Chacun respecte les autres, les lieux et le matériel. En cas de difficulté, l’équipe "
                "rencontre les parents et cherche avec eux une solution avant toute mesure."
            ),
        ),
    )


def _plain_words(demo: Demo) -> Iterable[Section]:
    yield Section(
        title="Pourquoi ce dossier ?",
        items=(
            "Votre enfant mange à la cantine ? Il faut un dossier.",
            "Votre enfant vient au centre de loisirs ? C’est le même dossier.",
            "Le dossier est à refaire chaque année.",
        ),
    )
    yield Section(
        title="Ce qu’il faut",
        items=(
            "Un papier avec votre adresse.",
            "Le papier de l’assurance de votre enfant.",
            "Le carnet de santé de votre enfant.",
            "Le papier de la CAF avec votre quotient familial.",
        ),
    )
    yield Section(
        title="Besoin d’aide ?",
        paragraphs=("Téléphonez au 05 57 80 81 87. Une personne de la mairie remplit le dossier avec vous.",),
    )


# Money and council


def _paying(demo: Demo) -> Iterable[Section]:
    yield Section(
        title="Quand",
        paragraphs=(
            "La facture arrive au début du mois pour le mois passé. La date limite est écrite dessus.",
        ),
    )
    yield Section(
        title="Comment",
        head=("Moyen", "Où", "À savoir"),
        rows=(
            ("Carte bancaire", "Espace Famille", "Par le service de paiement de l’État, à toute heure."),
            (
                "Prélèvement",
                "Sans rien faire",
                "Mandat à signer une fois avec un relevé d’identité bancaire.",
            ),
            ("Chèque", "Par courrier ou au guichet", "À l’ordre indiqué sur la facture."),
            ("Espèces", "Au guichet", "Contre un reçu."),
            ("CESU", "Au guichet", "Pour la garde seulement, pas pour les repas."),
        ),
    )
    yield Section(
        title="Une difficulté ?",
        paragraphs=(
            "Appelez avant la date limite : le service regarde avec vous un étalement ou une aide du CCAS.",
        ),
    )


def _council(demo: Demo) -> Iterable[Section]:
    yield Section(
        title="Ce qui est décidé",
        paragraphs=(
            (
                "Le conseil municipal approuve le règlement intérieur des accueils périscolaires et de loisirs. "
                "Il s’applique dès sa publication et remplace celui de l’année passée."
            ),
        ),
    )
    yield Section(
        title="Ce qui change",
        items=(
            "Le certificat médical se joint dans les huit jours qui suivent l’absence.",
            "Un article sur la vie en commun dit comment l’équipe et les parents cherchent une solution.",
        ),
    )
    yield Section(
        title="Vote",
        head=("Pour", "Contre", "Abstention"),
        rows=(("27", "0", "2"),),
    )


# For families


def _alert(demo: Demo) -> Iterable[Section]:
    yield Section(
        title="Ce que fait l’école",
        paragraphs=(
            "Les enfants sont mis à l’abri avec leurs adultes. Chacun connaît son rôle et s’exerce.",
        ),
    )
    yield Section(
        title="Ce que vous faites",
        items=(
            "N’allez pas chercher votre enfant : vous gêneriez les secours.",
            "Ne téléphonez pas à l’école : la ligne sert aux secours.",
            "Écoutez la radio locale et lisez les messages de la mairie.",
            "Attendez la fin de l’alerte pour venir.",
        ),
    )


def _villon(demo: Demo) -> Iterable[Section]:
    yield Section(
        title="L’équipe du soir",
        items=("La responsable de l’accueil", "Quatre animatrices et animateurs", "Une aide aux leçons"),
    )
    yield Section(
        title="Les ateliers",
        head=("Jour", "Atelier", "Où"),
        rows=(
            ("Lundi", "Jeux de société", "Salle bleue"),
            ("Mardi", "Théâtre", "Préau"),
            ("Jeudi", "Jardin", "Potager"),
            ("Vendredi", "Ballon", "Cour"),
        ),
    )
