"""What families buy at a tariff: one simulator and one public grid for every service of the town."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from core.contracts.markers import collect_hook
from core.contracts.pricing import FactValue

if TYPE_CHECKING:
    from core.contracts.family import FamilyContext


@dataclass(frozen=True, slots=True)
class Pace:
    """How a unit repeats: one place a week comes `times` times in a school year, over `months` of its months.

    `most` places a week at most. A course sold by the term comes three times, at one place.
    """

    times: int
    months: int
    most: int = 1


@dataclass(frozen=True, slots=True)
class Use:
    """A child who uses a service: how many places a week, and what is known of that use (an instrument lent)."""

    child: UUID
    a_week: int = 1
    facts: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedService:
    """Something that families buy at a tariff: the simulator prices it, its public grid is published.

    `code` is a slug, unique in the town, that stands in addresses. `tariff` is the code of its tariff; the version in
    force declares the facts that it prices on, with their French labels and choices: the simulator asks for them, but
    for `states`, which the service states itself. `uses` are those of the family that was asked about.
    """

    code: str
    label: str
    tariff: str
    states: Mapping[str, FactValue] = field(default_factory=dict)
    pace: Pace | None = None
    uses: tuple[Use, ...] = ()
    weight: int = 100


@collect_hook
def priced_services(today: date, family: "FamilyContext | None") -> list[PricedService]:  # type: ignore[empty-body]
    """What a plugin sells at a tariff: it appears in the simulator, in the public grids and in the API.

    When: the pages and operations of tariffs; `family` is the one that asks for its own prices, None for the public.
    Without a plugin that implements it those pages do not exist. Returns: the services, in any order; two queries a
    plugin are expected at most, two more with a family.
    On failure: the other services are shown. Since: 1.0.
    """
