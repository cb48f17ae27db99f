"""Double entries. Nothing else writes them; the database refuses to change them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from plugins.facturation.bulk import insert_rows
from plugins.facturation.models import LedgerEntry, LedgerTransaction
from plugins.facturation.models.ledger import Account


@dataclass(frozen=True, slots=True)
class Move:
    """One side: a positive amount debits the account, a negative one credits it. Zero is not written."""

    account: Account
    cents: int
    code: str = ""
    product: str = ""
    payer: UUID | None = None
    family: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One event and its moves, which add up to zero."""

    kind: LedgerTransaction.Kind
    day: date
    regie: UUID
    moves: tuple[Move, ...]
    invoice: UUID | None = None
    payment: UUID | None = None


class Unbalanced(ValueError):
    """The moves of a posting do not add up to zero: a mistake of ours, nothing is written."""


def post(*, postings: Iterable[Posting], posted_at: datetime) -> None:
    """Write events, set by set, in the caller's transaction. An event without a move is not written."""
    transactions, entries = [], []
    for posting in postings:
        if sum(move.cents for move in posting.moves):
            raise Unbalanced(repr(posting))
        moves = [move for move in posting.moves if move.cents]
        if not moves:
            continue
        key = uuid4()
        transactions.append(
            (key, posting.kind, posting.day, posted_at, posting.regie, posting.invoice, posting.payment)
        )
        entries += [
            (
                key, move.account, move.code, move.product, move.payer, move.family,
                max(move.cents, 0), max(-move.cents, 0),
            )
            for move in moves
        ]  # fmt: skip
    if not transactions:
        return
    insert_rows(
        LedgerTransaction, ("id", "kind", "day", "posted_at", "regie", "invoice", "payment"), transactions
    )
    insert_rows(
        LedgerEntry,
        ("transaction", "account", "code", "product", "payer", "family", "debit_cents", "credit_cents"),
        entries,
    )
