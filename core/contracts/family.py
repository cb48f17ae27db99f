"""A family as hooks receive it: loaded once per request, plain and frozen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class QuotientRef:
    """A family quotient: euros a month, of which kind and month it is, and from when it counts."""

    value: Decimal
    kind: str
    month: date
    valid_from: date


@dataclass(frozen=True, slots=True)
class GuardianRef:
    """A guardian in this family. `user_id` is None when the person has no account; `payer_share` is a percentage."""

    id: UUID
    person_id: UUID
    first_name: str
    last_name: str
    user_id: UUID | None
    payer_share: int = 100


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
class FamilyContext:
    """The household of the person who is signed in, on a given day.

    `guardian` is that person. Children are ordered by birth date, eldest first. `quotient` is the one of `today`;
    `quotients` is the whole history, for what is priced on another day.
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

    def child(self, child_id: UUID) -> ChildRef | None:
        return next((child for child in self.children if child.id == child_id), None)
