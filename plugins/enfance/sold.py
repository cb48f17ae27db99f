"""What this plugin sells at a tariff: its activities, how often they come, and what a family uses of them."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import ExtractIsoWeekDay, TruncMonth, TruncWeek
from django.urls import reverse
from django.utils.translation import gettext as _

from core.contracts.family import FamilyContext
from core.contracts.priced import Pace, PricedService, Use
from core.contracts.search import SearchResult
from core.pages.search import matching
from core.pricing.selectors import versions_for
from core.town.models import SchoolYear
from core.town.selectors import school_year_on
from plugins.enfance.models import Activity, Booking, Enrolment


def services(today: date, family: FamilyContext | None) -> list[PricedService]:
    """Every activity. Its pace is that of its open days of the school year. Two statements, two more with a family."""
    year = school_year_on(today)
    uses = _uses(family, year) if family else {}
    return [
        PricedService(
            code=activity.code,
            label=activity.name,
            tariff=activity.tariff,
            states=activity.tariff_facts,
            pace=Pace(activity.weeks, activity.months, activity.days) if activity.weeks else None,  # type: ignore[attr-defined]
            uses=tuple(uses.get(activity.pk, ())),
            weight=activity.position,
        )
        for activity in _with_pace(year)
    ]


def found(query: str, today: date) -> list[SearchResult]:
    """Activities that answer a question, with the way to their prices. Two statements."""
    activities = list(Activity.objects.order_by("position", "name"))
    priced = versions_for({activity.tariff for activity in activities}, {today})
    return matching(
        (
            SearchResult(
                kind=_("Activités"),
                title=activity.name,
                url=reverse("portal:grid", args=[activity.code])
                if priced.get((activity.tariff, today))
                else reverse("portal:simulator"),
                summary=_("%(name)s : réservation et prix dans l’Espace Famille.")
                % {"name": activity.short_name},
                weight=40,
            )
            for activity in activities
        ),
        query,
    )


def _with_pace(year: SchoolYear | None) -> list[Activity]:
    """Activities with the number of weeks, of months and of weekdays on which they are open that year."""
    none = Q(pk__in=[])
    held = (
        Q(sessions__date__range=(year.starts_on, year.ends_on), sessions__cancelled=False) if year else none
    )
    day = "sessions__date"
    return list(
        Activity.objects.annotate(
            weeks=Count(TruncWeek(day), distinct=True, filter=held),
            months=Count(TruncMonth(day), distinct=True, filter=held),
            days=Count(ExtractIsoWeekDay(day), distinct=True, filter=held),
        ).order_by("position", "name")
    )


def _uses(family: FamilyContext, year: SchoolYear | None) -> dict[UUID, list[Use]]:
    """By activity, the children who are enrolled from today on, eldest first, at the rhythm of their bookings."""
    enrolled = set(
        Enrolment.objects.filter(
            family=family.id, valid_to__gte=family.today, child__in=[child.id for child in family.children]
        ).values_list("activity", "child")
    )
    rhythm = _rhythm(family, year) if year else {}
    found: dict[UUID, list[Use]] = defaultdict(list)
    for child in family.children:
        for activity in {activity for activity, of in enrolled if of == child.id}:
            found[activity].append(Use(child.id, rhythm.get((activity, child.id), 1)))
    return found


def _rhythm(family: FamilyContext, year: SchoolYear) -> dict[tuple[UUID, UUID], int]:
    """Booked days in a usual week: those of the year over the weeks that have one."""
    rows = (
        Booking.objects.filter(
            family__in=family.ids,
            cancelled_at__isnull=True,
            session__date__range=(year.starts_on, year.ends_on),
        )
        .order_by()
        .values_list("session__activity", "child")
        .annotate(days=Count("pk"), weeks=Count(TruncWeek("session__date"), distinct=True))
    )
    return {(activity, child): max(1, round(days / weeks)) for activity, child, days, weeks in rows}
