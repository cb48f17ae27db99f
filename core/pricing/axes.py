"""Intervals of a measure as a tariff file writes them: which bounds are inside, what overlaps, where a hole is.

A measure is compared to the cent, so an interval is two whole numbers of hundredths, both inside.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Protocol

from core.contracts.pricing import Fact, FactLookup, Quotient, measure
from core.pricing.explain import bound, number, quotient, sentence
from core.pricing.reading import Reader
from core.pricing.vocabulary import QF


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high`` hundredths, both inside; ``high`` is None without upper bound."""

    low: int
    high: int | None
    label: str


class HasBounds(Protocol):
    @property
    def low(self) -> int: ...
    @property
    def high(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Measured:
    """A fact read as a measure, with the words that present it."""

    name: str
    label: str

    def value(self, fact: FactLookup) -> Decimal | None:
        return measure(fact(self.name))

    @property
    def noun(self) -> str:
        return "quotient" if self.name == QF else "valeur"

    def said(self, fact: FactLookup) -> Any:
        value = fact(self.name)
        if self.name == QF:
            return sentence("qf", quotient(value if isinstance(value, Quotient) else None))
        known = self.value(fact)
        words = "non communiqué" if known is None else number(known)
        return sentence("measure", f"{self.label[:1].upper()}{self.label[1:]} : {words}.")


def measured(reader: Reader, value: Any, path: str, facts: Mapping[str, Fact]) -> Measured | None:
    """The fact that a step measures."""
    known = [
        name for name, fact in facts.items() if fact.type in ("quotient", "decimal", "number", "integer")
    ]
    name = reader.choice(value, path, known)
    return None if name is None else Measured(name, facts[name].label)


def hundredths(value: Decimal) -> int:
    return int(value.scaleb(2))


def find(lows: Sequence[int], rows: Sequence[HasBounds], value: Decimal) -> int | None:
    """Index of the interval that holds a value, None in a hole. ``lows`` are the lower bounds, in order."""
    cents = hundredths(value)
    index = bisect_right(lows, cents) - 1
    if index < 0:
        return None
    high = rows[index].high
    return index if high is None or cents <= high else None


BOUNDS = ("from", "above", "to", "below")


def read_interval(reader: Reader, data: Mapping[str, Any], path: str) -> Interval | None:
    """The interval of a bracket: its two bounds, each said to be inside or not."""
    low = _bound(reader, data, path, "from", "above")
    high = _bound(reader, data, path, "to", "below")
    if low is None or high is None:
        return None
    low_value, low_inside = low
    high_value, high_inside = high
    if low_value is None:
        reader.error(f"{path}.from", 'une tranche commence à un nombre ; la première commence à "0"')
        return None
    first = hundredths(low_value) + (0 if low_inside else 1)
    last = None if high_value is None else hundredths(high_value) - (0 if high_inside else 1)
    if last is not None and last < first:
        reader.error(path, "cette tranche est vide : sa borne haute est sous sa borne basse")
        return None
    return Interval(first, last, label(low_value, low_inside, high_value, high_inside))


def _bound(
    reader: Reader, data: Mapping[str, Any], path: str, inside: str, outside: str
) -> tuple[Decimal | None, bool] | None:
    """The bound and whether it is inside; the bound is None for ``null`` (no limit)."""
    given = [key for key in (inside, outside) if key in data]
    side = "basse" if inside == "from" else "haute"
    if len(given) != 1:
        reason = f"la borne {side} manque" if not given else f"la borne {side} est écrite deux fois"
        endless = "" if inside == "from" else ', ou "to": null s’il n’y a pas de limite'
        words = f"{reason} : « {inside} » (comprise) ou « {outside} » (non comprise){endless}"
        reader.error(f"{path}.{inside}", words)
        return None
    key = given[0]
    if data[key] is None and key == inside:
        return None, True
    value = reader.decimal(data[key], f"{path}.{key}", places=2, what="un nombre")
    return None if value is None else (value, key == inside)


def label(low: Decimal, low_inside: bool, high: Decimal | None, high_inside: bool) -> str:
    from_words = f"à partir de {bound(low)}" if low_inside else f"plus de {bound(low)}"
    if high is None:
        return from_words
    to_words = f"jusqu’à {bound(high)} inclus" if high_inside else f"moins de {bound(high)}"
    return to_words if low == 0 and low_inside else f"{from_words} et {to_words}"


def in_order(reader: Reader, rows: Sequence[HasBounds], path: str, what: str) -> bool:
    """Whether the brackets rise and none meets the next one; each fault is noted at its bracket."""
    before = len(reader.problems)
    for index, (row, following) in enumerate(pairwise(rows), start=1):
        if following.low < row.low:
            reader.error(f"{path}[{index}]", "les tranches s’écrivent de la plus basse à la plus haute")
        elif row.high is None or following.low <= row.high:
            at = _euros_of(following.low)
            reader.error(f"{path}[{index}]", f"cette tranche chevauche la précédente ({what} {at})")
    return len(reader.problems) == before


def holes(rows: Sequence[HasBounds], path: str, what: str) -> list[tuple[str, str]]:
    """Quotients that no bracket holds: the bracket beside the hole, and words."""
    found = []
    if rows[0].low > 0:
        found.append((f"{path}[0]", f"aucune tranche sous {_euros_of(rows[0].low)}"))
    for index, (row, following) in enumerate(pairwise(rows), start=1):
        if row.high is not None and following.low > row.high + 1:
            between = interval(row.high + 1, following.low - 1)
            found.append((f"{path}[{index}]", f"aucune tranche pour les {what}s {between}"))
    if rows[-1].high is not None:
        found.append((f"{path}[{len(rows) - 1}]", f"aucune tranche au-dessus de {_euros_of(rows[-1].high)}"))
    return found


def interval(low: int, high: int | None) -> str:
    """Words of an interval of cents, both ends inside."""
    if high is None:
        return f"à partir de {_euros_of(low)}"
    return f"de {_euros_of(low)} à {_euros_of(high)} inclus"


def _euros_of(cents: int) -> str:
    return bound(Decimal(cents).scaleb(-2))
