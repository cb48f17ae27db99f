"""The calendar of the town changes: what plugins hold on days that became something else."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core.contracts.markers import collect_hook


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that became something else: at one site, or in the whole town (`site` None)."""

    day: date
    site: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Something that stands on a changed day, and does not move by itself: « Restauration scolaire, École Villon ».

    `people`: how many are expected there. `url`: where an agent acts on it.
    """

    day: date
    what: str
    people: int
    url: str = ""
    weight: int = 100


@collect_hook
def affected_by_calendar(days: tuple[ChangedDay, ...], user: Any) -> list[Affected]:  # type: ignore[empty-body]
    """What a plugin holds on days that an agent changed in the tables of the town.

    When: an agent opens a change of the calendar; `user` is that agent, who is told only of the sites that he or she
    reaches. At most a few hundred days are asked about. Returns: what still stands on those days, in any order; two
    queries a plugin are expected at most. On failure: the change is shown without the plugin. Since: 1.0.
    """
