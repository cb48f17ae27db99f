"""Facts common to both homes of a child, and the life of a proposal to change one: pure.

One holder of the parental authority proposes, the other is told and agrees or contests, an agent settles. Until then
what was known stays. A holder who stands alone waits for an agent: identities are checked against papers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kernel.transitions import Machine


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a child's `Person`: the field, its words, and how a proposed text becomes its value."""

    field: str
    label: str | Promise
    read: Callable[[str], Any] = str


FACTS: Mapping[str, Fact] = {
    "first_name": Fact("first_name", _("prénom")),
    "last_name": Fact("last_name", _("nom")),
    "birth_name": Fact("birth_name", _("nom de naissance")),
    "birth_date": Fact("birth_date", _("date de naissance"), date.fromisoformat),
    "birth_place": Fact("birth_place", _("lieu de naissance")),
}


class State(StrEnum):
    """Values are those of `models.CommonProposal.State`."""

    PROPOSED = "proposed"
    CONTESTED = "contested"
    APPLIED = "applied"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


MACHINE = Machine(
    {
        State.PROPOSED: {State.CONTESTED, State.APPLIED, State.REJECTED, State.WITHDRAWN},
        State.CONTESTED: {State.APPLIED, State.REJECTED, State.WITHDRAWN},
    }
)
"""Once contested, only an agent applies or rejects (`services.common`)."""
