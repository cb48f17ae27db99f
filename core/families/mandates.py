"""The life of a mandate: pure."""

from datetime import date
from enum import StrEnum

from core.kernel.transitions import Machine


class State(StrEnum):
    """Values are those of `models.Mandate.State`."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


MACHINE = Machine(
    {
        State.PROPOSED: {State.ACTIVE, State.REVOKED, State.EXPIRED},
        State.ACTIVE: {State.REVOKED, State.EXPIRED},
    }
)
"""What has ended never begins again: another mandate is proposed."""


def in_force(state: str, valid_to: date, today: date) -> bool:
    """Whether it lets anybody act that day, the last one included; no need to wait until it is marked expired."""
    return state == State.ACTIVE and today <= valid_to
