"""Whom a publication is for: everybody, every signed-in family, or some families.

A publication names its audiences by their keys; it is for whoever has one of them, and for everybody when it names
none. Core knows `FAMILIES` and the families of each site (`of_site`); plugins bring the others.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from core.contracts.markers import collect_hook

if TYPE_CHECKING:
    from core.contracts.family import FamilyContext

FAMILIES = "families"
"""Every signed-in family."""

KEY = re.compile(r"[a-z]+(:[\w-]+)?")
"""A word, or a word and what identifies one among many: `families`, `site:<uuid>`, `activity:<uuid>`."""


def of_site(site: UUID) -> str:
    """The key of the families of a school or another site."""
    return f"site:{site}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Some families, as editors choose them: `label` reads after « Réservé aux familles : », « Accueil du soir »."""

    key: str
    label: str
    weight: int = 100

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise ValueError(f"{self.key!r} is no key of an audience")


@collect_hook
def family_audiences(family: "FamilyContext | None") -> list[Audience]:  # type: ignore[empty-body]
    """Groups of families that a plugin knows: those enrolled in an activity, for instance.

    When: an editor chooses whom a publication is for (`family` is None: every group that may be chosen); then, once a
    request, when a signed-in family reads (the groups that it is part of). Returns: the audiences, in any order; one
    query is expected at most. On failure: its groups can neither be chosen nor read, the rest is. Since: 1.0.
    """
