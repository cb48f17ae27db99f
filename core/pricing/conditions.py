"""Values and conditions as a tariff file writes them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.contracts.pricing import MEASURES, Condition, Fact, FactLookup, FactValue, Quotient, Span, measure
from core.pricing.axes import label as span_label
from core.pricing.explain import QUOTIENT_KINDS
from core.pricing.reading import Reader, join, shown

_BOUNDS = (("from", "above"), ("to", "below"))


def hold(condition: Condition, fact: FactLookup) -> bool:
    """Whether each fact has one of the values that it may have."""
    for name, values in condition:
        value = fact(name)
        if value not in values and not any(type(known) is Span and known.holds(value) for known in values):
            return False
    return True


def read_condition(reader: Reader, value: Any, path: str, facts: Mapping[str, Fact]) -> Condition:
    condition: list[tuple[str, tuple[FactValue | Span, ...]]] = []
    for name, wanted in reader.free_object(value, path).items():
        where = join(path, name)
        fact = facts.get(name)
        if fact is None:
            reader.error(where, f"ce fait n’est pas déclaré (faits possibles : {', '.join(sorted(facts))})")
            continue
        listed = reader.items(wanted, where, at_most=50) if isinstance(wanted, list) else [(where, wanted)]
        condition.append((name, tuple(_wanted(reader, item, item_path, fact) for item_path, item in listed)))
    return tuple(condition)


def _wanted(reader: Reader, value: Any, path: str, fact: Fact) -> FactValue | Span:
    if value is None and fact.type in ("quotient", "number"):
        return None
    if not isinstance(value, dict) and fact.type in MEASURES:
        words = 'une mesure ne se compare pas à une valeur, mais à une tranche comme {"from": "0", "below": "650"}'
        reader.error(path, words)
        return None
    return read_value(reader, value, path, fact)


def read_value(reader: Reader, value: Any, path: str, fact: Fact) -> FactValue | Span:
    """A value, or a span of values where the fact has an order."""
    if isinstance(value, dict) and fact.type not in ("choice", "boolean"):
        return _span(reader, value, path, fact)
    return fact_value(reader, value, path, fact)


def _span(reader: Reader, value: Mapping[str, Any], path: str, fact: Fact) -> Span | None:
    data = reader.object(value, path, (), ("from", "above", "to", "below"))
    if data is None:
        return None
    before = len(reader.problems)
    ends: list[tuple[Decimal | None, bool]] = []
    for inside, outside in _BOUNDS:
        given = [key for key in (inside, outside) if key in data]
        if len(given) > 1:
            reader.error(path, f"« {inside} » ou « {outside} », pas les deux")
        if not given or data[given[0]] is None:
            ends.append((None, True))
            continue
        ends.append((_end(reader, data[given[0]], f"{path}.{given[0]}", fact), given[0] == inside))
    (low, low_inside), (high, high_inside) = ends
    if low is None and high is None and len(reader.problems) == before:
        reader.error(path, "donnez au moins une borne : « from », « above », « to » ou « below »")
    if low is not None and high is not None and high < low:
        reader.error(path, "la borne haute est sous la borne basse")
    words = span_label(low or Decimal(0), low_inside, high, high_inside)
    return Span(low, low_inside, high, high_inside, words)


def _end(reader: Reader, value: Any, path: str, fact: Fact) -> Decimal | None:
    match fact.type:
        case "integer":
            known = fact_value(reader, value, path, fact)
            return None if known is None else measure(known)
        case "time":
            clock = reader.clock(value, path)
            return None if clock is None else measure(clock)
        case _:
            return reader.decimal(value, path, places=2, what="un nombre")


def fact_value(reader: Reader, value: Any, path: str, fact: Fact) -> FactValue:
    """A value of the file for a fact; None when a problem was noted (or for a measure that is not known)."""
    match fact.type:
        case "quotient":
            return None if value is None else _quotient(reader, value, path)
        case "number":
            return None if value is None else reader.decimal(value, path, places=2, what="un nombre")
        case "decimal":
            return reader.decimal(value, path, places=2, what="une quantité")
        case "boolean" if isinstance(value, bool):
            return value
        case "integer" if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        case "choice":
            return reader.choice(value, path, [str(known) for known, _ in fact.values])
        case "time":
            return reader.clock(value, path)
    expected = "true ou false est attendu" if fact.type == "boolean" else "un nombre entier est attendu"
    reader.error(path, f"{expected}, pas {shown(value)}")
    return None


def _quotient(reader: Reader, value: Any, path: str) -> Quotient | None:
    if not isinstance(value, dict):
        amount = reader.decimal(value, path, places=2, what="un quotient")
        return None if amount is None else _checked_quotient(reader, path, amount, None, "caf")
    data = reader.object(value, path, ("value",), ("month", "kind"))
    if data is None:
        return None
    amount = reader.decimal(data["value"], f"{path}.value", places=2, what="un quotient")
    kind = reader.choice(data.get("kind", "caf"), f"{path}.kind", QUOTIENT_KINDS)
    month = None
    if "month" in data:
        month = reader.day(f"{data['month']}-01" if isinstance(data["month"], str) else None, f"{path}.month")
    return None if amount is None or kind is None else _checked_quotient(reader, path, amount, month, kind)


def _checked_quotient(
    reader: Reader, path: str, amount: Decimal, month: date | None, kind: Any
) -> Quotient | None:
    try:
        return Quotient(amount, month, kind)
    except ValueError:
        reader.error(path, "ce quotient familial est trop grand")
        return None
