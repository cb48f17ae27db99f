"""A family as hooks receive it: loaded once per request, plain and frozen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Act(StrEnum):
    """What may be done for a family. Guardians with the parental authority may do all of it; for the others, and for
    those whom they mandate, each act is given one by one. The values are those of the API.
    """

    PLANNING = "planning"
    """See where the children are expected: always given."""

    BOOK = "reserver"
    """Book and give back days."""

    CONTACTS = "contacts"
    """Read whom to call."""

    MONEY = "argent"
    """Read prices, quotients and invoices, and pay."""

    HEALTH = "sante"
    """Read the authorisations and the health of the children."""


ALL_ACTS = frozenset(Act)


@dataclass(frozen=True, slots=True)
class QuotientRef:
    """A family quotient: euros a month, of which kind and month it is, and from when it counts."""

    value: Decimal
    kind: str
    month: date
    valid_from: date


@dataclass(frozen=True, slots=True)
class GuardianRef:
    """A guardian in this family. `user_id` is None when the person has no account; `payer_share` is a percentage.

    `former_ids` are the guardians that this one was in households merged into this family.
    """

    id: UUID
    person_id: UUID
    first_name: str
    last_name: str
    user_id: UUID | None
    payer_share: int = 100
    former_ids: tuple[UUID, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        return self.id, *self.former_ids


@dataclass(frozen=True, slots=True)
class ChildRef:
    """A child in this family. `site_id` and `level` tell the school of the current school year, if known."""

    id: UUID
    person_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    site_id: UUID | None
    site_name: str
    level: str


@dataclass(frozen=True, slots=True)
class MandateRef:
    """By whom the person who is signed in was mandated, and until when: what is done is done on that behalf."""

    id: UUID
    guardian_name: str
    valid_to: date


@dataclass(frozen=True, slots=True)
class FamilyContext:
    """A household as one person may act for it, on a given day.

    `guardian` is the person who is signed in; under a `mandate`, the one on whose behalf a delegate acts, and
    `children` are only those of the mandate. `acts` is what this person may do: whatever shows or changes something
    asks `may`. Children are ordered by birth date, eldest first. `quotient` is the one of `today`; `quotients` is the
    whole history, for what is priced on another day: they price, and are shown only under `Act.MONEY`.
    `authority`: holds the parental authority, hence reads custody and answers for what is common to both homes.
    `former_ids` are the households that were merged into this one: what was written under them is this family's.
    """

    id: UUID
    name: str
    today: date
    resident: bool
    guardian: GuardianRef
    guardians: tuple[GuardianRef, ...]
    children: tuple[ChildRef, ...]
    quotient: QuotientRef | None
    quotients: tuple[QuotientRef, ...] = ()
    acts: frozenset[Act] = ALL_ACTS
    authority: bool = True
    mandate: MandateRef | None = None
    former_ids: tuple[UUID, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Every household identifier under which something of this family may be written."""
        return self.id, *self.former_ids

    def may(self, act: Act) -> bool:
        return act in self.acts

    def child(self, child_id: UUID) -> ChildRef | None:
        return next((child for child in self.children if child.id == child_id), None)
