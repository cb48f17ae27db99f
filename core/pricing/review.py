"""What an agent looks at before publishing: what changes for families, what the law forbids. Pure."""

from dataclasses import dataclass

from core.contracts.money import Money
from core.contracts.pricing import Tariff
from core.pricing.explain import typeset
from core.pricing.grid import Grid, grid


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


def above_cost(tariff: Tariff) -> str:
    """A sentence when a price of the grid is above what a unit costs the town (Code de l'éducation R531-53)."""
    cost = tariff.cost_per_unit
    if cost is None:
        return ""
    prices = [cell for _label, cells in grid(tariff).titled for _column, cell in cells if cell is not None]
    if not prices or max(prices) <= cost:
        return ""
    words = f"Un prix de la grille ({max(prices)}) dépasse ce que coûte l’unité à la commune ({cost}) : pour un repas"
    return typeset(f"{words} scolaire, le code de l’éducation (R531-53) l’interdit, majorations comprises.")
