"""The booking calendar as pages and the API show it: every child and activity between two days, already decided."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from core.contracts.family import Act, ChildRef, FamilyContext
from core.contracts.money import ZERO, Money
from core.contracts.pricing import Explanation, Price
from core.pricing.selectors import explanations
from core.ui.formats import day as day_words
from plugins.enfance import prices
from plugins.enfance.offers import Choice, Offer, offers
from plugins.enfance.rules import Verdict, decide, moment_words
from plugins.enfance.selectors import Booked, away_from, booked


@dataclass(frozen=True, slots=True)
class Span:
    """Days shown together, both ends included: a civil month, or the days of a booking window."""

    first: date
    last: date

    @classmethod
    def month_of(cls, day: date) -> "Span":
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))

    @property
    def previous(self) -> "Span":
        return Span.month_of(self.first - timedelta(days=1))

    @property
    def next(self) -> "Span":
        return Span.month_of(self.last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Cell:
    """One child, one session. `price` is the stored one of a booked day, else what it would cost; None without."""

    child: ChildRef
    offer: Offer
    verdict: Verdict
    booked: bool
    ticked: bool
    price: Money | None
    explanation: str
    over: bool

    @property
    def value(self) -> str:
        return f"{self.child.id}.{self.offer.session}"

    @property
    def day(self) -> date:
        return self.offer.day

    @property
    def label(self) -> str:
        """« Cantine, jeudi 3 décembre, Léa »."""
        return f"{self.offer.short_name}, {day_words(self.day)}, {self.child.first_name}"

    @property
    def limit(self) -> str:
        """« jeudi 3 décembre, 9 h »: until when an open cell may change."""
        return moment_words(self.offer.terms.limit, end=True)


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """The shown days of one week, which begins on `monday`."""

    monday: date
    days: tuple[Day, ...]

    @property
    def over(self) -> bool:
        return all(cell.over for day in self.days for cell in day.cells)

    @property
    def label(self) -> str:
        return _("Semaine du %(day)s") % {"day": day_words(self.monday)}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a price is what it is: the activity, the amount, the sentences of the engine."""

    activity: str
    price: Money
    explanation: Explanation


@dataclass(frozen=True)
class ChildCalendar:
    """A child's weeks, and the reasons of its prices, each once."""

    child: ChildRef
    weeks: tuple[Week, ...]
    reasons: tuple[Reason, ...]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for week in self.weeks for day in week.days for cell in day.cells)

    @property
    def past(self) -> tuple[Week, ...]:
        """Weeks of which every day is over: kept out of the way."""
        return tuple(week for week in self.weeks if week.over)

    @property
    def current(self) -> tuple[Week, ...]:
        return tuple(week for week in self.weeks if not week.over)


@dataclass(frozen=True)
class Calendar:
    """All that a family may book between two days. `sources` says from which towns published tariffs come.

    `priced`: whoever reads it may read prices.
    """

    span: Span
    children: tuple[ChildCalendar, ...]
    sources: tuple[str, ...]
    priced: bool = True

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for child in self.children for cell in child.cells)

    @property
    def count(self) -> int:
        return sum(cell.booked for cell in self.cells)

    @property
    def total(self) -> Money:
        return sum((cell.price for cell in self.cells if cell.booked and cell.price), ZERO)

    @property
    def open(self) -> bool:
        """Is there anything left to tick or untick?"""
        return any(cell.verdict.open for cell in self.cells)

    @property
    def services(self) -> list[str]:
        return sorted({cell.offer.service for cell in self.cells})


def read(
    family: FamilyContext,
    *,
    now: datetime,
    span: Span,
    add: Iterable[Choice] = (),
    remove: Iterable[Choice] = (),
) -> Calendar:
    """The calendar of a family. `add` and `remove` are ticks not saved yet, shown as they were left.

    Two statements, one more for the reasons of prices that have changed since they were stored, and four where a child
    has two homes.
    """
    offered = offers(family, days=(span.first, span.last))
    quotes = prices.quote(family, offered.values())
    standing = booked(
        children=[child.id for child in family.children],
        sessions={offer.session for offer in offered.values()},
    )
    added, removed = frozenset(add), frozenset(remove)
    away = away_from(family, offered.values())
    cells = [
        _cell(family, offer, now, quotes[key], standing.get(key), key in added, key in removed, key in away)
        for key, offer in offered.items()
    ]
    known = {
        quote.explanation.digest: quote.explanation for quote in quotes.values() if isinstance(quote, Price)
    }
    if older := {cell.explanation for cell in cells if cell.explanation} - known.keys():
        known |= explanations(older)
    return Calendar(
        span=span,
        children=tuple(
            ChildCalendar(child, _weeks(mine), tuple(_reasons(mine, known)))
            for child in family.children
            if (mine := [cell for cell in cells if cell.child.id == child.id])
        ),
        sources=tuple(_sources(offered.values())),
        priced=family.may(Act.MONEY),
    )


def _cell(
    family: FamilyContext,
    offer: Offer,
    now: datetime,
    quote: Price | str,
    row: Booked | None,
    added: bool,
    removed: bool,
    away: bool,
) -> Cell:
    mine = row is not None and row.family == family.id
    verdict = decide(
        offer.terms,
        now=now,
        booked=mine,
        elsewhere=row is not None and not mine,
        places=offer.capacity - offer.taken,
        away=away,
        refusal=quote if isinstance(quote, str) else None,
    )
    if verdict.open and not family.may(Act.BOOK):
        verdict = replace(verdict, open=False, reason="")
    child = family.child(offer.child)
    assert child is not None  # noqa: S101 - offers are those of the family's children
    price, explanation = None, ""  # who may not read prices gets none, nor the quotient that explains them
    priced = family.may(Act.MONEY)
    if priced and row is not None and mine:
        price, explanation = Money(row.price_cents), row.explanation
    elif priced and isinstance(quote, Price):
        price, explanation = quote.total, quote.explanation.digest
    ticked = mine if not verdict.open else (mine or added) and not removed
    return Cell(child, offer, verdict, mine, ticked, price, explanation, over=offer.day < family.today)


def _weeks(cells: list[Cell]) -> tuple[Week, ...]:
    def monday(cell: Cell) -> date:
        return cell.day - timedelta(days=cell.day.weekday())

    return tuple(
        Week(first, tuple(Day(day, tuple(found)) for day, found in groupby(week, key=lambda cell: cell.day)))
        for first, week in groupby(cells, key=monday)
    )


def _reasons(cells: list[Cell], known: dict[str, Explanation]) -> Iterator[Reason]:
    seen = {
        (cell.offer.activity_name, cell.price, cell.explanation): None
        for cell in cells
        if cell.price is not None
    }
    for activity, price, digest in seen:
        if price is not None and digest in known:
            yield Reason(activity, price, known[digest])


def _sources(found: Iterable[Offer]) -> Iterator[str]:
    """The notes of the tariffs that another town published, each once."""
    ids: set[UUID] = {offer.tariff_version for offer in found if offer.tariff_version}
    tariffs = [version.tariff for version in prices.versions(ids).values()]
    for tariff in sorted(tariffs, key=lambda tariff: tariff.name):
        if tariff.source and tariff.source.note:
            yield f"{tariff.name} ({tariff.source.town}) : {tariff.source.note}"
