"""Facts of a case as JSON states them, read as the examples of a tariff are."""

from collections.abc import Mapping
from typing import Any

from core.contracts.pricing import FactValue, Tariff
from core.pricing.conditions import fact_value
from core.pricing.reading import Problem, Reader


def stated_facts(
    tariff: Tariff, document: Mapping[str, Any]
) -> tuple[dict[str, FactValue], tuple[Problem, ...]]:
    """The facts, and what is wrong with those that are not usable, by name."""
    reader = Reader()
    found: dict[str, FactValue] = {}
    for name, value in document.items():
        fact = tariff.facts.get(name)
        if fact is None:
            reader.error(str(name), f"ce tarif ne connaît pas ce fait ({', '.join(sorted(tariff.facts))})")
        else:
            found[name] = fact_value(reader, value, name, fact)
    return found, tuple(reader.problems)
