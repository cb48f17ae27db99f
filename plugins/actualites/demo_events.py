"""The demo's agenda: what a town of this size announces, dated from the day of the demo. Plausible, and made up."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from core.contracts.audiences import FAMILIES
from core.contracts.demo import Demo
from core.pages.audiences import joined
from core.pages.demo import scene
from core.pages.models import HomePage
from plugins.actualites.models import EventPage, EventsPage

WEEKDAYS = {"lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event on a weekday, so many weeks after that of the demo."""

    slug: str
    title: str
    lead: str
    weekday: str
    weeks: int
    place: str
    starts: time | None = None
    ends: time | None = None
    lasts: int = 1
    address: str = ""
    price: str = "Gratuit"
    text: str = ""
    scene: str = ""
    cancelled: bool = False
    for_families: bool = False

    def day(self, today: date) -> date:
        return (
            today - timedelta(days=today.weekday()) + timedelta(weeks=self.weeks, days=WEEKDAYS[self.weekday])
        )


TOWN_HALL = "42 avenue Jean Jaurès, 33530 Bassens"

HAPPENINGS = (
    Happening(
        slug="conseil-municipal",
        title="Conseil municipal",
        lead="La séance est publique. À l’ordre du jour : les tarifs des loisirs et les travaux de l’école Villon.",
        weekday="mardi",
        weeks=1,
        starts=time(18, 30),
        place="Mairie, salle du conseil",
        address=TOWN_HALL,
    ),
    Happening(
        slug="reunion-de-rentree-periscolaire",
        title="Réunion des parents délégués",
        lead="Bilan du premier trimestre à la cantine et à l’accueil du soir, avec l’équipe du service Enfance.",
        weekday="jeudi",
        weeks=0,
        starts=time(18),
        ends=time(19, 30),
        place="École élémentaire F. Villon, préau",
        for_families=True,
    ),
    Happening(
        slug="contes-du-mercredi",
        title="Contes du mercredi",
        lead="Une heure d’histoires au bord de l’eau, pour les enfants de 4 à 8 ans et ceux qui les accompagnent.",
        weekday="mercredi",
        weeks=1,
        starts=time(15, 30),
        ends=time(16, 30),
        place="Médiathèque",
        price="Gratuit, sur inscription",
        text="<p>Les contes sont lus en français, deux sont signés en langue des signes. Vingt places.</p>",
        scene="school",
    ),
    Happening(
        slug="marche-de-noel",
        title="Marché de Noël",
        lead="Trente exposants, une chorale d’enfants et un goûter sur la place, deux jours durant.",
        weekday="samedi",
        weeks=2,
        lasts=2,
        place="Place de la mairie",
        address=TOWN_HALL,
        text="<p>Les écoles tiennent un étal : ce qu’il rapporte aide à payer les classes découvertes.</p>",
        scene="square",
    ),
    Happening(
        slug="atelier-cuisine-parents-enfants",
        title="Atelier cuisine parents et enfants",
        lead="Préparer ensemble un goûter sans sucre ajouté, avec la cheffe de la cuisine centrale.",
        weekday="samedi",
        weeks=1,
        starts=time(10),
        ends=time(12),
        place="Cuisine centrale",
        price="3 € par famille",
        scene="canteen",
    ),
    Happening(
        slug="spectacle-des-ecoles",
        title="Spectacle des écoles maternelles",
        lead="Marionnettes et musique pour les enfants des écoles Bousquet et Chopin. Les parents sont les bienvenus.",
        weekday="vendredi",
        weeks=3,
        starts=time(9, 30),
        ends=time(11),
        place="Salle des fêtes",
    ),
    Happening(
        slug="collecte-de-jouets",
        title="Collecte de jouets",
        lead="Donnez un jouet en bon état : il sera réparé puis offert avant les fêtes.",
        weekday="lundi",
        weeks=0,
        lasts=12,
        place="Accueil de la mairie",
        address=TOWN_HALL,
    ),
    Happening(
        slug="balade-au-bord-de-la-garonne",
        title="Balade au bord de la Garonne",
        lead="Trois kilomètres à pied pour reconnaître les oiseaux d’hiver. Report à cause de la crue.",
        weekday="dimanche",
        weeks=0,
        starts=time(10),
        place="Départ du ponton",
        scene="river",
        cancelled=True,
    ),
    Happening(
        slug="fete-du-potiron",
        title="Fête du potiron",
        lead="Soupe à partager, jeux anciens et concours du plus gros potiron des jardins familiaux.",
        weekday="samedi",
        weeks=-5,
        starts=time(11),
        place="Jardins familiaux",
    ),
    Happening(
        slug="portes-ouvertes-accueil-de-loisirs",
        title="Portes ouvertes de l’accueil de loisirs",
        lead="Visiter les salles, rencontrer l’équipe et découvrir le programme des mercredis.",
        weekday="samedi",
        weeks=-9,
        starts=time(10),
        ends=time(12, 30),
        place="Accueil de loisirs",
    ),
)


def load(demo: Demo) -> list[str]:
    """Write the agenda if there is none; what editors changed is kept. Returns French lines."""
    if EventsPage.objects.exists():
        return []
    home = HomePage.objects.get()
    before = _morning(demo.today - timedelta(days=120))
    agenda = EventsPage(
        title="Agenda",
        slug="agenda",
        lead="Fêtes, réunions, spectacles et sorties dans la commune.",
        show_in_menus=True,
        first_published_at=before,
        last_published_at=before,
        latest_revision_created_at=before,
    )
    home.add_child(instance=agenda)
    for happening in HAPPENINGS:
        agenda.add_child(instance=_page(happening, demo.today))
    return [f"Agenda : {len(HAPPENINGS)} évènements."]


def _page(event: Happening, today: date) -> EventPage:
    first = event.day(today)
    announced = _morning(min(first, today) - timedelta(days=21))
    return EventPage(
        title=event.title,
        slug=event.slug,
        lead=event.lead,
        first_day=first,
        last_day=first + timedelta(days=event.lasts - 1) if event.lasts > 1 else None,
        starts_at=event.starts,
        ends_at=event.ends,
        place=event.place,
        address=event.address,
        price=event.price,
        picture=scene(event.scene) if event.scene else None,
        body=[("text", event.text)] if event.text else [],
        cancelled=event.cancelled,
        readers=joined([FAMILIES]) if event.for_families else "",
        first_published_at=announced,
        last_published_at=announced,
        latest_revision_created_at=announced,
    )


def _morning(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(9)))
