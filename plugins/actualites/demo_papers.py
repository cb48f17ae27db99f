"""The demo's documents: four small PDF files made from the town's own calendar and from plausible rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document of the list; `pdf()` makes its file."""

    key: str
    title: str
    description: str
    days_ago: int
    pdf: Callable[[], bytes] = field(repr=False)


def papers(demo: Demo) -> tuple[Paper, ...]:
    """The documents in the order of the list. Nothing is made before `pdf()` is called."""
    month = formats.month(menus_month(demo.today))
    year = school_year_on(demo.today)
    name = year.name if year else str(demo.today.year)
    return (
        _paper(
            demo,
            "menus",
            f"Menus de la cantine, {month}",
            "Les repas servis dans les quatre écoles, jour par jour.",
            5,
            _menus,
        ),
        _paper(
            demo,
            "dossier",
            f"Dossier annuel {name} : mode d’emploi",
            "Les pièces à préparer et les étapes, avant de commencer.",
            34,
            _annual_file,
        ),
        _paper(
            demo,
            "reglement",
            "Règlement intérieur des accueils périscolaires et de loisirs",
            "Inscription, horaires, absences, santé : les règles de la vie en commun.",
            41,
            _rules,
        ),
        _paper(
            demo,
            "calendrier",
            f"Calendrier scolaire {name}",
            "Vacances de la zone A et jours fériés de l’année.",
            75,
            _calendar,
        ),
    )


def _paper(
    demo: Demo,
    key: str,
    title: str,
    description: str,
    days_ago: int,
    sections: Callable[[Demo], Iterable[Section]],
) -> Paper:
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

    return Paper(key=key, title=title, description=description, days_ago=days_ago, pdf=pdf)


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


def _menus(demo: Demo) -> Iterable[Section]:
    first = menus_month(demo.today)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    days = calendar(first, last).open_days(first, last, None, SCHOOL_DAYS)
    random = demo.random("menus")
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
