"""The demo's part: a term that has begun with the month that is not billed yet, the next one open. Twice is once.

The prices are no town's: they are invented.
"""

import json
from datetime import date, time, timedelta
from importlib.resources import files

from django.db import transaction
from django.utils.translation import gettext as _

from core.contracts.billing import Period
from core.contracts.demo import Demo
from core.families.models import Family
from core.families.selectors import context_for_agent
from core.pages.models import HomePage
from core.pricing.services import import_tariff, publish
from core.ui.formats import month as month_words
from plugins.musique.models import Course, Enrolment, MusicPage, Term
from plugins.musique.services import Refused, enrol

COURSES = (
    ("eveil", "Éveil musical", "Chanter, bouger, écouter, de 4 à 6 ans.", Course.Day.WEDNESDAY, 10, 15),
    ("piano", "Piano", "Une demi-heure à deux, et le solfège.", Course.Day.MONDAY, 17, 6),
    ("guitare", "Guitare", "En petit groupe, dès 8 ans.", Course.Day.TUESDAY, 17, 8),
    ("violon", "Violon", "Une demi-heure seul, et le solfège.", Course.Day.THURSDAY, 17, 4),
    ("orchestre", "Orchestre des jeunes", "Pour qui joue depuis deux ans.", Course.Day.SATURDAY, 10, 30),
)
LATE = timedelta(days=20)
"""Enrolments stay open this long after the term begins."""

FAMILIES = 24


@transaction.atomic
def load(demo: Demo) -> list[str]:
    """Write what is missing. Returns French lines."""
    if Term.objects.exists():
        return [_("École de musique : déjà là.")]
    document = files("plugins.musique").joinpath("tariffs", "ecole-de-musique.json").read_text("utf-8")
    publish(version=import_tariff(document=json.loads(document)))
    begun = Period.of(demo.today).previous.first_day
    following = _after(begun, 3)
    for first in (begun, following):
        _term(first)
    _write_page()
    _enrol(demo, begun)
    count = Enrolment.objects.count()
    words = {"courses": Course.objects.count(), "enrolments": count}
    return [_("École de musique : %(courses)d cours, %(enrolments)d inscriptions.") % words]


def _after(first: date, months: int) -> date:
    period = Period(first)
    for _step in range(months):
        period = period.next
    return period.first_day


def _term(first: date) -> None:
    last = _after(first, 3) - timedelta(days=1)
    term = Term.objects.create(
        name=f"{month_words(first).capitalize()} à {month_words(last)}",
        starts_on=first,
        ends_on=last,
        enrolment_from=first - timedelta(days=60),
        enrolment_until=first + LATE,
    )
    Course.objects.bulk_create(
        Course(
            term=term,
            code=code,
            name=name,
            description=description,
            weekday=weekday,
            starts_at=time(hour),
            ends_at=time(hour + 1),
            capacity=capacity,
        )
        for code, name, description, weekday, hour, capacity in COURSES
    )


def _write_page() -> None:
    if not MusicPage.objects.exists():
        page = MusicPage(
            title="École de musique",
            slug="ecole-de-musique",
            lead="Apprendre un instrument dès quatre ans, au prix de votre quotient familial.",
            show_in_menus=True,
        )
        HomePage.objects.get().add_child(instance=page)


def _enrol(demo: Demo, begun: date) -> None:
    """The eldest child of some families, `parent`'s among them, two weeks before the term begins."""
    rng = demo.random("musique")
    day = begun - timedelta(days=14)
    courses = list(Course.objects.filter(term__starts_on=begun).select_related("term"))
    known = Family.objects.filter(guardians__person__user__username="parent").values_list("pk", flat=True)
    others = list(Family.objects.exclude(pk__in=known).order_by("name", "pk").values_list("pk", flat=True))
    for position, family_id in enumerate([*known, *rng.sample(others, min(FAMILIES, len(others)))]):
        family = context_for_agent(family_id, day)
        if family is None or not family.children:
            continue
        try:
            enrol(
                course=courses[0] if position == 0 else rng.choice(courses),
                child=family.children[0].id,
                family=family,
                instrument_lent=position == 0 or rng.random() < 0.3,
                actor=None,
            )
        except Refused:
            continue  # the course is full
