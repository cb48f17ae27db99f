"""What an agent looks at before publishing: what changes for families, what the law forbids. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from core.contracts.money import Money
from core.contracts.pricing import Tariff
from core.pricing.explain import day, typeset
from core.pricing.grid import Grid, dearest, grid
from core.pricing.sketch import own_facts, said_parts
from core.pricing.vocabulary import ROUNDINGS


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of the public grid that is not the same; None where a version gives no price or has no such case."""

    row: str
    column: str
    before: Money | None
    after: Money | None


def differences(before: Tariff, after: Tariff) -> list[Difference]:
    """Cells that differ, in the order of the new grid, then those that are gone."""
    old, new = _cells(grid(before)), _cells(grid(after))
    return [
        Difference(*place, old.get(place), new.get(place))
        for place in [*new, *(place for place in old if place not in new)]
        if old.get(place) != new.get(place)
    ]


def _cells(shown: Grid) -> dict[tuple[str, str], Money | None]:
    return {(label, column): cell for label, cells in shown.titled for column, cell in cells}


@dataclass(frozen=True, slots=True)
class Rewording:
    """Lines of a tariff that are not written the same: those that went, those that came."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def rewordings(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Rewording]:
    """How two documents differ, in the words in which agents read them."""
    old, new = list(_lines(before)), list(_lines(after))
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    return [
        Rewording(tuple(old[a:b]), tuple(new[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    yield f"Nom : {document['name']}"
    if decision := document["decision"]:
        yield f"Délibération n° {decision['number']} du {_day(decision['date'])}"
    validity = document["validity"]
    until = f" jusqu’au {_day(validity['to'])}" if validity["to"] else ""
    yield f"Valable à partir du {_day(validity['from'])}{until}"
    if cost := document.get("cost_per_unit"):
        yield f"Coût de revient : {Money.of(cost)}"
    yield f"Arrondi {dict(ROUNDINGS.values())[ROUNDINGS[document.get('rounding', 'half_up')][0]]}"
    for fact in own_facts(document):
        values = ", ".join(words for _value, words in fact.values)
        yield typeset(f"Critère « {fact.label} »{' : ' if values else ''}{values}")
    for part in said_parts(document):
        yield typeset(f"{part.label} ({part.kind}, par {part.unit}){' si ' if part.when else ''}{part.when}")
        for _chain, _title, steps in part.chains:
            for step in steps:
                when = f" si {step.when}" if step.when else ""
                yield typeset(f"{part.label} : {step.title[:1].lower()}{step.title[1:]}, {step.words}{when}")
    if note := document.get("note"):
        yield typeset(f"Un mot aux familles : {note}")
    for example in document["examples"]:
        expected = Money.of(example["expected"]) if "expected" in example else "pas de prix"
        yield typeset(f"Exemple « {example['name']} » : {expected}")


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def above_cost(tariff: Tariff) -> str:
    """A sentence when a price, surcharges together, is above what a unit costs (Code de l'éducation R531-53)."""
    cost = tariff.cost_per_unit
    found = dearest(tariff) if cost is not None else None
    if cost is None or found is None or found[0] <= cost:
        return ""
    highest, case = found
    which = f"{highest}, {case}" if case else f"{highest}"
    words = f"Un prix ({which}) dépasse ce que coûte l’unité à la commune ({cost}) : pour un repas"
    return typeset(f"{words} scolaire, le code de l’éducation (R531-53) l’interdit, majorations comprises.")
