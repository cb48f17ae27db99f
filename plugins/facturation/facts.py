"""Facts compared, not amounts (design §3). Pure: no query, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from core.contracts.billing import BillableLine, Scope
from core.contracts.money import ZERO


class SourceMisbehaves(Exception):
    """A source broke the contract of `billable_lines`; `reason` is one French sentence for agents."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


def head_id(source: str, key: str, payer: UUID) -> UUID:
    """The identity of a fact for a payer, the same on every machine."""
    return UUID(bytes=blake2b(f"{source}\x1f{key}\x1f{payer.hex}".encode(), digest_size=16).digest())


def invoice_id(run: UUID, payer: UUID, regie: UUID) -> UUID:
    """The identity of what a payer will owe to a régie for a run, before it is known if there will be an invoice."""
    return UUID(bytes=blake2b(run.bytes + payer.bytes + regie.bytes, digest_size=16).digest())


def digest(line: BillableLine) -> str:
    """What makes two lines of one head the same fact: components with their product, quantity, unit, amounts.

    Label, explanation, site and share are not in it: a change of them never bills. The payer is in the head.
    """
    parts = [f"{line.quantity}\x1f{line.unit}\x1f{line.amount.cents}"]
    parts += [f"{part.kind}\x1f{part.product}\x1f{part.amount.cents}" for part in line.components]
    return blake2b("\x1e".join(parts).encode(), digest_size=16).hexdigest()


def check_line(slug: str, line: BillableLine, scope: Scope) -> None:
    """Raises SourceMisbehaves for a line that its scope does not hold, or whose components do not add up."""
    if line.source != slug:
        raise SourceMisbehaves(
            slug, f"la ligne « {line.key} » porte le nom d’un autre module ({line.source})."
        )
    if line.service_date not in scope.period:
        raise SourceMisbehaves(
            slug, f"la ligne « {line.key} » ({line.service_date}) n’est pas du mois demandé."
        )
    asked = scope.beneficiaries
    if asked is not None and line.beneficiary not in asked and (asked or line.beneficiary is not None):
        raise SourceMisbehaves(slug, f"la ligne « {line.key} » est d’un enfant qui n’était pas demandé.")
    if not line.components or sum((part.amount for part in line.components), ZERO) != line.amount:
        raise SourceMisbehaves(slug, f"les composantes de la ligne « {line.key} » ne font pas son montant.")


@dataclass(frozen=True, slots=True)
class Difference:
    """Heads to bill for the first time, to reverse and bill again, to reverse only."""

    new: list[UUID]
    changed: list[UUID]
    removed: list[UUID]


def compare(
    standing: Mapping[UUID, str], current: Mapping[UUID, str], frozen: Iterable[UUID] = ()
) -> Difference:
    """What a scope changes. Both map a head to its digest; "" stands for nothing. `frozen` heads stay as they are."""
    skip = set(frozen)
    difference = Difference([], [], [])
    for head, now in current.items():
        if head in skip:
            continue
        before = standing.get(head, "")
        if not before:
            difference.new.append(head)
        elif before != now:
            difference.changed.append(head)
    difference.removed.extend(
        head for head, before in standing.items() if before and head not in current and head not in skip
    )
    return difference
