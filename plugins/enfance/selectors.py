"""Reads of enfance other than the offers of a family."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    F,
    Field,
    FilteredRelation,
    Max,
    Min,
    Q,
    QuerySet,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast

from core.backoffice.reach import within
from core.contracts.audiences import Audience
from core.contracts.billing import BillableLine, LineComponent, Scope
from core.contracts.family import FamilyContext
from core.contracts.money import ZERO, Money
from core.contracts.town import ChangedDay
from core.families.selectors.custody import custody_of
from core.kernel import clock, state
from core.town.models import Contact
from plugins.enfance.models import Activity, Booking, BookingWindow, Enrolment, Session
from plugins.enfance.offers import Choice, Offer
from plugins.enfance.shares import split

SOURCE = "enfance"
"""Source of the billable lines; golden, like their keys."""

BATCH = 2000

NEXT_DAYS = 14
"""How far a parent's home tells the booked days."""


@dataclass(frozen=True, slots=True)
class Booked:
    """An active booking of a child for a session."""

    id: int
    family: UUID
    price_cents: int
    explanation: str


def booked(*, children: Collection[UUID], sessions: Collection[UUID]) -> dict[Choice, Booked]:
    """The active bookings of some children among some sessions, whichever family booked them. One statement."""
    rows = Booking.objects.filter(session__in=sessions, child__in=children, cancelled_at__isnull=True)
    return {
        (child, session): Booked(pk, family, price_cents, explanation)
        for pk, child, session, family, price_cents, explanation in rows.values_list(
            "pk", "child_id", "session_id", "family_id", "price_cents", "explanation"
        )
    }


def away_from(family: FamilyContext, offered: Iterable[Offer]) -> frozenset[Choice]:
    """The offers of days on which the child lives in another family. No statement unless a child has two homes."""
    shared = {child.id for child in family.children if child.shared}
    concerned = [offer for offer in offered if offer.child in shared]
    homes = custody_of(shared, {offer.day for offer in concerned})
    return frozenset(offer.key for offer in concerned if homes[offer.child, offer.day] != family.id)


@dataclass(frozen=True, slots=True)
class Bounds:
    """First and last days for which a family has sessions."""

    first: date
    last: date


def bounds(family: FamilyContext) -> Bounds | None:
    """From when to when the family's enrolments have sessions; None when there is none. One statement."""
    found = Session.objects.filter(
        activity__enrolments__family=family.id,
        activity__enrolments__site=F("site"),
        activity__enrolments__valid_from__lte=F("date"),
        activity__enrolments__valid_to__gte=F("date"),
    ).aggregate(first=Min("date"), last=Max("date"))
    return Bounds(found["first"], found["last"]) if found["first"] else None


def windows(family: FamilyContext, now: datetime) -> list[BookingWindow]:
    """The windows of the family's activities that are not closed yet, the next to close first. One statement."""
    found = BookingWindow.objects.filter(
        activity__enrolments__family=family.id,
        activity__enrolments__valid_to__gte=F("first_day"),
        activity__enrolments__valid_from__lte=F("last_day"),
        closes_at__gt=now,
    )
    return list(found.distinct().order_by("closes_at", "first_day"))


def contact(service: str) -> Contact | None:
    """Whom to call about a service. One statement."""
    return Contact.objects.filter(service__code=service).exclude(phone="").first()


@dataclass(frozen=True, slots=True)
class Window:
    """A booking window as a family thinks of it: the activities that it opens together, their names in order."""

    id: UUID
    name: str
    first_day: date
    last_day: date
    opens_at: datetime
    closes_at: datetime
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """A booked day to come, as a parent's home tells it."""

    day: date
    child: str
    activity: str


@dataclass(frozen=True, slots=True)
class _Joined:
    """An enrolment that is not over: its activity, and a window of it that is not closed (one row a window)."""

    valid_from: date
    valid_to: date
    activity: UUID
    name: str
    position: int
    window: UUID | None
    window_name: str | None
    first_day: date | None
    last_day: date | None
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Home:
    joined: list[_Joined]
    coming: list[Coming]


def _home(family: FamilyContext) -> _Home:
    """What a parent's home needs of a family, for its panels, its reminders and what is reserved for it: one statement
    for all of them, once a request. Both kinds of rows have the same columns."""
    return state.once(("enfance.home", family), lambda: _read_home(family))


def _nothing(kind: Field[Any, Any]) -> Cast:
    """A column without a value, of the type that the other rows have there: PostgreSQL asks."""
    return Cast(Value(None), output_field=kind)


def _read_home(family: FamilyContext) -> _Home:
    children = [child.id for child in family.children]
    window: dict[str, Field[Any, Any]] = {
        "window": UUIDField(),
        "window_name": CharField(),
        "first_day": DateField(),
        "last_day": DateField(),
        "opens_at": DateTimeField(),
        "closes_at": DateTimeField(),
    }
    columns = ("starts", "ends", "what", "name", "position", *window, "child_name", "birth")
    joined = Enrolment.objects.filter(
        family__in=family.ids, child__in=children, valid_to__gte=family.today
    ).annotate(
        ahead=FilteredRelation(
            "activity__windows", condition=Q(activity__windows__closes_at__gt=clock.now())
        ),
        starts=F("valid_from"),
        ends=F("valid_to"),
        what=F("activity_id"),
        name=F("activity__name"),
        position=F("activity__position"),
        window=F("ahead__pk"),
        window_name=F("ahead__name"),
        first_day=F("ahead__first_day"),
        last_day=F("ahead__last_day"),
        opens_at=F("ahead__opens_at"),
        closes_at=F("ahead__closes_at"),
        child_name=_nothing(CharField()),
        birth=_nothing(DateField()),
    )
    booked = Booking.objects.filter(
        family=family.id,
        child__in=children,
        cancelled_at__isnull=True,
        session__date__gte=family.today,
        session__date__lt=family.today + timedelta(days=NEXT_DAYS),
    ).annotate(
        starts=F("session__date"),
        ends=F("session__date"),
        what=F("session__activity_id"),
        name=F("session__activity__short_name"),
        position=F("session__activity__position"),
        **{column: _nothing(kind) for column, kind in window.items()},
        child_name=F("child__person__first_name"),
        birth=F("child__person__birth_date"),
    )
    rows = (
        joined.order_by()
        .values_list(*columns)
        .distinct()
        .union(booked.order_by().values_list(*columns), all=True)
    )
    found = _Home([], [])
    for *facts, name, _birth in sorted(rows, key=lambda row: (row[0], row[4], str(row[2]), str(row[-1]))):
        if name is None:
            found.joined.append(_Joined(*facts))
        else:
            found.coming.append(Coming(facts[0], name, facts[3]))
    found.joined.sort(key=lambda row: (row.position, str(row.activity)))
    return found


def audiences(family: FamilyContext | None) -> list[Audience]:
    """The families of each activity, or the activities in which a family's children are enrolled. One statement."""
    if family is None:
        known = Activity.objects.values_list("pk", "name", "position")
    else:
        known = dict.fromkeys((row.activity, row.name, row.position) for row in _home(family).joined)  # type: ignore[assignment]
    return [Audience(key=f"activity:{pk}", label=name, weight=position) for pk, name, position in known]


def windows_ahead(family: FamilyContext, *, days: int) -> list[Window]:
    """The windows that are open for a family, or open within some days, the first to close first. What several
    activities open together is one. One statement."""
    horizon = family.today + timedelta(days=days)
    together: dict[tuple[Any, ...], list[_Joined]] = defaultdict(list)
    for row in _home(family).joined:
        if row.window is None or row.first_day is None or row.last_day is None or row.opens_at is None:
            continue
        opens = row.opens_at.astimezone(clock.PARIS).date()
        if opens <= horizon and row.valid_from <= row.last_day and row.first_day <= row.valid_to:
            fact = (row.closes_at, row.first_day, row.last_day, row.opens_at, row.window_name)
            together[fact].append(row)
    return [
        Window(
            id=min((row.window for row in rows if row.window), key=str),
            name=name,
            first_day=first_day,
            last_day=last_day,
            opens_at=opens_at,
            closes_at=closes_at,
            activities=tuple(dict.fromkeys(row.name for row in rows)),
        )
        for (closes_at, first_day, last_day, opens_at, name), rows in sorted(together.items())
    ]


# Panels --------------------------------------------------------------------------------------------------------------


def next_days(family: FamilyContext) -> list[tuple[date, list[Coming]]]:
    """The family's booked days from today on, over `NEXT_DAYS` days."""
    return [(day, list(found)) for day, found in groupby(_home(family).coming, key=lambda coming: coming.day)]


def enrolments(user: Any, family_id: UUID, today: date) -> list[Enrolment]:
    """A family's enrolments that are not over, where an agent reaches them. One statement."""
    return list(
        enrolments_for(user)
        .filter(family=family_id, valid_to__gte=today)
        .select_related("child__person", "activity", "site")
        .order_by("child__person__birth_date", "activity__position")
    )


def enrolled_now(family: FamilyContext) -> list[Enrolment]:
    """The enrolments of a family's children that are not over, eldest first. One statement."""
    return list(
        Enrolment.objects.filter(
            family__in=family.ids,
            child__in=[child.id for child in family.children],
            valid_to__gte=family.today,
        )
        .select_related("child__person", "activity", "site")
        .order_by("child__person__birth_date", "activity__position", "valid_from", "pk")
    )


def upcoming(user: Any, family_id: UUID, today: date, *, since: int) -> list[Booking]:
    """A family's active bookings that an agent reaches, from `since` days ago on: what may still be taken off. One
    statement."""
    first = date.fromordinal(today.toordinal() - since)
    found = _of_family(bookings_for(user), family_id, first)
    return list(found.order_by("session__date", "child__person__birth_date"))


def _of_family(bookings: QuerySet[Booking], family_id: UUID, first: date) -> QuerySet[Booking]:
    return bookings.filter(
        family=family_id, cancelled_at__isnull=True, session__date__gte=first
    ).select_related("session__activity", "session__site", "child__person")


def sessions_for(user: Any, permission: str = "enfance.view_session") -> QuerySet[Session]:
    """The sessions that an agent reaches."""
    return within(user, permission, Session.objects.all(), site="site", service="activity__service")


def bookings_for(user: Any, permission: str = "enfance.view_booking") -> QuerySet[Booking]:
    """The bookings that an agent reaches."""
    return within(
        user, permission, Booking.objects.all(), site="session__site", service="session__activity__service"
    )


def enrolments_for(user: Any, permission: str = "enfance.view_enrolment") -> QuerySet[Enrolment]:
    """The enrolments that an agent reaches."""
    return within(user, permission, Enrolment.objects.all(), site="site", service="activity__service")


def open_on(user: Any, days: Iterable[ChangedDay]) -> list[Session]:
    """The sessions that stand on changed days, where an agent reaches them, in order. One statement."""
    by_site: dict[UUID | None, set[date]] = defaultdict(set)
    for changed in days:
        by_site[changed.site].add(changed.day)
    here = Q(pk__in=())
    for site, dates in by_site.items():
        here |= Q(date__in=dates, site=site) if site else Q(date__in=dates)
    found = sessions_for(user).filter(here, cancelled=False).select_related("activity", "site")
    return list(found.order_by("date", "activity__position", "site__name", "unit"))


def families_at(sites: frozenset[UUID], today: date) -> QuerySet[Any, Any]:
    """Identifiers of the families of children who are enrolled on some sites, now or later."""
    return Enrolment.objects.filter(site__in=sites, valid_to__gte=today).values("family")


def sessions_of(user: Any, day: date) -> QuerySet[Session]:
    """The sessions of a day that an agent reaches, ready to be listed."""
    return (
        sessions_for(user)
        .filter(date=day)
        .select_related("activity", "site")
        .order_by("activity__position", "site__name", "unit")
    )


def expected(session: Session) -> list[Booking]:
    """The children booked for a session, by name. One statement."""
    return list(
        session.bookings.filter(cancelled_at__isnull=True)
        .select_related("child__person", "family", "booked_by")
        .order_by("child__person__last_name", "child__person__first_name")
    )


def next_open_day(sessions: QuerySet[Session], today: date) -> date | None:
    """The first day with one of these sessions from today on. One statement."""
    return sessions.filter(date__gte=today, cancelled=False).aggregate(day=Min("date"))["day"]


# Billing -------------------------------------------------------------------------------------------------------------


def billing_key(child: UUID, activity: str, unit: str, day: date) -> str:
    """The name of a fact: ticking the same day again gives the same key. Golden data."""
    return f"{child}:{activity}:{unit}:{day.isoformat()}"


def billable(scope: Scope) -> Iterator[BillableLine]:
    """Every booked day of a month, one line a payer, at the price stored with the booking. Streamed, one statement."""
    found = Booking.objects.filter(
        cancelled_at__isnull=True,
        session__date__gte=scope.period.first_day,
        session__date__lt=scope.period.next.first_day,
    )
    if scope.beneficiaries is not None:
        found = found.filter(child__in=scope.beneficiaries)
    rows = found.order_by("pk", "shares__payer_id").values_list(
        "pk",
        "child_id",
        "session__activity__code",
        "session__unit",
        "session__date",
        "session__activity__name",
        "session__activity__service",
        "session__site_id",
        "lines",
        "explanation",
        "payer_id",
        "shares__payer_id",
        "shares__weight",
    )
    for _pk, group in groupby(rows.iterator(chunk_size=BATCH), key=lambda row: row[0]):
        parts = list(group)
        _, child, activity, unit, day, name, service, site, lines, explanation, payer, *_ = parts[0]
        payers = [(row[11], row[12]) for row in parts if row[11]] or [(payer, 1)]
        whole = sum(weight for _payer, weight in payers)
        amounts = split(
            [Money(line["amount_cents"]) for line in lines], [weight for _payer, weight in payers]
        )
        for (owes, weight), mine in zip(payers, amounts, strict=True):
            yield BillableLine(
                source=SOURCE,
                key=billing_key(child, activity, unit, day),
                payer=owes,
                share=Fraction(weight, whole),
                beneficiary=child,
                service=service,
                site=site,
                service_date=day,
                label=name,
                quantity=1,
                unit=unit,
                components=tuple(
                    LineComponent(line["kind"], line["product"], amount)
                    for line, amount in zip(lines, mine, strict=True)
                ),
                amount=sum(mine, ZERO),
                explanation=explanation,
            )
