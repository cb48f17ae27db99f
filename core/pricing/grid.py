"""The public grid of a tariff: prices by bracket and by case, each of them asked to the engine. Pure.

Because a cell is a price, not a copy of the file, the grid is right whatever the steps of the tariff.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from itertools import islice, product
from typing import Any

from core.contracts.money import Money
from core.contracts.pricing import (
    MEASURES,
    Fact,
    FactValue,
    PricingError,
    Quotient,
    Situation,
    Span,
    Tariff,
    Unit,
)
from core.pricing.axes import hundredths, interval
from core.pricing.engine import price
from core.pricing.explain import bound
from core.pricing.vocabulary import QF


@dataclass(frozen=True, slots=True)
class GridRow:
    """A bracket of the measure and its price in each column; None where the tariff gives no price."""

    label: str
    cells: tuple[Money | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Prices of one unit. ``columns`` are the cases; ``measure`` names what the rows are brackets of, empty when every
    family pays alike.
    """

    name: str
    unit: Unit
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    measure: str
    tariff: Tariff

    @property
    def titled(self) -> list[tuple[str, list[tuple[str, Money | None]]]]:
        """Rows whose cells say their column, for those who read one at a time."""
        return [(row.label, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]

    def to_json(self) -> dict[str, Any]:
        """Open data: amounts in euros as texts with two decimals, `null` where the tariff gives no price."""
        tariff = self.tariff
        return {
            "nom": tariff.name,
            "code": tariff.code,
            "unite": self.unit.label,
            "deliberation": {"numero": tariff.decision.number, "date": tariff.decision.date.isoformat()}
            if tariff.decision
            else None,
            "valable_du": tariff.valid_from.isoformat(),
            "valable_au": tariff.valid_to.isoformat() if tariff.valid_to else None,
            "mesure": self.measure,
            "colonnes": list(self.columns),
            "lignes": [
                {
                    "quotient": row.label,
                    "prix": [None if cell is None else cell.plain for cell in row.cells],
                }
                for row in self.rows
            ],
            "note": tariff.note,
        }


def grid(tariff: Tariff, states: Mapping[str, FactValue] | None = None) -> Grid:
    """Columns: the cases of the tariff, each against the usual one; rows: its brackets, its holes, no proof.

    The rows are those of the quotient, else of the first other measure that has brackets. `states` are facts that do
    not vary here: those that a service states itself.
    """
    fixed = dict(states or {})
    measured = _measured(tariff, fixed)
    cases = _cases(tariff, fixed, measured)
    one = _one_unit(tariff)

    def cells(value: FactValue) -> tuple[Money | None, ...]:
        stated = {QF: None, **({measured.name: value} if measured else {})}
        return tuple(_cell(tariff, {**one, **case, **stated, **fixed}) for _, case in cases)

    rows: tuple[GridRow, ...]
    if measured is None:
        rows = (GridRow("Tous les quotients", cells(None)),)
    else:
        rows = tuple(_rows(tariff, _Scale(measured), cells))
        if measured.type in ("quotient", "number"):
            rows = (*rows, GridRow(f"{_Scale(measured).noun} non communiqué", cells(None)))
    measure = _title([measured.label]) if measured else ""
    return Grid(tariff.name, tariff.unit, tuple(label for label, _ in cases), rows, measure, tariff)


def _measured(tariff: Tariff, fixed: Mapping[str, FactValue]) -> Fact | None:
    """What the rows are brackets of. A computed measure is not stated: it has no rows of its own."""
    if QF in tariff.reads:
        return tariff.facts[QF]
    names = (
        name for component in tariff.components for step in component.steps for name, *_ in step.rule.brackets
    )
    free = (tariff.facts[name] for name in names if name not in fixed and name not in tariff.derived)
    return next((fact for fact in free if fact.type in MEASURES), None)


@dataclass(frozen=True, slots=True)
class _Scale:
    """A measure as the rows walk along it, in hundredths."""

    fact: Fact

    @property
    def noun(self) -> str:
        return "Quotient" if self.fact.name == QF else _title([self.fact.label])

    @property
    def last(self) -> int:
        """The highest value there can be."""
        return 99_999_999 if self.fact.type == "decimal" else 999_999_999

    def at(self, hundredth: int) -> FactValue:
        value = Decimal(hundredth).scaleb(-2)
        return Quotient(value) if self.fact.name == QF else value


MOST_CASES = 500
"""Cases crossed to find the dearest; those beyond are not looked at."""


def dearest(tariff: Tariff) -> tuple[Money, str] | None:
    """The highest price of one unit and the words of its case, surcharges together; None when nothing has a price."""
    measured = _measured(tariff, {})
    named = {
        fact: values
        for fact, values in _named_values(tariff).items()
        if measured is None or fact.name != measured.name
    }
    one = _one_unit(tariff)
    ends: list[FactValue] = [None]
    if measured:
        scale = _Scale(measured)
        ends += [
            scale.at(end)
            for low, high in _intervals(tariff, measured.name)
            for end in (low, high)
            if end is not None
        ]
    best: tuple[Money, str] | None = None
    for values in islice(product(*named.values()), MOST_CASES):
        case = {fact.name: value for fact, value in zip(named, values, strict=True)}
        for end in ends:
            stated = {QF: None, **({measured.name: end} if measured else {})}
            found = _cell(tariff, {**one, **case, **stated})
            if found is not None and (best is None or found > best[0]):
                words = [
                    _described(fact, case[fact.name]) for fact in named if case[fact.name] != fact.default
                ]
                best = found, ", ".join(words)
    return best


def _cell(tariff: Tariff, facts: dict[str, FactValue]) -> Money | None:
    try:
        return price(tariff, Situation(tariff.valid_from, facts)).total
    except PricingError:  # no price there, or a case that needs a fact which no column states
        return None


def _cases(
    tariff: Tariff, fixed: Mapping[str, FactValue], rows: Fact | None
) -> list[tuple[str, dict[str, FactValue]]]:
    """Facts without a default are crossed with one another, then each other fact departs from its default."""
    named = {
        fact: values
        for fact, values in _named_values(tariff).items()
        if fact.name not in fixed and (rows is None or fact.name != rows.name)
    }
    required = [fact for fact in named if fact.required]
    optional = [fact for fact in named if not fact.required]
    cases = []
    for values in product(*(named[fact] for fact in required)):
        usual = {fact.name: value for fact, value in zip(required, values, strict=True)}
        words = [_described(fact, value) for fact, value in zip(required, values, strict=True)]
        cases.append((_title(words) or "Tarif", usual))
        cases += [
            (_title([*words, _described(fact, value)]), {**usual, fact.name: value})
            for fact in optional
            for value in named[fact]
            if value != fact.default
        ]
    return cases


def _named_values(tariff: Tariff) -> dict[Fact, tuple[FactValue, ...]]:
    """The facts that conditions name, with every value worth a column, in the order of the file."""
    found: dict[str, list[FactValue]] = {}
    for component in tariff.components:
        for step in component.steps:
            for name, low, _high, _label in step.rule.brackets:
                if name != QF and name not in tariff.derived:
                    known = found.setdefault(name, [])
                    start = Decimal(low).scaleb(-2)
                    value = int(start) if tariff.facts[name].type == "integer" else start
                    known += [value] if value not in known else []
            for name, told in step.rule.cases:
                known = found.setdefault(name, [])
                known += [value for value in told if value not in known]
        for condition in (component.when, *(step.when for step in component.steps)):
            for name, values in condition:
                if tariff.facts[name].type in MEASURES:
                    continue
                known = found.setdefault(name, [])
                first = [
                    _first(value, tariff.facts[name]) if isinstance(value, Span) else value
                    for value in values
                ]
                known += [value for value in first if value not in known]
    return {tariff.facts[name]: _worth(tariff.facts[name], values) for name, values in found.items()}


def _described(fact: Fact, value: FactValue) -> str:
    """A measure stands for the bracket that begins there."""
    return f"{fact.label} à partir de {bound(value)}" if isinstance(value, Decimal) else fact.describe(value)


def _first(span: Span, fact: Fact) -> FactValue:
    """The value that stands for a span in a title: its first one."""
    low = int(span.low or 0) + (0 if span.low_inside else 1)
    return time(low // 60, low % 60) if fact.type == "time" else low


def _worth(fact: Fact, named: list[FactValue]) -> tuple[FactValue, ...]:
    if fact.type == "boolean":
        return (True, False)
    if fact.type == "choice":
        return tuple(value for value, _ in fact.values)
    return tuple(named)


def _title(words: list[str]) -> str:
    text = ", ".join(words)
    return text[:1].upper() + text[1:]


def _one_unit(tariff: Tariff) -> dict[str, FactValue]:
    """What a tariff counts on and has no default for, so that there is one unit."""
    found = {
        name: value
        for component in tariff.components
        for count in component.counts
        for name, value in count.one.items()
    }
    return {name: value for name, value in found.items() if tariff.facts[name].required}


_Cells = Callable[[FactValue], tuple[Money | None, ...]]


def _rows(tariff: Tariff, scale: _Scale, cells: _Cells) -> Iterator[GridRow]:
    """One row for each interval in which no bracket changes; some values of it where the price changes with each."""
    labels = _intervals(tariff, scale.fact.name)
    starts = sorted({0} | {low for low, _ in labels} | {high + 1 for _, high in labels if high is not None})
    for low, high in zip(starts, [*(start - 1 for start in starts[1:]), None], strict=True):
        here = cells(scale.at(low))
        if high == low:
            yield GridRow(f"Quotient {bound(Decimal(low).scaleb(-2))}", here)
            continue
        if all(here == cells(scale.at(at)) for at in _between(low, scale.last if high is None else high)):
            label = labels.get((low, high)) or interval(low, high)
            yield GridRow(label[:1].upper() + label[1:], here)
            continue
        end = _settled(low, scale, cells) if high is None else high + 1
        for at in _points(low, end if end is not None else low + 400_000):
            yield GridRow(f"{scale.noun} {bound(Decimal(at).scaleb(-2))}", cells(scale.at(at)))
        if high is None and end is not None:
            label = interval(end, None)
            yield GridRow(label[:1].upper() + label[1:], cells(scale.at(end)))


def _intervals(tariff: Tariff, measured: str) -> dict[tuple[int, int | None], str]:
    """Values of a measure that steps and their conditions tell apart, first and last cent, with their words."""
    found: dict[tuple[int, int | None], str] = {}
    for component in tariff.components:
        for step in component.steps:
            found |= {(low, high): label for name, low, high, label in step.rule.brackets if name == measured}
        for condition in (component.when, *(step.when for step in component.steps)):
            for name, values in condition:
                for span in values if name == measured else ():
                    if isinstance(span, Span):
                        low = 0 if span.low is None else hundredths(span.low) + (0 if span.low_inside else 1)
                        high = (
                            None
                            if span.high is None
                            else hundredths(span.high) - (0 if span.high_inside else 1)
                        )
                        found.setdefault((low, high), interval(low, high))
    return found


def _between(low: int, high: int) -> Iterator[int]:
    """The end of an interval and values inside: a price that moves there moves at one of them."""
    reach = min(high, 500_000) - low
    yield from (low + reach * part // 4 for part in (1, 2, 3) if reach > 0)
    yield high


def _settled(low: int, scale: _Scale, cells: _Cells) -> int | None:
    """The value from which the price stays what it is at the end; None when it never stops rising."""
    last = cells(scale.at(scale.last))
    high = low + 10_000
    while cells(scale.at(high)) != last:
        high = low + (high - low) * 2
        if high > 10_000_000:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if cells(scale.at(middle)) == last else (middle, high)
    return high


def _points(low: int, end: int) -> list[int]:
    """About eight round quotients from the first one to the end, which is left out."""
    step = next(
        step
        for step in (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 10**9)
        if (end - low) / step <= 9
    )
    return [low, *range((low // step + 1) * step, end, step)]
