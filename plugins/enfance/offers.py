"""What the children of a family may book: one statement, one row a child and session, whatever the size of the town."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from core.contracts.family import FamilyContext
from core.pricing.models import TariffVersion
from plugins.enfance.models import Activity, BookingRule, BookingWindow, Session
from plugins.enfance.rules import CutOff, OpenDayBefore, Terms, Whose, Window, cut_off

Choice = tuple[UUID, UUID]
"""A child and a session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One session of an activity that a child is enrolled in, with all that decides about it.

    `tariff_version` is the id of the version in force that day, None without a tariff; `tariff_facts` are what the
    activity states to it.
    """

    child: UUID
    session: UUID
    activity: str
    activity_name: str
    short_name: str
    service: str
    site: UUID
    unit: str
    terms: Terms
    capacity: int
    taken: int
    tariff_version: UUID | None
    tariff_facts: Mapping[str, Any]

    @property
    def key(self) -> Choice:
        return self.child, self.session

    @property
    def day(self) -> date:
        return self.terms.day

    def at(self, session: Session) -> "Offer":
        """The same offer with the places and the state of the session as it is now."""
        closed = session.cancel_reason if session.cancelled else None
        terms = replace(self.terms, closed=closed)
        return replace(self, terms=terms, capacity=session.capacity, taken=session.taken)


def offers(
    family: FamilyContext,
    *,
    days: tuple[date, date] | None = None,
    sessions: Collection[UUID] | None = None,
) -> dict[Choice, Offer]:
    """The sessions that the family's children are enrolled for, between two days or among some ids. One statement.

    In order of day, activity and child (eldest first).
    """
    found = Session.objects.all()
    if days is not None:
        found = found.filter(date__range=days)
    if sessions is not None:
        found = found.filter(pk__in=sessions)
    enrolled = found.filter(
        activity__enrolments__family=family.id,
        activity__enrolments__child__in=[child.id for child in family.children],
        activity__enrolments__site=F("site"),
        activity__enrolments__valid_from__lte=F("date"),
        activity__enrolments__valid_to__gte=F("date"),
    ).annotate(child=F("activity__enrolments__child"))
    rank = {child.id: position for position, child in enumerate(family.children)}
    rows = sorted(
        _with_terms(enrolled),
        key=lambda row: (row["date"], row["activity__position"], row["activity__code"], rank[row["child"]]),
    )
    return {(row["child"], row["pk"]): _offer(row) for row in rows}


def _with_terms(sessions: QuerySet[Session]) -> Iterable[Mapping[str, Any]]:
    """Each session with the rule, the window, the tariff and the open days that hold for its date."""
    rules = BookingRule.objects.filter(activity=OuterRef("activity"), valid_from__lte=OuterRef("date"))
    windows = BookingWindow.objects.filter(
        activity=OuterRef("activity"), first_day__lte=OuterRef("date"), last_day__gte=OuterRef("date")
    ).order_by("first_day")
    tariffs = TariffVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("date")),
        code=OuterRef("activity__tariff"),
        status=TariffVersion.Status.PUBLISHED,
        valid_from__lte=OuterRef("date"),
    )
    return sessions.order_by().annotate(
        cut_off=Subquery(rules.order_by("-valid_from").values("cut_off")[:1]),
        opens_at=Subquery(windows.values("opens_at")[:1]),
        closes_at=Subquery(windows.values("closes_at")[:1]),
        tariff_version=Subquery(tariffs.order_by("-valid_from").values("pk")[:1]),
        open_before_activity=_open_before_activity(),
        open_before_service=_open_before_service(),
    ).values(
        "pk", "child", "date", "unit", "site_id", "capacity", "taken", "cancelled", "cancel_reason",
        "activity__code", "activity__name", "activity__short_name", "activity__service", "activity__position",
        "activity__by_window", "activity__tariff_facts",
        "cut_off", "opens_at", "closes_at", "tariff_version", "open_before_activity", "open_before_service",
    )  # fmt: skip


def _open_before_activity() -> Subquery:
    """The last day before the session's on which its activity was open at its site."""
    earlier = Session.objects.filter(
        activity=OuterRef("activity"), site=OuterRef("site"), date__lt=OuterRef("date"), cancelled=False
    )
    return Subquery(earlier.order_by("-date").values("date")[:1])


def _open_before_service() -> Subquery:
    """The same for any activity of the service: one look in an index for each of its activities."""
    earlier = Session.objects.filter(
        activity=OuterRef("pk"), date__lt=OuterRef(OuterRef("date")), cancelled=False
    )
    last = Activity.objects.filter(service=OuterRef("activity__service")).annotate(
        day=Subquery(earlier.order_by("-date").values("date")[:1])
    )
    return Subquery(last.order_by(F("day").desc(nulls_last=True)).values("day")[:1])


def _offer(row: Mapping[str, Any]) -> Offer:
    day: date = row["date"]
    window = Window(row["opens_at"], row["closes_at"]) if row["opens_at"] else None
    return Offer(
        child=row["child"],
        session=row["pk"],
        activity=row["activity__code"],
        activity_name=row["activity__name"],
        short_name=row["activity__short_name"],
        service=row["activity__service"],
        site=row["site_id"],
        unit=row["unit"],
        terms=Terms(
            day=day,
            closed=(row["cancel_reason"] or "") if row["cancelled"] else None,
            by_window=row["activity__by_window"],
            window=window,
            deadline=_cut_off(json.dumps(row["cut_off"])).deadline(day, _open_days(row))
            if row["cut_off"]
            else None,
        ),
        capacity=row["capacity"],
        taken=row["taken"],
        tariff_version=row["tariff_version"],
        tariff_facts=row["activity__tariff_facts"],
    )


def _open_days(row: Mapping[str, Any]) -> OpenDayBefore:
    """The previous open day of the row's own day, as the database found it."""

    def before(day: date, whose: Whose) -> date | None:
        found: date | None = row[f"open_before_{whose}"]
        return found

    return before


@lru_cache(maxsize=256)
def _cut_off(document: str) -> CutOff:
    return cut_off(json.loads(document))
