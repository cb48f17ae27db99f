"""Kinds of step that give a price: fixed, by bracket, by table, by rate, by interpolation.

A kind is a frozen class with a ``parse`` that reads its part of the file and the methods of ``StepRule``; one
entry in ``STEP_KINDS`` makes it usable in every tariff. No kind is made for one town. ``core.pricing.changes``
holds those that transform a price.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar, Final

from core.contracts.pricing import FactLookup, Outcome, StepRule, Unit
from core.pricing import changes, table
from core.pricing.axes import (
    BOUNDS,
    Interval,
    Measured,
    find,
    holes,
    hundredths,
    in_order,
    interval,
    measured,
    read_interval,
)
from core.pricing.explain import bound, euros, number, sentence
from core.pricing.reading import Reader
from core.pricing.rules import (
    POLICIES,
    PRICE_PLACES,
    Facts,
    Plain,
    Policy,
    StepKind,
    by_policy,
    policy,
    price_of,
    words_of,
)
from core.pricing.vocabulary import QF

__all__ = ["POLICIES", "STEP_KINDS", "interval"]


@dataclass(frozen=True, slots=True)
class Fixed(Plain):
    """One price for everybody; after others, a price that replaces theirs."""

    amount: Decimal
    label: str

    keys: ClassVar[tuple[str, ...]] = ("amount",)
    optional_keys: ClassVar[tuple[str, ...]] = ("label",)
    sets_price: ClassVar[bool] = True

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        amount = price_of(reader, data["amount"], f"{path}.amount")
        label = words_of(reader, data, path, "Prix fixe")
        return None if amount is None or label is None else cls(amount, label)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        words = f"{self.label} : {euros(self.amount)} par {unit.label}."
        return Outcome(self.amount, (sentence("fixed", words),))


@dataclass(frozen=True, slots=True)
class Brackets:
    """A price by bracket of a measure, compared to the cent.

    ``missing`` answers for a measure that is not known (a family without proof), ``hole`` for one that no bracket
    holds.
    """

    on: Measured
    rows: tuple[Interval, ...]
    amounts: tuple[Decimal, ...]
    missing: Policy
    hole: Policy
    lows: tuple[int, ...]

    keys: ClassVar[tuple[str, ...]] = ("on", "brackets", "missing")
    optional_keys: ClassVar[tuple[str, ...]] = ("hole",)
    sets_price: ClassVar[bool] = True

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.on.name})

    @property
    def brackets(self) -> tuple[tuple[str, int, int | None, str], ...]:
        return tuple((self.on.name, row.low, row.high, row.label) for row in self.rows)

    @property
    def cases(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        return ()

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        before = len(reader.problems)
        on = measured(reader, data.get("on", QF), f"{path}.on", facts)
        rows: list[Interval] = []
        amounts: list[Decimal] = []
        for item_path, item in reader.items(data["brackets"], f"{path}.brackets", at_most=200):
            row = reader.object(item, item_path, ("amount",), BOUNDS)
            if row is None:
                continue
            amount = price_of(reader, row["amount"], f"{item_path}.amount")
            bounds = read_interval(reader, row, item_path)
            if amount is not None and bounds is not None:
                rows.append(bounds)
                amounts.append(amount)
        missing = policy(reader, data["missing"], f"{path}.missing")
        hole = policy(reader, data["hole"], f"{path}.hole") if "hole" in data else None
        if on is None or missing is None or not rows or len(reader.problems) > before:
            return None
        if not in_order(reader, rows, f"{path}.brackets", on.noun):
            return None
        tell_holes(reader, rows, data, path, on.noun)
        lows = tuple(row.low for row in rows)
        return cls(on, tuple(rows), tuple(amounts), missing, "refuse" if hole is None else hole, lows)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        said = self.on.said(fact)
        value = self.on.value(fact)
        if value is None:
            why = "Sans justificatif de quotient familial" if self.on.name == QF else f"Sans {self.on.label}"
            return by_policy(self.missing, self.amounts, why, f"{self._code}-missing", unit, said)
        index = find(self.lows, self.rows, value)
        if index is None:
            subject = "Le quotient" if self.on.name == QF else f"La valeur de « {self.on.label} »"
            why = f"{subject} {bound(value)} n’est dans aucune tranche"
            return by_policy(self.hole, self.amounts, why, f"{self._code}-hole", unit, said)
        of = "de quotient " if self.on.name == QF else ""
        words = f"Tranche {of}« {self.rows[index].label} » : {euros(self.amounts[index])} par {unit.label}."
        return Outcome(self.amounts[index], (said, sentence("bracket", words)))

    @property
    def _code(self) -> str:
        return "qf" if self.on.name == QF else "measure"


@dataclass(frozen=True, slots=True)
class QfBrackets(Brackets):
    """The same by family quotient, the commonest of all."""

    keys: ClassVar[tuple[str, ...]] = ("brackets", "missing")


def tell_holes(reader: Reader, rows: list[Interval], data: Mapping[str, Any], path: str, what: str) -> None:
    """A hole is an error, unless the tariff says what it costs."""
    found = holes(rows, f"{path}.brackets", what)
    for place, words in found:
        if "hole" in data:
            reader.warning(place, f"{words} ; « hole » s’applique")
        else:
            reader.error(place, f"{words} : dites avec « hole » ce que paie un quotient qui y tombe")
    if "hole" in data and not found:
        reader.error(f"{path}.hole", "les tranches n’ont pas de trou : cette clé ne servirait pas")


@dataclass(frozen=True, slots=True)
class Rate:
    """Effort rate: ``rate × base + plus``, the base held between two bounds first (taux d’effort).

    Bounds on the price itself are another step, ``clamp``.
    """

    on: Measured
    rate: Decimal
    plus: Decimal
    low: Decimal | None
    high: Decimal | None
    missing: Policy

    keys: ClassVar[tuple[str, ...]] = ("on", "rate", "missing")
    optional_keys: ClassVar[tuple[str, ...]] = ("plus", "base_min", "base_max")
    sets_price: ClassVar[bool] = True

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.on.name})

    @property
    def brackets(self) -> tuple[tuple[str, int, int | None, str], ...]:
        low = 0 if self.low is None else hundredths(self.low)
        rows: list[tuple[int, int | None]] = [(0, low - 1)] if low else []
        if self.high is None:
            rows.append((low, None))
        else:
            rows += [(low, hundredths(self.high) - 1), (hundredths(self.high), None)]
        return tuple((self.on.name, first, last, interval(first, last)) for first, last in rows)

    @property
    def cases(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        return ()

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        before = len(reader.problems)
        on = measured(reader, data["on"], f"{path}.on", facts)
        rate = reader.decimal(data["rate"], f"{path}.rate", places=PRICE_PLACES, what="un taux")
        plus = price_of(reader, data.get("plus", "0"), f"{path}.plus")
        bounds = [
            reader.decimal(data[key], f"{path}.{key}", places=2, what="un nombre") if key in data else None
            for key in ("base_min", "base_max")
        ]
        missing = policy(reader, data["missing"], f"{path}.missing")
        low, high = bounds
        if low is not None and high is not None and high <= low:
            reader.error(f"{path}.base_max", "le maximum n’est pas au-dessus du minimum")
        if missing == "highest" and high is None:
            words = "sans « base_max », aucun prix n’est le plus élevé : écrivez un prix ou « refuse »"
            reader.error(f"{path}.missing", words)
        if on is None or rate is None or plus is None or missing is None or len(reader.problems) > before:
            return None
        return cls(on, rate, plus, low, high, missing)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        said = self.on.said(fact)
        value = self.on.value(fact)
        if value is None:
            why = "Sans justificatif de quotient familial" if self.on.name == QF else f"Sans {self.on.label}"
            extremes = [self._price(self.low or Decimal(0))]
            if self.high is not None:
                extremes.append(self._price(self.high))
            return by_policy(self.missing, extremes, why, f"{self._code}-missing", unit, said)
        base, held = value, []
        if self.low is not None and value < self.low:
            base, held = self.low, [sentence("base-min", f"Compté pour le minimum : {bound(self.low)}.")]
        elif self.high is not None and value > self.high:
            base, held = self.high, [sentence("base-max", f"Compté pour le maximum : {bound(self.high)}.")]
        result = self._price(base)
        plus = f" + {euros(self.plus)}" if self.plus else ""
        words = f"{bound(base)} × {number(self.rate)}{plus} = {euros(result)} par {unit.label}."
        return Outcome(result, (said, *held, sentence("rate", words)))

    def _price(self, base: Decimal) -> Decimal:
        return base * self.rate + self.plus

    @property
    def _code(self) -> str:
        return "qf" if self.on.name == QF else "measure"


@dataclass(frozen=True, slots=True)
class Linear:
    """A price on the straight line between two printed points; flat before the first and after the last."""

    on: Measured
    points: tuple[tuple[Decimal, Decimal], ...]
    missing: Policy

    keys: ClassVar[tuple[str, ...]] = ("on", "points", "missing")
    optional_keys: ClassVar[tuple[str, ...]] = ()
    sets_price: ClassVar[bool] = True

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.on.name})

    @property
    def brackets(self) -> tuple[tuple[str, int, int | None, str], ...]:
        starts = [hundredths(at) for at, _ in self.points]
        rows: list[tuple[int, int | None]] = [(0, starts[0] - 1)] if starts[0] else []
        rows += [(low, high - 1) for low, high in pairwise(starts)]
        rows.append((starts[-1], None))
        return tuple((self.on.name, first, last, interval(first, last)) for first, last in rows)

    @property
    def cases(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        return ()

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        before = len(reader.problems)
        on = measured(reader, data["on"], f"{path}.on", facts)
        missing = policy(reader, data["missing"], f"{path}.missing")
        points: list[tuple[Decimal, Decimal]] = []
        for item_path, item in reader.items(data["points"], f"{path}.points", at_least=2, at_most=50):
            row = reader.object(item, item_path, ("at", "amount"))
            if row is None:
                continue
            at = reader.decimal(row["at"], f"{item_path}.at", places=2, what="un nombre")
            amount = price_of(reader, row["amount"], f"{item_path}.amount")
            if at is None or amount is None:
                continue
            if points and at <= points[-1][0]:
                reader.error(f"{item_path}.at", "les points s’écrivent du plus bas au plus haut")
            points.append((at, amount))
        if on is None or missing is None or len(reader.problems) > before:
            return None
        return cls(on, tuple(points), missing)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        said = self.on.said(fact)
        value = self.on.value(fact)
        if value is None:
            why = "Sans justificatif de quotient familial" if self.on.name == QF else f"Sans {self.on.label}"
            code = "qf-missing" if self.on.name == QF else "measure-missing"
            return by_policy(self.missing, [price for _, price in self.points], why, code, unit, said)
        first, last = self.points[0], self.points[-1]
        if value <= first[0] or value >= last[0]:
            at, result = first if value <= first[0] else last
            side = "jusqu’à" if value <= first[0] else "à partir de"
            words = f"Prix {side} {bound(at)} : {euros(result)} par {unit.label}."
            return Outcome(result, (said, sentence("linear", words)))
        (low, low_price), (high, high_price) = next(
            (before, after) for before, after in pairwise(self.points) if before[0] <= value < after[0]
        )
        # Multiplied before it is divided: a point of the line has then no error of its own.
        rise = (value - low) * (high_price - low_price) / (high - low)
        result = low_price + rise
        words = (
            f"Entre {bound(low)} ({euros(low_price)}) et {bound(high)} ({euros(high_price)}), en proportion : "
            f"{number(result.quantize(Decimal('0.000001')))}\u00a0€ par {unit.label}."
        )
        return Outcome(result, (said, sentence("linear", words)))


STEP_KINDS: Final[Mapping[str, type[StepKind]]] = {
    "fixed": Fixed,
    "qf_brackets": QfBrackets,
    "brackets": Brackets,
    "table": table.Table,
    "rate": Rate,
    "linear": Linear,
    "clamp": changes.Clamp,
    "add": changes.Add,
    "subtract": changes.Subtract,
    "increase": changes.Increase,
    "reduce": changes.Reduce,
    "take": changes.Take,
    "multiply": changes.Multiply,
    "round": changes.Round,
    "part": changes.Part,
}
