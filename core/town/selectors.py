"""What the rest reads of the town."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q

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
    """Whom one may call or write to on that day. Eight statements at most, however many contacts."""
    contacts = Prefetch("contacts", queryset=Contact.objects.prefetch_related("hours"))
    open_services = Service.objects.filter(Q(site__isnull=True) | Q(site__in=Site.objects.open_on(today)))
    services = open_services.filter(contacts__isnull=False).distinct()
    sites = Site.objects.open_on(today).filter(contacts__isnull=False).distinct()
    return HelpContacts(
        services=tuple(
            _group(row, row.site)
            for row in services.select_related("site").prefetch_related(contacts, "hours")
        ),
        sites=tuple(_group(row, row) for row in sites.prefetch_related(contacts, "hours")),
    )


def _group(owner: Service | Site, place: Site | None) -> ContactGroup:
    return ContactGroup(
        name=owner.name,
        place=place.name if place else "",
        address=place.address if place else "",
        hours=_hours(owner.hours.all()),
        contacts=tuple(_card(contact) for contact in owner.contacts.all()),
    )


def _card(contact: Contact) -> ContactCard:
    return ContactCard(
        label=contact.label,
        phone=contact.phone.as_national if contact.phone else "",
        tel=contact.phone.as_rfc3966 if contact.phone else "",
        email=contact.email,
        note=contact.note,
        hours=_hours(contact.hours.all()),
    )


def _hours(rows: Iterable[OpeningHours]) -> tuple[HoursLine, ...]:
    return in_words((row.weekday, row.opens, row.closes) for row in rows)
