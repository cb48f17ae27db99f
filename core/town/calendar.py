"""The school calendar as a pure value: what each day is, and where.

Nothing here reads the database or the clock: `core.town.selectors.calendar` loads a `SchoolCalendar`, rules
ask it. Days are dates of Europe/Paris; weekdays are ISO numbers (Monday 1 to Sunday 7); both ends of every
span are included.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

ONE_DAY = timedelta(days=1)

FOUR_DAYS: frozenset[int] = frozenset({1, 2, 4, 5})
"""The week of four days: Monday, Tuesday, Thursday, Friday (Code de l'éducation D521-12)."""


class OutsideCalendarError(LookupError):
    """The calendar was not loaded for that day: the caller asks for more days, nobody guesses."""


class NoOpenDayError(LookupError):
    """No open day in the year before the given one."""


class DayKind(StrEnum):
    """What a day is for one site: exactly one kind, `SchoolCalendar.day_kind` says in which order."""

    SCHOOL = "school"
    WEDNESDAY = "wednesday"
    FREE = "free"  # weekday without class that is not a Wednesday: another rhythm than four days
    HOLIDAY = "holiday"
    BRIDGE = "bridge"
    PUBLIC_HOLIDAY = "public_holiday"
    CLOSED = "closed"
    TRAINING = "training"
    STRIKE = "strike"
    WEEKEND = "weekend"
    UNKNOWN = "unknown"  # the school year of that day is not in the tables yet


SCHOOL_DAYS: frozenset[DayKind] = frozenset({DayKind.SCHOOL})
"""Canteen, care before and after class, school bus."""

WEDNESDAYS: frozenset[DayKind] = frozenset({DayKind.WEDNESDAY})
"""Wednesday leisure centre: in the school year, neither in the holidays nor on a public holiday."""

HOLIDAYS: frozenset[DayKind] = frozenset({DayKind.HOLIDAY})
"""Holiday leisure centre: Monday to Friday of the holidays, public holidays and closures apart."""


def days_between(first: date, last: date) -> Iterator[date]:
    """Each day from `first` to `last`, both included; none when `last` comes before `first`."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


@dataclass(frozen=True, slots=True)
class HolidaySpan:
    """Days without class, from the day after the last class to the day before classes resume."""

    name: str
    first: date
    last: date
    is_bridge: bool = False

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class SchoolYearSpan:
    """From the first day of class to the eve of the next one: the summer belongs to the year it ends."""

    name: str
    first: date
    last: date
    school_weekdays: frozenset[int] = FOUR_DAYS
    holidays: tuple[HolidaySpan, ...] = ()

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class ClosureSpan:
    """Days on which a site, or every site when `site` is None, does not work as usual.

    `kind` is closed, bridge, training or strike.
    """

    site: UUID | None
    first: date
    last: date
    kind: DayKind
    reason: str


@dataclass(frozen=True)
class SchoolCalendar:
    """The days from `first` to `last` as the tables tell them.

    Every question about a day outside these bounds raises `OutsideCalendarError`. `site` is the id of a site,
    or None for what holds in the whole town.
    """

    first: date
    last: date
    years: tuple[SchoolYearSpan, ...] = ()
    public_holidays: Mapping[date, str] = field(default_factory=dict)
    closures: tuple[ClosureSpan, ...] = ()

    def day_kind(self, day: date, site: UUID | None = None) -> DayKind:
        """The one kind of `day`: public holiday first, then week-end, closure, holidays, weekday of the year.

        A week-end day on which the school year has class counts as a weekday.
        """
        self._check(day)
        if day in self.public_holidays:
            return DayKind.PUBLIC_HOLIDAY
        year = self.school_year(day)
        if day.isoweekday() > 5 and (year is None or day.isoweekday() not in year.school_weekdays):
            return DayKind.WEEKEND
        if closure := self.closure(day, site):
            return closure.kind
        if year is None:
            return DayKind.UNKNOWN
        if holiday := self._holidays.get(day):
            return DayKind.BRIDGE if holiday.is_bridge else DayKind.HOLIDAY
        if day.isoweekday() in year.school_weekdays:
            return DayKind.SCHOOL
        return DayKind.WEDNESDAY if day.isoweekday() == 3 else DayKind.FREE

    def is_school_day(self, day: date, site: UUID | None = None) -> bool:
        """Whether there is class on `day` in `site`."""
        return self.day_kind(day, site) is DayKind.SCHOOL

    def is_holiday_day(self, day: date) -> bool:
        """Whether `day` falls in holidays, week-ends and public holidays included; a bridge is none."""
        holiday = self.holiday(day)
        return holiday is not None and not holiday.is_bridge

    def is_open(self, day: date, site: UUID | None, pattern: Collection[DayKind]) -> bool:
        """Whether what opens on the kinds of day in `pattern` opens on `day` in `site`."""
        return self.day_kind(day, site) in pattern

    def open_days(
        self, first: date, last: date, site: UUID | None, pattern: Collection[DayKind]
    ) -> tuple[date, ...]:
        """The days of `pattern` from `first` to `last` included, in order."""
        return tuple(day for day in days_between(first, last) if self.is_open(day, site, pattern))

    def school_days_of_month(self, year: int, month: int, site: UUID | None = None) -> tuple[date, ...]:
        """The days of class of a civil month, in order."""
        first = date(year, month, 1)
        last = date(year + month // 12, month % 12 + 1, 1) - ONE_DAY
        return self.open_days(first, last, site, SCHOOL_DAYS)

    def school_year(self, day: date) -> SchoolYearSpan | None:
        """The school year of `day`, None when it is not in the tables."""
        self._check(day)
        return next((year for year in self.years if day in year), None)

    def holiday(self, day: date) -> HolidaySpan | None:
        """The holidays, or the bridge, that `day` belongs to."""
        self._check(day)
        return self._holidays.get(day)

    def next_holidays(self, after: date) -> HolidaySpan | None:
        """The first holidays that begin after that day, bridges apart; None when the tables know none."""
        spans = (
            span for year in self.years for span in year.holidays if not span.is_bridge and span.first > after
        )
        return min(spans, key=lambda span: span.first, default=None)

    def closure(self, day: date, site: UUID | None = None) -> ClosureSpan | None:
        """The closure of `day` in `site`: its own before one of the whole town."""
        self._check(day)
        found = [c for c in self._closures.get(day, ()) if c.site is None or c.site == site]
        return next((c for c in found if c.site is not None), found[0] if found else None)

    def reason(self, day: date, site: UUID | None = None) -> str:
        """Why `day` is not an ordinary one, in the words of the tables (« Armistice »); empty otherwise."""
        match self.day_kind(day, site):
            case DayKind.PUBLIC_HOLIDAY:
                return self.public_holidays[day]
            case DayKind.SCHOOL | DayKind.WEDNESDAY | DayKind.FREE | DayKind.WEEKEND | DayKind.UNKNOWN:
                return ""
            case _ if closure := self.closure(day, site):
                return closure.reason
        holiday = self._holidays.get(day)
        return holiday.name if holiday else ""

    def _check(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise OutsideCalendarError(f"{day} is outside {self.first}..{self.last}")

    @cached_property
    def _holidays(self) -> dict[date, HolidaySpan]:
        return {
            day: span
            for year in self.years
            for span in year.holidays
            for day in days_between(span.first, span.last)
        }

    @cached_property
    def _closures(self) -> dict[date, list[ClosureSpan]]:
        found: dict[date, list[ClosureSpan]] = {}
        for closure in self.closures:
            for day in days_between(max(closure.first, self.first), min(closure.last, self.last)):
                found.setdefault(day, []).append(closure)
        return found


def previous_open_day(day: date, is_open: Callable[[date], bool]) -> date:
    """The last open day strictly before `day`: what « J-1 » of a booking rule means.

    For the first day after the holidays it is the last open day before them. Raises `NoOpenDayError` when the
    year before `day` has none.
    """
    for offset in range(1, 367):
        candidate = day - timedelta(days=offset)
        if is_open(candidate):
            return candidate
    raise NoOpenDayError(f"no open day in the year before {day}")
