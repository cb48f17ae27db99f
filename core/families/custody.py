"""Where a child lives each day, hence which family books and pays that day: pure, no query, no clock.

A child has one home or two, numbered (`Home`). For each day the answer is exactly one of them, whatever the rules and
the exceptions are: an agreed exception first, then the halves of holidays, then the weeks of the rule in force, then
the first home. The day belongs to the home where the child is at noon (`Change`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar

NOON = time(12)
WEEK = 7

T = TypeVar("T")


class Home(IntEnum):
    """The rank of a family among those of a child (`ChildInFamily.position`)."""

    FIRST = 1
    SECOND = 2

    @property
    def other(self) -> "Home":
        return Home(3 - self)


@dataclass(frozen=True, slots=True)
class Change:
    """When the child goes from one home to the other: ISO weekday (Monday 1) and hour.

    At noon or before, the day is already that of the home where the child arrives; later, still that of the other.
    """

    weekday: int = 1
    hour: time = time(8, 30)

    def before(self, day: date) -> tuple[date, date]:
        """The change that decides about a day, and the first day that it decides about."""
        delay = 0 if self.hour <= NOON else 1
        back = (day.isoweekday() - self.weekday - delay) % WEEK
        first = day - timedelta(days=back)
        return first - timedelta(days=delay), first


@dataclass(frozen=True, slots=True)
class Always:
    """One residence."""

    home: Home

    def home_on(self, day: date) -> Home:
        return self.home


@dataclass(frozen=True, slots=True)
class WeekParity:
    """Even weeks of the ISO calendar with one home, odd ones with the other.

    A week is named by the day on which the child changes home. After a year of 53 weeks two odd weeks follow each
    other (28 December 2026, 4 January 2027): that is how the calendar, and most judgments, have it.
    """

    even: Home
    change: Change = Change()

    def home_on(self, day: date) -> Home:
        changed, _first = self.change.before(day)
        return self.even if changed.isocalendar().week % 2 == 0 else self.even.other


@dataclass(frozen=True, slots=True)
class Alternating:
    """One week in two, counted from `anchor`: the week in which it falls is that of `home`, before and after too."""

    anchor: date
    home: Home
    change: Change = Change()

    def home_on(self, day: date) -> Home:
        _, first = self.change.before(day)
        _, origin = self.change.before(self.anchor)
        weeks = (first - origin).days // WEEK
        return self.home if weeks % 2 == 0 else self.home.other


Pattern = Always | WeekParity | Alternating


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds from `valid_from` until the next rule begins.

    `first_half_even` is the home of the first half of the holidays that begin in an even year; the other half, and the
    odd years, follow. None: holidays are weeks like others.
    """

    valid_from: date
    pattern: Pattern
    first_half_even: Home | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """Days that both parents agreed to give to one home, ends included."""

    first: date
    last: date
    home: Home


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days without class, ends included."""

    first: date
    last: date

    def is_first_half(self, day: date) -> bool:
        """An odd number of days leaves the middle one in the first half."""
        return (day - self.first).days < ((self.last - self.first).days + 2) // 2


class Because(StrEnum):
    """Why a day belongs to a home."""

    ONLY_HOME = "seul_foyer"
    AGREEMENT = "accord"
    HOLIDAYS = "vacances"
    WEEKS = "semaine"
    NO_RULE = "sans_regle"


@dataclass(frozen=True, slots=True)
class Custody(Generic[T]):
    """All that is known about one child. `homes` holds one or two families by rank, in whatever shape the caller wants.

    Among agreed exceptions the last of the sequence wins: they are given in the order in which they were agreed.
    """

    homes: Mapping[Home, T]
    rules: Sequence[Rule] = ()
    agreed: Sequence[Agreed] = ()

    def __post_init__(self) -> None:
        if not self.homes:
            raise ValueError("a child lives somewhere")

    def on(self, day: date, holidays: Iterable[Holidays] = ()) -> tuple[T, Because]:
        """The one family of a day, and why."""
        if len(self.homes) == 1:
            return next(iter(self.homes.values())), Because.ONLY_HOME
        home, because = self._home_on(day, holidays)
        return self.homes[home], because

    def _home_on(self, day: date, holidays: Iterable[Holidays]) -> tuple[Home, Because]:
        for exception in reversed(self.agreed):
            if exception.first <= day <= exception.last:
                return exception.home, Because.AGREEMENT
        rule = max(
            (rule for rule in self.rules if rule.valid_from <= day),
            key=lambda rule: rule.valid_from,
            default=None,
        )
        if rule is None:
            return Home.FIRST, Because.NO_RULE
        if rule.first_half_even:
            for span in holidays:
                if span.first <= day <= span.last:
                    even = span.first.year % 2 == 0
                    mine = span.is_first_half(day) == even
                    return (rule.first_half_even if mine else rule.first_half_even.other), Because.HOLIDAYS
        return rule.pattern.home_on(day), Because.WEEKS


@dataclass(frozen=True, slots=True)
class Stay(Generic[T]):
    """Days in a row in one family for one reason, ends included."""

    first: date
    last: date
    family: T
    because: Because


def stays(
    custody: Custody[T], first: date, last: date, holidays: Sequence[Holidays] = ()
) -> Iterator[Stay[T]]:
    """The days from `first` to `last`, grouped: each day is in exactly one stay."""
    begun = first
    family, because = custody.on(first, holidays)
    day = first
    while day < last:
        day += timedelta(days=1)
        found = custody.on(day, holidays)
        if found != (family, because):
            yield Stay(begun, day - timedelta(days=1), family, because)
            begun, (family, because) = day, found
    yield Stay(begun, last, family, because)
