"""What a change of the tables makes of days: pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core.contracts.town import ChangedDay
from core.town.calendar import DayKind, SchoolCalendar, days_between


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that became something else: in one site, or everywhere (`site` None)."""

    day: date
    before: DayKind
    after: DayKind
    site: UUID | None = None


def differences(before: SchoolCalendar, after: SchoolCalendar, sites: Iterable[UUID]) -> Iterator[DayChange]:
    """The days that both calendars know and tell differently; a site is named only where it differs from the town."""
    sites = list(sites)
    for day in days_between(max(before.first, after.first), min(before.last, after.last)):
        town = (before.day_kind(day), after.day_kind(day))
        if town[0] is not town[1]:
            yield DayChange(day, *town)
        for site in sites:
            here = (before.day_kind(day, site), after.day_kind(day, site))
            if here != town and here[0] is not here[1]:
                yield DayChange(day, *here, site)


def changed_days(changes: Mapping[str, Any] | None) -> Iterator[ChangedDay]:
    """The days that an entry of the journal names, as `core.town.services` wrote them."""
    for day, _before, _after, _where, *site in (changes or {}).get("days", ()):
        place = UUID(site[0]) if site and site[0] else None
        number, month, year = map(int, day.split("/"))
        yield ChangedDay(date(year, month, number), place)
