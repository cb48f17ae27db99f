"""How a component counts: a stated number of units, or the units started between two clock times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from core.contracts.pricing import CountRule, ExplanationStep, FactLookup, FactValue, Unit, measure
from core.pricing.explain import counted, number, sentence
from core.pricing.reading import Reader
from core.pricing.rules import Facts

STARTED, FULL, EXACT = "started", "full", "exact"
WAYS = (STARTED, FULL, EXACT)


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that the situation states: units, days, children."""

    name: str
    at_most: int | None = None

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.name})

    @property
    def one(self) -> Mapping[str, FactValue]:
        return {self.name: 1}

    def count(self, fact: FactLookup, unit: Unit) -> tuple[Decimal, tuple[ExplanationStep, ...]]:
        return _capped(Decimal(fact(self.name)), self.at_most, unit, ())  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes turned into units of ``per`` minutes. An exact multiple never spills over: 60 minutes are two half hours.

    Either ``name`` states the minutes, or they run between two times: each end is a fact or a time of the tariff.
    The first ``free`` minutes are not counted; ``grace`` forgives that many at the end.
    """

    name: str
    start: str | time
    end: str | time
    per: int
    way: str
    free: int
    grace: int
    at_most: int | None

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(name for name in (self.name, self.start, self.end) if isinstance(name, str) and name)

    @property
    def one(self) -> Mapping[str, FactValue]:
        minutes = self.free + self.per
        if self.name:
            return {self.name: minutes}
        found: dict[str, FactValue] = {}
        if isinstance(self.start, str):
            end = 23 * 60 + 59 if isinstance(self.end, str) else self.end.hour * 60 + self.end.minute
            found[self.start] = _clock(end - minutes)
        if isinstance(self.end, str):
            start = found.get(self.start) if isinstance(self.start, str) else self.start
            found[self.end] = _clock(int(measure(start) or 0) + minutes)
        return found

    def count(self, fact: FactLookup, unit: Unit) -> tuple[Decimal, tuple[ExplanationStep, ...]]:
        minutes = self._minutes(fact)
        if minutes <= self.grace:
            minutes = Decimal(0)
        units = max(Decimal(0), minutes - self.free) / self.per
        if self.way == STARTED:
            # What is forgiven is forgiven for each unit: 31 minutes with one of grace are one half hour.
            units = (max(Decimal(0), minutes - self.free - self.grace) / self.per).to_integral_value(
                ROUND_CEILING
            )
        elif self.way == FULL:
            units = units.to_integral_value(ROUND_FLOOR)
        how = {
            STARTED: "commencées" if unit.code.endswith("hour") else "commencés",
            FULL: "entières",
            EXACT: "",
        }
        words = f"{number(minutes)} minutes : {counted(units, unit)}{' ' + how[self.way] if how[self.way] else ''}."
        return _capped(units, self.at_most, unit, (sentence("count", words),))

    def _minutes(self, fact: FactLookup) -> Decimal:
        if self.name:
            return measure(fact(self.name)) or Decimal(0)
        start, end = (
            measure(fact(side) if isinstance(side, str) else side) for side in (self.start, self.end)
        )
        return Decimal(0) if start is None or end is None else max(Decimal(0), end - start)


def _clock(minutes: int) -> time:
    return time(*divmod(min(max(minutes, 0), 24 * 60 - 1), 60))


def _capped(
    units: Decimal, at_most: int | None, unit: Unit, said: tuple[ExplanationStep, ...]
) -> tuple[Decimal, tuple[ExplanationStep, ...]]:
    if at_most is None or units <= at_most:
        return units, said
    words = f"{counted(units, unit)}, {number(at_most)} au plus sont comptés."
    return Decimal(at_most), (*said, sentence("count-max", words))


def read_counts(reader: Reader, value: Any, path: str, facts: Facts) -> tuple[CountRule, ...]:
    """One way of counting, or several that are multiplied."""
    listed = reader.items(value, path, at_most=5) if isinstance(value, list) else [(path, value)]
    read = [_count(reader, item, item_path, facts) for item_path, item in listed]
    return tuple(rule for rule in read if rule is not None)


def _count(reader: Reader, value: Any, path: str, facts: Facts) -> CountRule | None:
    if isinstance(value, str):
        return _stated(reader, value, path, facts)
    if isinstance(value, dict) and "fact" in value:
        data = reader.object(value, path, ("fact",), ("at_most",))
        if data is None:
            return None
        stated = _stated(reader, data["fact"], f"{path}.fact", facts)
        if "at_most" not in data or stated is None:
            return stated
        cap = _whole(reader, data["at_most"], f"{path}.at_most", 1, 10_000)
        return None if cap is None else Stated(stated.name, cap)
    data = reader.object(
        value, path, ("per",), ("minutes", "from", "to", "count", "free", "grace", "at_most")
    )
    if data is None:
        return None
    before = len(reader.problems)
    per = _whole(reader, data["per"], f"{path}.per", 1, 24 * 60)
    free = _whole(reader, data.get("free", 0), f"{path}.free", 0, 24 * 60)
    grace = _whole(reader, data.get("grace", 0), f"{path}.grace", 0, 24 * 60)
    at_most = _whole(reader, data["at_most"], f"{path}.at_most", 1, 10_000) if "at_most" in data else None
    way = reader.choice(data.get("count", STARTED), f"{path}.count", WAYS)
    if ("minutes" in data) == ("from" in data or "to" in data):
        reader.error(path, "donnez « minutes » (un fait), ou « from » et « to » (un fait ou une heure)")
        return None
    name, start, end = "", time(0), time(0)
    ends: list[str | time] = [start, end]
    if "minutes" in data:
        known = [fact.name for fact in facts.values() if fact.type in ("integer", "decimal")]
        name = reader.choice(data["minutes"], f"{path}.minutes", known) or ""
    else:
        ends = [_end(reader, data, key, path, facts) for key in ("from", "to")]
    if len(reader.problems) > before or per is None or free is None or grace is None or way is None:
        return None
    return Minutes(name, ends[0], ends[1], per, way, free, grace, at_most)


def _stated(reader: Reader, value: Any, path: str, facts: Facts) -> Stated | None:
    known = [fact.name for fact in facts.values() if fact.type in ("integer", "decimal")]
    name = reader.choice(value, path, known)
    return None if name is None else Stated(name)


def _end(reader: Reader, data: Mapping[str, Any], key: str, path: str, facts: Facts) -> str | time:
    where = f"{path}.{key}"
    value = data.get(key)
    if isinstance(value, str) and value in facts and facts[value].type == "time":
        return value
    return reader.clock(value, where) or time(0)


def _whole(reader: Reader, value: Any, path: str, low: int, high: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        reader.error(path, f"un nombre entier est attendu, de {low} à {high}")
        return None
    return value
