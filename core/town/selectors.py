"""What the rest reads of the town."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from core.town.calendar import ClosureSpan, DayKind, HolidaySpan, SchoolCalendar, SchoolYearSpan
from core.town.hours import HoursLine, in_words
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


# Places


def schools(*, today: date) -> list[Site]:
    """The schools open on that day, by name."""
    return list(Site.objects.open_on(today).filter(kind__in=Site.SCHOOL_KINDS))


# How to reach the town hall


@dataclass(frozen=True, slots=True)
class ContactCard:
    """One way to reach somebody, ready to print. Empty texts are absent facts; `tel` is a `tel:` address."""

    label: str
    phone: str
    tel: str
    email: str
    note: str
    hours: tuple[HoursLine, ...]


@dataclass(frozen=True, slots=True)
class ContactGroup:
    """A service or a site, where it is, when it is open, and its contacts in order."""

    name: str
    place: str
    address: str
    hours: tuple[HoursLine, ...]
    contacts: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True)
class HelpContacts:
    """« Une question ? Besoin d’aide ? » of the leaflet: the services, then the sites that have a contact."""

    services: tuple[ContactGroup, ...]
    sites: tuple[ContactGroup, ...]

    def __bool__(self) -> bool:
        return bool(self.services or self.sites)


def help_contacts(*, today: date) -> HelpContacts:
    """Whom one may call or write to on that day. Two statements, however many contacts."""
    hours: dict[UUID | None, list[OpeningHours]] = defaultdict(list)
    for row in OpeningHours.objects.all():
        hours[row.contact_id or row.service_id or row.site_id].append(row)
    services: dict[Service, list[ContactCard]] = defaultdict(list)
    sites: dict[Site, list[ContactCard]] = defaultdict(list)
    for contact in Contact.objects.select_related("service__site", "site"):
        card = _card(contact, hours[contact.pk])
        if contact.service and (contact.service.site is None or contact.service.site.is_open_on(today)):
            services[contact.service].append(card)
        elif contact.site and contact.site.is_open_on(today):
            sites[contact.site].append(card)
    return HelpContacts(
        services=tuple(
            _group(service, service.site, hours[service.pk], cards)
            for service, cards in sorted(services.items(), key=_by_name)
        ),
        sites=tuple(
            _group(site, site, hours[site.pk], cards) for site, cards in sorted(sites.items(), key=_by_name)
        ),
    )


def _by_name(found: tuple[Service | Site, list[ContactCard]]) -> str:
    return found[0].name


def _group(
    owner: Service | Site, place: Site | None, hours: list[OpeningHours], cards: list[ContactCard]
) -> ContactGroup:
    return ContactGroup(
        name=owner.name,
        place=place.name if place else "",
        address=place.address if place else "",
        hours=_hours(hours),
        contacts=tuple(cards),
    )


def _card(contact: Contact, hours: list[OpeningHours]) -> ContactCard:
    return ContactCard(
        label=contact.label,
        phone=contact.phone.as_national if contact.phone else "",
        tel=contact.phone.as_rfc3966 if contact.phone else "",
        email=contact.email,
        note=contact.note,
        hours=_hours(hours),
    )


def _hours(rows: Iterable[OpeningHours]) -> tuple[HoursLine, ...]:
    return in_words((row.weekday, row.opens, row.closes) for row in rows)
