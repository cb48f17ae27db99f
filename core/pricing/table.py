"""A price by several ordered criteria at once: quotient × rank × residence × format × level × weekday…"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from core.contracts.pricing import (
    Condition,
    ExplanationStep,
    Fact,
    FactLookup,
    FactValue,
    Outcome,
    Span,
    StepRule,
    Unit,
)
from core.pricing.axes import (
    BOUNDS,
    Interval,
    Measured,
    find,
    holes,
    in_order,
    measured,
    read_interval,
)
from core.pricing.conditions import hold, read_condition, read_value
from core.pricing.explain import bound, euros, refusal, sentence
from core.pricing.reading import Reader
from core.pricing.rules import Facts, Policy, by_policy, policy, price_of
from core.pricing.vocabulary import QF

MAX_CELLS = 5_000


@dataclass(frozen=True, slots=True)
class Bands:
    """An axis of intervals. ``drop`` brings a case some bands down (a reduction by bracket), never below the first."""

    on: Measured
    rows: tuple[Interval, ...]
    lows: tuple[int, ...]
    missing: Policy
    hole: Policy
    drop: int
    drop_when: Condition

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.on.name, *(name for name, _ in self.drop_when)})


@dataclass(frozen=True, slots=True)
class Values:
    """An axis of values; several may share a place."""

    fact: Fact
    places: tuple[tuple[FactValue | Span, ...], ...]

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.fact.name})


Axis = Bands | Values


@dataclass(frozen=True, slots=True)
class Table:
    """Amounts by the places of a case on each axis; an empty cell is a case without a price."""

    axes: tuple[Axis, ...]
    amounts: tuple[Decimal | None, ...]  # row-major
    sizes: tuple[int, ...]

    keys: ClassVar[tuple[str, ...]] = ("axes", "amounts")
    optional_keys: ClassVar[tuple[str, ...]] = ()
    sets_price: ClassVar[bool] = True

    @property
    def reads(self) -> frozenset[str]:
        return frozenset().union(*(axis.reads for axis in self.axes))

    @property
    def brackets(self) -> tuple[tuple[str, int, int | None, str], ...]:
        return tuple(
            (axis.on.name, row.low, row.high, row.label)
            for axis in self.axes
            if isinstance(axis, Bands)
            for row in axis.rows
        )

    @property
    def cases(self) -> tuple[tuple[str, tuple[FactValue, ...]], ...]:
        found: list[tuple[str, tuple[FactValue, ...]]] = []
        for axis in self.axes:
            if isinstance(axis, Values):
                firsts = [place[0] for place in axis.places]
                named = tuple(int(first.low or 0) if isinstance(first, Span) else first for first in firsts)
                found.append((axis.fact.name, named))
        return tuple(found)

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        before = len(reader.problems)
        axes = [
            _axis(reader, item, item_path, facts)
            for item_path, item in reader.items(data["axes"], f"{path}.axes", at_most=5)
        ]
        if any(axis is None for axis in axes) or len(reader.problems) > before + _warnings(reader, before):
            return None
        known = tuple(axis for axis in axes if axis is not None)
        names = [axis.on.name if isinstance(axis, Bands) else axis.fact.name for axis in known]
        if len(set(names)) < len(names):
            reader.error(f"{path}.axes", "deux axes lisent le même fait")
            return None
        sizes = tuple(len(axis.rows if isinstance(axis, Bands) else axis.places) for axis in known)
        cells = 1
        for size in sizes:
            cells *= size
        if cells > MAX_CELLS:
            reader.error(f"{path}.axes", f"ce tableau a {cells} cases : {MAX_CELLS} au plus")
            return None
        errors = sum(problem.level == "error" for problem in reader.problems)
        amounts = tuple(_cells(reader, data["amounts"], f"{path}.amounts", sizes))
        if sum(problem.level == "error" for problem in reader.problems) > errors:
            return None
        return cls(known, amounts, sizes)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        said: list[ExplanationStep] = []
        places: list[int | None] = []
        words: list[str] = []
        unknown: tuple[Policy, str, str] | None = None
        for axis in self.axes:
            place: int | None
            if isinstance(axis, Values):
                place = _place(axis, fact(axis.fact.name))
                words.append(axis.fact.describe(fact(axis.fact.name)))
            else:
                told = axis.on.said(fact)
                said.append(told)
                value = axis.on.value(fact)
                place = None if value is None else find(axis.lows, axis.rows, value)
                of = "quotient familial" if axis.on.name == QF else axis.on.label
                code = "qf" if axis.on.name == QF else "measure"
                if value is None:
                    unknown = (axis.missing, f"Sans justificatif : {of}", f"{code}-missing")
                elif place is None:
                    unknown = (
                        axis.hole,
                        f"La valeur {bound(value)} ({of}) n’est dans aucune tranche",
                        f"{code}-hole",
                    )
                else:
                    if axis.drop and hold(axis.drop_when, fact) and place:
                        lower = max(0, place - axis.drop)
                        ours, lowered = axis.rows[place].label, axis.rows[lower].label
                        said.append(
                            sentence("drop", f"Réduction : tranche « {lowered} » au lieu de « {ours} ».")
                        )
                        place = lower
                    words.append(f"tranche « {axis.rows[place].label} »")
            places.append(place)
        if unknown is not None:
            chosen, why, code = unknown
            candidates = [cell for cell in self._candidates(places) if cell is not None]
            if not candidates:
                raise refusal(code, f"{why} : le tarif ne donne pas de prix.")
            outcome = by_policy(chosen, candidates, why, code, unit, said[0])
            return Outcome(outcome.amount, (*said, *outcome.said[1:]))
        cell = next(iter(self._candidates(places)))
        case = ", ".join(words)
        if cell is None:
            raise refusal("table-empty", f"Le tarif ne prévoit pas ce cas : {case}.")
        said.append(sentence("table", f"Tableau des prix ({case}) : {euros(cell)} par {unit.label}."))
        return Outcome(cell, tuple(said))

    def _candidates(self, places: list[int | None]) -> Iterator[Decimal | None]:
        """The cells of these places; all of an axis where the place is not known."""
        indices = [0]
        for size, place in zip(self.sizes, places, strict=True):
            reach = range(size) if place is None else (place,)
            indices = [index * size + at for index in indices for at in reach]
        return (self.amounts[index] for index in indices)


def _place(axis: Values, value: FactValue) -> int:
    for index, place in enumerate(axis.places):
        if any(known.holds(value) if isinstance(known, Span) else known == value for known in place):
            return index
    raise refusal("table-value", f"Le tarif ne prévoit pas ce cas : {axis.fact.describe(value)}.")


def _warnings(reader: Reader, since: int) -> int:
    return sum(problem.level == "warning" for problem in reader.problems[since:])


def _axis(reader: Reader, value: Any, path: str, facts: Facts) -> Axis | None:
    if isinstance(value, dict) and "values" in value:
        return _values(reader, value, path, facts)
    data = reader.object(value, path, ("on", "brackets", "missing"), ("hole", "drop"))
    if data is None:
        return None
    errors = sum(problem.level == "error" for problem in reader.problems)
    on = measured(reader, data["on"], f"{path}.on", facts)
    rows = []
    for item_path, item in reader.items(data["brackets"], f"{path}.brackets", at_most=200):
        row = reader.object(item, item_path, (), BOUNDS)
        bounds = None if row is None else read_interval(reader, row, item_path)
        if bounds is not None:
            rows.append(bounds)
    missing = policy(reader, data["missing"], f"{path}.missing")
    hole = policy(reader, data["hole"], f"{path}.hole") if "hole" in data else None
    by, when = _drop(reader, data["drop"], f"{path}.drop", facts) if "drop" in data else (0, ())
    if sum(problem.level == "error" for problem in reader.problems) > errors or on is None or missing is None:
        return None
    if not rows or not in_order(reader, rows, f"{path}.brackets", on.noun):
        return None
    for place, words in holes(rows, f"{path}.brackets", on.noun):
        if hole is None:
            reader.error(place, f"{words} : dites avec « hole » ce que paie un quotient qui y tombe")
            return None
        reader.warning(place, f"{words} ; « hole » s’applique")
    lows = tuple(row.low for row in rows)
    return Bands(on, tuple(rows), lows, missing, "refuse" if hole is None else hole, by, when)


def _drop(reader: Reader, value: Any, path: str, facts: Facts) -> tuple[int, Condition]:
    data = reader.object(value, path, ("by", "when"))
    if data is None:
        return 0, ()
    by = data["by"]
    if isinstance(by, bool) or not isinstance(by, int) or not 1 <= by <= 50:
        reader.error(f"{path}.by", "un nombre entier de tranches est attendu, de 1 à 50")
        by = 0
    return by, read_condition(reader, data["when"], f"{path}.when", facts)


def _values(reader: Reader, value: Any, path: str, facts: Facts) -> Values | None:
    data = reader.object(value, path, ("on", "values"))
    if data is None:
        return None
    usable = [name for name, fact in facts.items() if fact.type in ("boolean", "integer", "choice")]
    name = reader.choice(data["on"], f"{path}.on", usable)
    if name is None:
        return None
    fact = facts[name]
    places: list[tuple[FactValue | Span, ...]] = []
    seen: list[FactValue | Span] = []
    for item_path, item in reader.items(data["values"], f"{path}.values", at_most=100):
        listed = reader.items(item, item_path, at_most=100) if isinstance(item, list) else [(item_path, item)]
        place = tuple(read_value(reader, one, one_path, fact) for one_path, one in listed)
        if any(one in seen for one in place):
            reader.error(item_path, "cette valeur a déjà sa place")
        seen += place
        places.append(place)
    return Values(fact, tuple(places)) if places else None


def _cells(reader: Reader, value: Any, path: str, sizes: tuple[int, ...]) -> Iterator[Decimal | None]:
    if not sizes:
        yield None if value is None else price_of(reader, value, path)
        return
    if not isinstance(value, list) or len(value) != sizes[0]:
        found = len(value) if isinstance(value, list) else "autre chose"
        reader.error(path, f"une liste de {sizes[0]} éléments est attendue, comme l’axe ; ici : {found}")
        return
    for index, item in enumerate(value):
        yield from _cells(reader, item, f"{path}[{index}]", sizes[1:])
