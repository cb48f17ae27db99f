"""What the `holidays` library says of the French school calendar, as plain facts to copy into our tables.

The library computes the days from the orders it cites and goes on by rule beyond them: the years after
`LAST_PUBLISHED` are its guess. Agents correct the tables; nothing asks it again about a year already there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import holidays

FIRST_KNOWN = 2018
"""First school year that the library knows whole."""

LAST_PUBLISHED = 2027
"""2027-2028: last calendar set by an order among those that the library cites."""

LAST_CHECKED = 2026
"""2026-2027: last year that another source confirms, see the test; 2027-2028 is disputed by a day."""


@dataclass(frozen=True, slots=True)
class HolidayFact:
    """Days without class, both ends included."""

    name: str
    first: date
    last: date
    is_bridge: bool


@dataclass(frozen=True, slots=True)
class SchoolYearFact:
    """First day of class, eve of the next first day of class, and the days without class in between."""

    name: str
    zone: str
    starts_on: date
    ends_on: date
    holidays: tuple[HolidayFact, ...]


def public_holidays(year: int) -> dict[date, str]:
    """The public holidays of metropolitan France in a civil year, with their French names."""
    return {
        day: _typographic(name) for day, name in sorted(holidays.France(years=year, language="fr").items())
    }


def school_year(start_year: int, zone: str) -> SchoolYearFact:
    """The school year that begins in `start_year` in zone A, B or C; ValueError before `FIRST_KNOWN`."""
    if start_year < FIRST_KNOWN:
        raise ValueError(f"school years are known from {FIRST_KNOWN}, not {start_year}")
    periods = _periods(start_year, zone)
    summers = [period for period in periods if period.first.month in (6, 7) and not period.is_bridge]
    before = next(summer for summer in summers if summer.first.year == start_year)
    closing = next(summer for summer in summers if summer.first.year == start_year + 1)
    return SchoolYearFact(
        name=f"{start_year}-{start_year + 1}",
        zone=zone,
        starts_on=before.last + timedelta(days=1),
        ends_on=closing.last,
        holidays=tuple(period for period in periods if before.last < period.first <= closing.first),
    )


def start_year_of(day: date, zone: str) -> int:
    """The civil year in which the school year of `day` began."""
    return day.year if day >= school_year(day.year, zone).starts_on else day.year - 1


def _periods(start_year: int, zone: str) -> list[HolidayFact]:
    """Runs of days under one name, over the two civil years of a school year, in order."""
    calendar = holidays.France(
        subdiv=f"Zone {zone}", categories="school", years=(start_year, start_year + 1), language="fr"
    )
    days: dict[str, list[date]] = {}
    for day in sorted(calendar):
        for name in calendar.get_list(day):
            days.setdefault(name, []).append(day)
    return sorted(
        (
            HolidayFact(_typographic(name), first, last, is_bridge=name.startswith("Pont"))
            for name, named in days.items()
            for first, last in _runs(named)
        ),
        key=lambda fact: fact.first,
    )


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """First and last day of each unbroken run of ordered days."""
    for _, run in groupby(enumerate(days), key=lambda item: item[1].toordinal() - item[0]):
        together = [day for _, day in run]
        yield together[0], together[-1]


def _typographic(name: str) -> str:
    return name.replace("'", "’")
