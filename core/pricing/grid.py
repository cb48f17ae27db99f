"""The public grid of a tariff: prices by quotient and by case, each of them asked to the engine. Pure.

Because a cell is a price, not a copy of the file, the grid is right whatever the steps of the tariff.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from itertools import product
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
from core.pricing.axes import interval
from core.pricing.engine import price
from core.pricing.vocabulary import QF


@dataclass(frozen=True, slots=True)
class GridRow:
    """A bracket of quotient and its price in each column; None where the tariff gives no price."""

    label: str
    cells: tuple[Money | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Prices of one unit. ``columns`` are the cases; ``by_quotient`` is false when every family pays alike."""

    name: str
    unit: Unit
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    by_quotient: bool
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

    `states` are facts that do not vary here: those that a service states itself.
    """
    fixed = dict(states or {})
    cases = _cases(tariff, fixed)
    by_quotient = QF in tariff.reads
    quotients = _quotients(tariff) if by_quotient else ((None, "Tous les quotients"),)
    rows = tuple(
        GridRow(label, tuple(_cell(tariff, {**case, QF: quotient, **fixed}) for _, case in cases))
        for quotient, label in quotients
    )
    return Grid(tariff.name, tariff.unit, tuple(label for label, _ in cases), rows, by_quotient, tariff)


def _cell(tariff: Tariff, facts: dict[str, FactValue]) -> Money | None:
    try:
        return price(tariff, Situation(tariff.valid_from, facts)).total
    except PricingError:  # no price there, or a case that needs a fact which no column states
        return None


def _cases(tariff: Tariff, fixed: Mapping[str, FactValue]) -> list[tuple[str, dict[str, FactValue]]]:
    """Facts without a default are crossed with one another, then each other fact departs from its default."""
    named = {fact: values for fact, values in _named_values(tariff).items() if fact.name not in fixed}
    required = [fact for fact in named if fact.required]
    optional = [fact for fact in named if not fact.required]
    cases = []
    for values in product(*(named[fact] for fact in required)):
        usual = {fact.name: value for fact, value in zip(required, values, strict=True)}
        words = [fact.describe(value) for fact, value in zip(required, values, strict=True)]
        cases.append((_title(words) or "Tarif", usual))
        cases += [
            (_title([*words, fact.describe(value)]), {**usual, fact.name: value})
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


def _quotients(tariff: Tariff) -> list[tuple[Quotient | None, str]]:
    """One quotient for each interval in which no bracket changes, and the family without proof."""
    rules = [step.rule for component in tariff.components for step in component.steps]
    labels = {(low, high): label for rule in rules for low, high, label in rule.brackets}
    starts = {0} | {low for low, _ in labels} | {high + 1 for _, high in labels if high is not None}
    ordered = sorted(starts)
    rows: list[tuple[Quotient | None, str]] = []
    for index, low in enumerate(ordered):
        high = ordered[index + 1] - 1 if index + 1 < len(ordered) else None
        label = labels.get((low, high)) or interval(low, high)
        rows.append((Quotient(Decimal(low).scaleb(-2)), label[:1].upper() + label[1:]))
    return [*rows, (None, "Quotient non communiqué")]
