"""Reads."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.contracts.billing import BillableLine, LineComponent, Scope
from core.contracts.family import FamilyContext
from core.contracts.money import Money
from core.contracts.priced import Pace, PricedService, Use
from core.contracts.search import SearchResult
from core.kernel import clock
from core.pages.plugin_pages import live_pages
from core.pages.search import matching
from core.pricing.selectors import grid, version_for
from plugins.musique.models import TARIFF, Course, Enrolment, MusicPage, Term

SOURCE = "musique"
"""Source of the billable lines; golden, like their keys."""

UNIT = "trimestre"
BATCH = 2000

TERMS = Pace(times=3, months=10)
"""Three terms a school year."""


def courses_on(today: date) -> QuerySet[Course]:
    """Courses of the terms that are not over, the next term first. One statement."""
    return (
        Course.objects.filter(term__ends_on__gte=today)
        .select_related("term", "site")
        .order_by("term__starts_on", "weekday", "starts_at", "name")
    )


def terms_to_enrol(today: date) -> list[Term]:
    """Terms for which families may enrol, or may within a month. One statement."""
    return list(
        Term.objects.filter(
            enrolment_until__gte=today, enrolment_from__lte=today + timedelta(days=30)
        ).order_by("starts_on")
    )


def by_term(courses: Iterable[Course]) -> list[tuple[Term, list[Course]]]:
    """The same, one list a term."""
    found: dict[Term, list[Course]] = defaultdict(list)
    for course in courses:
        found[course.term].append(course)
    return list(found.items())


def page_url(request: HttpRequest) -> str:
    """Where the site shows the courses; empty while no page does. One statement."""
    page = live_pages(MusicPage.objects.all()).first()
    return (page.get_url(request) or "") if page else ""


def found(request: HttpRequest, query: str) -> list[SearchResult]:
    """Courses that answer a question, on the page of the site. Two statements."""
    url = page_url(request)
    if not url:
        return []
    courses = {course.code: course for course in courses_on(clock.today())}.values()
    return matching(
        (
            SearchResult(
                kind=_("Activités"),
                title=course.name,
                url=url,
                summary=_("Cours de l’école de musique"),
                weight=45,
            )
            for course in courses
        ),
        query,
    )


def page_context() -> dict[str, Any]:
    """What the page of the site shows: the courses, and the prices in force."""
    today = clock.today()
    version = version_for(TARIFF, today)
    prices = grid(version) if version else None
    return {
        "terms": by_term(courses_on(today)),
        "columns": prices.columns if prices else (),
        "rows": [(row.label, list(zip(prices.columns, row.cells, strict=True))) for row in prices.rows]
        if prices
        else [],
    }


def enrolments_of(family_id: UUID, *, since: date) -> list[Enrolment]:
    """A family's enrolments that hold, for the terms that end from a day on. One statement."""
    return list(
        Enrolment.objects.filter(
            family=family_id, cancelled_at__isnull=True, course__term__ends_on__gte=since
        )
        .select_related("course__term", "course__site", "child__person")
        .order_by("course__term__starts_on", "course__weekday", "course__starts_at", "pk")
    )


def sold(today: date, family: FamilyContext | None) -> list[PricedService]:
    """The term of a course, and the courses of a family. No statement, one with a family."""
    held = enrolments_of(family.id, since=today) if family else ()
    uses = tuple(
        Use(enrolment.child_id, facts={"instrument": "lent" if enrolment.instrument_lent else "own"})
        for enrolment in held
    )
    return [
        PricedService(
            code=TARIFF, label=_("École de musique"), tariff=TARIFF, pace=TERMS, uses=uses, weight=60
        )
    ]


def expected(courses: list[Course]) -> dict[UUID, list[Enrolment]]:
    """Who is enrolled in some courses, by name. One statement."""
    found: dict[UUID, list[Enrolment]] = defaultdict(list)
    rows = Enrolment.objects.filter(course__in=courses, cancelled_at__isnull=True)
    for row in rows.select_related("child__person").order_by(
        "child__person__last_name", "child__person__first_name"
    ):
        found[row.course_id].append(row)
    return found


def billing_key(child: UUID, course: str, term: date) -> str:
    """The name of a fact: enrolling again in the same term gives the same key. Golden data."""
    return f"{child}:{course}:{UNIT}:{term.isoformat()}"


def billable(scope: Scope) -> Iterator[BillableLine]:
    """Every enrolment of a month that holds, at the price stored with it. Streamed, one statement."""
    found = Enrolment.objects.filter(
        cancelled_at__isnull=True,
        service_date__gte=scope.period.first_day,
        service_date__lt=scope.period.next.first_day,
    )
    if scope.beneficiaries is not None:
        found = found.filter(child__in=scope.beneficiaries)
    for row in found.select_related("course__term").order_by("pk").iterator(chunk_size=BATCH):
        yield BillableLine(
            source=SOURCE,
            key=billing_key(row.child_id, row.course.code, row.course.term.starts_on),
            payer=row.payer_id,
            share=Fraction(1),
            beneficiary=row.child_id,
            service=SOURCE,
            site=row.course.site_id,
            service_date=row.service_date,
            label=str(row.course),
            quantity=1,
            unit=UNIT,
            components=tuple(
                LineComponent(line["kind"], line["product"], Money(line["amount_cents"]))
                for line in row.lines
            ),
            amount=Money(row.price_cents),
            explanation=row.explanation,
        )
