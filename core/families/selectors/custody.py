"""Where children of two homes live, read set by set."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.families.custody import (
    Agreed,
    Alternating,
    Always,
    Change,
    Custody,
    Holidays,
    Home,
    Pattern,
    Rule,
    Stay,
    WeekParity,
    stays,
)
from core.families.models import ChildInFamily, CustodyException, CustodyRule
from core.town.models import HolidayPeriod


@dataclass(frozen=True, slots=True)
class Calendars:
    """What is known about some children, and the holidays of the days that were asked for."""

    custody: dict[UUID, Custody[UUID]]
    holidays: tuple[Holidays, ...]

    def family_on(self, child: UUID, day: date) -> UUID:
        """The one family that books and pays for a child on a day."""
        return self.custody[child].on(day, self.holidays)[0]

    def stays(self, child: UUID, first: date, last: date) -> list[Stay[UUID]]:
        """The days of a child, grouped by family."""
        return list(stays(self.custody[child], first, last, self.holidays))


def pattern_of(rule: CustodyRule) -> Pattern:
    home, change = Home(rule.home), Change(rule.change_weekday, rule.change_hour)
    if rule.kind == CustodyRule.Kind.PARITY:
        return WeekParity(home, change)
    if rule.kind == CustodyRule.Kind.ANCHOR:
        assert rule.anchor is not None  # noqa: S101 - the database keeps it so
        return Alternating(rule.anchor, home, change)
    return Always(home)


def calendars(children: Collection[UUID], first: date, last: date) -> Calendars:
    """The custody of some children, good for the days from `first` to `last`.

    One statement when each has one home; three more otherwise. A child of no family is left out.
    """
    homes: dict[UUID, dict[Home, UUID]] = defaultdict(dict)
    links = ChildInFamily.objects.filter(child__in=children)
    for child, position, family in links.values_list("child", "position", "family"):
        homes[child][Home(position)] = family
    shared = [child for child, found in homes.items() if len(found) > 1]
    if not shared:
        return Calendars({child: Custody(found) for child, found in homes.items()}, ())
    rules: dict[UUID, list[Rule]] = defaultdict(list)
    for row in CustodyRule.objects.filter(child__in=shared, valid_from__lte=last):
        half = Home(row.first_half_even) if row.first_half_even else None
        rules[row.child_id].append(Rule(row.valid_from, pattern_of(row), half))
    agreed: dict[UUID, list[Agreed]] = defaultdict(list)
    exceptions = CustodyException.objects.filter(
        child__in=shared,
        state=CustodyException.State.AGREED,
        first_day__lte=last,
        last_day__gte=first,
    ).order_by("answered_at", "pk")
    for exception in exceptions:
        agreed[exception.child_id].append(
            Agreed(exception.first_day, exception.last_day, Home(exception.home))
        )
    periods = HolidayPeriod.objects.filter(
        kind=HolidayPeriod.Kind.HOLIDAYS, first_day__lte=last, last_day__gte=first
    )
    return Calendars(
        {child: Custody(found, rules[child], agreed[child]) for child, found in homes.items()},
        tuple(Holidays(*span) for span in periods.values_list("first_day", "last_day")),
    )


def custody_of(children: Collection[UUID], days: Iterable[date]) -> dict[tuple[UUID, date], UUID]:
    """For each child and day, the one family that books and pays. Four statements at most, whatever the numbers."""
    wanted = set(days)
    if not (wanted and children):
        return {}
    found = calendars(children, min(wanted), max(wanted))
    return {(child, day): found.family_on(child, day) for child in found.custody for day in wanted}


def exceptions_of(child: UUID, today: date) -> list[CustodyException]:
    """The exceptions of a child that are not over, whatever their state. One statement."""
    return list(
        CustodyException.objects.filter(child=child, last_day__gte=today)
        .exclude(state=CustodyException.State.WITHDRAWN)
        .select_related("proposed_by")
    )
