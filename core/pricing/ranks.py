"""What `child_rank` counts: one rule for the simulator and for whoever stores a price. Pure."""

from collections.abc import Collection, Sequence
from uuid import UUID

from core.contracts.pricing import Ranks


def rank_of(child: UUID, ranks: Ranks, *, household: Sequence[UUID], users: Collection[UUID]) -> int:
    """The place of a child, from 1, among those whom a tariff counts.

    `household` are all its children, eldest first; `users` those of them who use the service that day. Who uses a
    service is held to come on the same days: a price depends neither on what is ticked first nor on a day given back.
    """
    whole = ranks.basis == "household"
    counted = [one for one in household if whole or one in users or one == child]
    if ranks.order == "youngest":
        counted.reverse()
    return counted.index(child) + 1
