"""What the rest reads of the town."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    DateField,
    F,
    PositiveSmallIntegerField,
    TimeField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat

from core.kernel import state
from core.town.calendar import (
    ClosureSpan,
    DayKind,
    HolidaySpan,
    SchoolCalendar,
    SchoolYearSpan,
    days_between,
)
from core.town.hours import AHEAD, HoursLine, OpenState, in_words, open_state
from core.town.models import (
    Closure,
    Contact,
    HolidayPeriod,
    OpeningHours,
    PublicHoliday,
    SchoolYear,
    Service,
    Site,
)

LOOK_BACK = timedelta(days=100)
"""Longer than a summer: the last open day before a first day of class is always within it."""

LOOK_AHEAD = 14
"""Days off are told two weeks before."""


# Calendar


def calendar(first: date, last: date) -> SchoolCalendar:
    """The calendar from `first` to `last`, and the days `previous_open_day` needs before. Four statements."""
    first -= LOOK_BACK
    years = SchoolYear.objects.filter(starts_on__lte=last, ends_on__gte=first).prefetch_related(
        "holiday_periods"
    )
    holidays = PublicHoliday.objects.filter(date__gte=first, date__lte=last)
    closures = Closure.objects.filter(first_day__lte=last, last_day__gte=first)
    return SchoolCalendar(
        first=first,
        last=last,
        years=tuple(_year_span(year) for year in years),
        public_holidays=dict(holidays.values_list("date", "name")),
        closures=tuple(
            ClosureSpan(
                site=row.site_id,
                first=row.first_day,
                last=row.last_day,
                kind=DayKind(row.kind),
                reason=row.reason,
            )
            for row in closures
        ),
    )


def _year_span(year: SchoolYear) -> SchoolYearSpan:
    return SchoolYearSpan(
        name=year.name,
        first=year.starts_on,
        last=year.ends_on,
        school_weekdays=frozenset(int(digit) for digit in year.school_weekdays),
        holidays=tuple(
            HolidaySpan(
                name=period.name,
                first=period.first_day,
                last=period.last_day,
                is_bridge=period.kind == HolidayPeriod.Kind.BRIDGE,
            )
            for period in year.holiday_periods.all()
        ),
    )


def school_year_on(day: date) -> SchoolYear | None:
    """The school year of that day; a day of summer belongs to the year it ends."""
    return SchoolYear.objects.filter(starts_on__lte=day, ends_on__gte=day).first()


def next_holidays(after: date) -> HolidayPeriod | None:
    """The first school holidays that begin after that day, bridges apart."""
    return (
        HolidayPeriod.objects.filter(first_day__gt=after, kind=HolidayPeriod.Kind.HOLIDAYS)
        .select_related("school_year")
        .first()
    )


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days that are not ordinary ones, both included. `site` is None for the whole town; `kind` is that of the day.
    `of_schools`: holidays and bridges of the schools, when the rest of the town works."""

    first: date
    last: date
    kind: DayKind
    label: str
    site: UUID | None = None
    of_schools: bool = False


def days_off(first: date, last: date) -> list[DaysOff]:
    """Holidays, bridges, public holidays and closures between two days, in order. One statement."""
    columns = ("first_day", "last_day", "sort", "label", "where")
    closures, *of_town = (spans.values_list(*columns) for spans in _spans(first, last))
    return sorted((_off(*row) for row in closures.union(*of_town, all=True)), key=_in_order)


OF_SCHOOLS = "schools:"
"""Before the kind of the days that come from the school calendar, in what the union reads."""


def _off(first: date, last: date, sort: str, label: str, site: UUID | None) -> DaysOff:
    kind = sort.removeprefix(OF_SCHOOLS)
    known = DayKind.HOLIDAY if kind == HolidayPeriod.Kind.HOLIDAYS else DayKind(kind)
    return DaysOff(first, last, known, label, site, sort != kind)


def _in_order(span: DaysOff) -> tuple[date, date, str]:
    return span.first, span.last, span.label


def _spans(first: date, last: date) -> tuple[Any, ...]:
    """The three tables of days off between two days, with the same columns."""
    nowhere = Cast(Value(None), UUIDField())
    closures = Closure.objects.filter(first_day__lte=last, last_day__gte=first).annotate(
        label=F("reason"), where=F("site_id"), sort=F("kind")
    )
    holidays = HolidayPeriod.objects.filter(first_day__lte=last, last_day__gte=first).annotate(
        label=F("name"), where=nowhere, sort=Concat(Value(OF_SCHOOLS), F("kind"))
    )
    feasts = PublicHoliday.objects.filter(date__gte=first, date__lte=last).annotate(
        first_day=F("date"),
        last_day=F("date"),
        sort=Value(DayKind.PUBLIC_HOLIDAY.value),
        label=F("name"),
        where=nowhere,
    )
    return tuple(rows.order_by() for rows in (closures, holidays, feasts))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


# Places


def schools(*, today: date) -> list[Site]:
    """The schools open on that day, by name."""
    return list(Site.objects.open_on(today).filter(kind__in=Site.SCHOOL_KINDS))


# How to reach the town hall


@dataclass(frozen=True, slots=True)
class ContactCard:
    """One way to reach somebody, ready to print. Empty texts are absent facts; `tel` is a `tel:` address. `state` is
    known where hours are and when the hour was asked for."""

    id: UUID
    label: str
    phone: str
    tel: str
    email: str
    note: str
    hours: tuple[HoursLine, ...]
    state: OpenState | None = None


@dataclass(frozen=True, slots=True)
class DayOff:
    """Days on which a place is closed although it has hours then; both ends included."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True, slots=True)
class ContactGroup:
    """A service or a site, where it is, when it is open, and its contacts in order.

    `key` names it in an address or in a page: « service:enfance », « site:maternelle-chopin ». `days_off` are those of
    the coming days.
    """

    key: str
    name: str
    role: str
    place: str
    address: str
    hours: tuple[HoursLine, ...]
    contacts: tuple[ContactCard, ...]
    state: OpenState | None = None
    days_off: tuple[DayOff, ...] = ()

    @property
    def any_hours(self) -> bool:
        return bool(self.hours) or any(contact.hours for contact in self.contacts)


@dataclass(frozen=True, slots=True)
class HelpContacts:
    """« Une question ? Besoin d’aide ? » of the leaflet: the services, then the sites that have a contact."""

    services: tuple[ContactGroup, ...]
    sites: tuple[ContactGroup, ...]

    def __bool__(self) -> bool:
        return bool(self.services or self.sites)

    def group(self, key: str) -> ContactGroup | None:
        return next((group for group in (*self.services, *self.sites) if group.key == key), None)

    @property
    def with_email(self) -> tuple[tuple[ContactGroup, ContactCard], ...]:
        """To whom one may write."""
        groups = (*self.services, *self.sites)
        return tuple((group, card) for group in groups for card in group.contacts if card.email)


def contact_choices() -> list[tuple[str, str]]:
    """Keys and names of what has a card: what an editor chooses from. Two statements."""
    services = Service.objects.filter(contacts__isnull=False).distinct().values_list("code", "name")
    sites = Site.objects.filter(contacts__isnull=False).distinct().values_list("code", "name")
    return [
        *((f"service:{code}", name) for code, name in services),
        *((f"site:{code}", name) for code, name in sites),
    ]


def help_contacts(*, today: date, now: datetime | None = None) -> HelpContacts:
    """Whom one may call or write to on that day. Two statements, however many contacts.

    With `now` (time of Paris), also what is open at that moment, and the days off to come.
    """
    known = around(today)
    off = [
        (span.site, DayOff(span.first, span.last, span.label))
        for span in known.days_off
        if not span.of_schools and span.last >= today
    ]
    desk = _Desk(now, known.hours, off if now and known.hours else [])
    services: dict[Service, list[ContactCard]] = defaultdict(list)
    sites: dict[Site, list[ContactCard]] = defaultdict(list)
    for contact in Contact.objects.select_related("service__site", "site"):
        place = contact.site or (contact.service.site if contact.service else None)
        card = _card(contact, desk, place)
        if contact.service and (place is None or place.is_open_on(today)):
            services[contact.service].append(card)
        elif contact.site and contact.site.is_open_on(today):
            sites[contact.site].append(card)
    return HelpContacts(
        services=tuple(
            _group(service, service.site, desk, cards)
            for service, cards in sorted(services.items(), key=_by_name)
        ),
        sites=tuple(_group(site, site, desk, cards) for site, cards in sorted(sites.items(), key=_by_name)),
    )


def _by_name(found: tuple[Service | Site, list[ContactCard]]) -> str:
    return found[0].name


@dataclass(frozen=True, slots=True)
class Around:
    """What decides of who answers: the hours of each owner (contact, service, site), and the days off around a day."""

    hours: Mapping[UUID, list[tuple[int, time, time]]]
    days_off: list[DaysOff]


def around(today: date) -> Around:
    """From the Monday of that day to the days to come. One statement, once for a request."""
    return state.once(("town.around", today), lambda: _around(today))


def _around(today: date) -> Around:
    columns = ("whose", "weekday", "opens", "closes", "first_day", "last_day", "sort", "label")
    no_day, no_hour = Cast(Value(None), DateField()), Cast(Value(None), TimeField())
    rows = (
        OpeningHours.objects.order_by()
        .annotate(
            whose=Coalesce("contact", "service", "site"),
            first_day=no_day,
            last_day=no_day,
            sort=Value("", output_field=CharField()),
            label=Value("", output_field=CharField()),
        )
        .values_list(*columns)
    )
    none = {"weekday": Cast(Value(None), PositiveSmallIntegerField()), "opens": no_hour, "closes": no_hour}
    spans = (
        spans.annotate(whose=F("where"), **none).values_list(*columns)
        for spans in _spans(monday_of(today), today + timedelta(days=LOOK_AHEAD))
    )
    hours: dict[UUID, list[tuple[int, time, time]]] = defaultdict(list)
    off: list[DaysOff] = []
    for owner, weekday, opens, closes, first, last, sort, label in rows.union(*spans, all=True):
        if weekday is None:
            off.append(_off(first, last, sort, label, owner))
        else:
            hours[owner].append((weekday, opens, closes))
    for spans_of_owner in hours.values():
        spans_of_owner.sort()
    return Around(hours, sorted(off, key=_in_order))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is needed to say whether somebody answers."""

    now: datetime | None
    hours: Mapping[UUID, list[tuple[int, time, time]]]
    off: list[tuple[UUID | None, DayOff]]

    def rows(self, owner: UUID) -> list[tuple[int, time, time]]:
        return self.hours.get(owner, [])

    def days_off(self, place: Site | None) -> list[DayOff]:
        return [day for site, day in self.off if site is None or (place is not None and site == place.pk)]

    def state(self, owner: UUID, place: Site | None) -> OpenState | None:
        if self.now is None:
            return None
        today = self.now.date()
        closed = {
            day: off.reason
            for off in self.days_off(place)
            for day in days_between(max(off.first, today), min(off.last, today + timedelta(days=AHEAD)))
        }
        return open_state(self.rows(owner), self.now, closed)


def _group(owner: Service | Site, place: Site | None, desk: _Desk, cards: list[ContactCard]) -> ContactGroup:
    kind = "service" if isinstance(owner, Service) else "site"
    hours = desk.rows(owner.pk)
    return ContactGroup(
        key=f"{kind}:{owner.code}",
        name=owner.name,
        role=owner.role if isinstance(owner, Service) else "",
        place=place.name if place else "",
        address=place.address if place else "",
        hours=in_words(hours),
        contacts=tuple(cards),
        state=desk.state(owner.pk, place),
        days_off=tuple(desk.days_off(place)) if hours or any(card.hours for card in cards) else (),
    )


def _card(contact: Contact, desk: _Desk, place: Site | None) -> ContactCard:
    return ContactCard(
        id=contact.pk,
        label=contact.label,
        phone=contact.phone.as_national if contact.phone else "",
        tel=contact.phone.as_rfc3966 if contact.phone else "",
        email=contact.email,
        note=contact.note,
        hours=in_words(desk.rows(contact.pk)),
        state=desk.state(contact.pk, place),
    )
