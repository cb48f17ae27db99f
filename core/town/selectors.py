"""What the rest reads of the town."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F, UUIDField, Value

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
    """Days that are not ordinary ones, both included. `site` is None for the whole town; `kind` is that of the day."""

    first: date
    last: date
    kind: DayKind
    label: str
    site: UUID | None = None

    @property
    def is_holiday(self) -> bool:
        return self.kind is DayKind.HOLIDAY


def days_off(first: date, last: date) -> list[DaysOff]:
    """Holidays, bridges, public holidays and closures between two days, in order. One statement."""
    columns = ("first_day", "last_day", "kind", "label", "where")
    nowhere = Value(None, output_field=UUIDField(null=True))
    closures = Closure.objects.filter(first_day__lte=last, last_day__gte=first).annotate(
        label=F("reason"), where=F("site_id")
    )
    holidays = HolidayPeriod.objects.filter(first_day__lte=last, last_day__gte=first).annotate(
        label=F("name"), where=nowhere
    )
    feasts = PublicHoliday.objects.filter(date__gte=first, date__lte=last).annotate(
        first_day=F("date"),
        last_day=F("date"),
        kind=Value(DayKind.PUBLIC_HOLIDAY.value),
        label=F("name"),
        where=nowhere,
    )
    of_town = (rows.order_by().values_list(*columns) for rows in (holidays, feasts))
    rows = closures.order_by().values_list(*columns).union(*of_town, all=True)
    kinds = {HolidayPeriod.Kind.HOLIDAYS.value: DayKind.HOLIDAY}
    return sorted(
        (
            DaysOff(begins, ends, kinds.get(kind) or DayKind(kind), label, where)
            for begins, ends, kind, label, where in rows
        ),
        key=lambda span: (span.first, span.last, span.label),
    )


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

    With `now` (time of Paris), also what is open at that moment, and the days off to come: one statement more.
    """
    hours: dict[UUID | None, list[OpeningHours]] = defaultdict(list)
    for row in OpeningHours.objects.all():
        hours[row.contact_id or row.service_id or row.site_id].append(row)
    desk = _Desk(now, hours, _days_off(now.date()) if now and hours else [])
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


def _days_off(today: date) -> list[tuple[UUID | None, DayOff]]:
    """Closures and public holidays of the days to come, each with its site, None for all. One statement."""
    last = today + timedelta(days=LOOK_AHEAD)
    closures = (
        Closure.objects.filter(first_day__lte=last, last_day__gte=today)
        .order_by()
        .values_list("site", "first_day", "last_day", "reason")
    )
    holidays = (
        PublicHoliday.objects.filter(date__gte=today, date__lte=last)
        .order_by()
        .annotate(everywhere=Value(None, output_field=UUIDField()), until=F("date"))
        .values_list("everywhere", "date", "until", "name")
    )
    found = [
        (site, DayOff(first, end, text)) for site, first, end, text in closures.union(holidays, all=True)
    ]
    return sorted(found, key=lambda row: row[1].first)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is needed to say whether somebody answers."""

    now: datetime | None
    hours: dict[UUID | None, list[OpeningHours]]
    off: list[tuple[UUID | None, DayOff]]

    def rows(self, owner: UUID) -> list[tuple[int, time, time]]:
        return [(row.weekday, row.opens, row.closes) for row in self.hours.get(owner, ())]

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
