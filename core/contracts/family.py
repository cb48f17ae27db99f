"""A family as hooks receive it: loaded once per request, plain and frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.contracts.markers import strict_hook


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
    """A child in this family. `site_id` and `level` tell the school of the current school year, if known.

    `shared`: lives in another family too, so that the custody calendar tells which one books a day.
    """

    id: UUID
    person_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    site_id: UUID | None
    site_name: str
    level: str
    shared: bool = False


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
    `children` are only those of the mandate; `siblings` name every child of the household: prices count them. Both are
    ordered by birth date, eldest first. `acts` is what this person may do: whatever shows or changes something asks
    `may`. `quotient` is the one of `today`; `quotients` is the whole history, for what is priced on another day: they
    price, and are shown only under `Act.MONEY`.
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
    siblings: tuple[UUID, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Every household identifier under which something of this family may be written."""
        return self.id, *self.former_ids

    def may(self, act: Act) -> bool:
        return act in self.acts

    def is_shown(self, needs: Act | None) -> bool:
        """Whether this person is shown what leads to an act. What names no act is for guardians only."""
        return self.may(needs) if needs else self.mandate is None

    def child(self, child_id: UUID) -> ChildRef | None:
        return next((child for child in self.children if child.id == child_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyMerge:
    """Two records of one household become one. What is absorbed stays as an empty record, and keeps its identifier.

    `guardians` and `children` pair those of the absorbed family with the same person of the kept one; the others move
    as they are. With `dry_run` nothing is written: what would be done is told. `actor` is the account of the agent.
    """

    kept: UUID
    absorbed: UUID
    today: date
    now: datetime
    actor: UUID | None = None
    guardians: Mapping[UUID, UUID] = field(default_factory=dict)
    children: Mapping[UUID, UUID] = field(default_factory=dict)
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class MergeEffect:
    """One line of the preview: a French sentence, and how many things it is about. An `obstacle` forbids the merge."""

    what: str
    count: int
    obstacle: bool = False


@strict_hook
def merge_families(merge: FamilyMerge) -> Iterator[MergeEffect]:  # type: ignore[empty-body]
    """Give to the kept family what a plugin holds about the absorbed one; nothing may be lost.

    When: an agent looks at the preview (`dry_run`), then merges, inside the transaction that merges core's records.
    What is written once for ever (invoices) stays under the absorbed identifiers, which the context of the kept family
    names (`FamilyContext.ids`, `GuardianRef.ids`). Returns: what is or would be done, and what forbids it.
    On failure: nothing is merged, and the plugin is named. Since: 1.0.
    """
