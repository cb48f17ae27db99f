"""Credits meet debts: oldest first, same payer and régie. A rule, and the service that applies it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F

from plugins.facturation.models import Allocation, Invoice, Payment


@dataclass(frozen=True, slots=True)
class Open:
    """A credit or a debt that is left, in positive cents."""

    id: UUID
    cents: int


def match(owned: Sequence[Open], debts: Sequence[Open]) -> list[tuple[UUID, UUID, int]]:
    """(credit, debt, cents): each credit fills the debts in their order, never more than either. Pure."""
    pairs: list[tuple[UUID, UUID, int]] = []
    waiting = iter(debts)
    debt, room = next(waiting, None), 0
    if debt:
        room = debt.cents
    for credit in owned:
        rest = credit.cents
        while rest and debt:
            part = min(rest, room)
            pairs.append((credit.id, debt.id, part))
            rest, room = rest - part, room - part
            if not room and (debt := next(waiting, None)):
                room = debt.cents
    return pairs


def apply_credits(*, payers: Iterable[UUID], regie: UUID, day: date) -> int:
    """Use the open credits of these payers on their open invoices, in the caller's transaction. Returns how many.

    Credits are credit notes and the parts of payments that no invoice could take. The ledger does not move: the credit
    is already in the payer's account, only what each invoice still asks for changes.
    """
    payers = list(payers)
    mine = {"payer__in": payers, "regie": regie}
    notes = list(
        Invoice.objects.select_for_update()
        .filter(**mine, kind=Invoice.Kind.CREDIT_NOTE, settled_cents__gt=F("total_cents"))
        .order_by("id")
    )
    payments = list(Payment.objects.select_for_update().filter(**mine, credit_cents__gt=0).order_by("id"))
    if not notes and not payments:
        return 0
    creditors = {note.payer_id for note in notes} | {payment.payer_id for payment in payments}
    invoices = list(
        Invoice.objects.select_for_update()
        .filter(
            payer__in=creditors, regie=regie, kind=Invoice.Kind.INVOICE, settled_cents__lt=F("total_cents")
        )
        .order_by("id")
    )
    owned: dict[UUID, list[Open]] = defaultdict(list)
    debts: dict[UUID, list[Open]] = defaultdict(list)
    for payment in payments:
        owned[payment.payer_id].append(Open(payment.pk, payment.credit_cents))
    for note in sorted(notes, key=lambda note: (note.issued_on, note.number)):
        owned[note.payer_id].append(Open(note.pk, -note.due_cents))
    for invoice in sorted(invoices, key=lambda invoice: (invoice.due_on, invoice.issued_on, invoice.number)):
        debts[invoice.payer_id].append(Open(invoice.pk, invoice.due_cents))
    by_note = {note.pk: note for note in notes}
    by_payment = {payment.pk: payment for payment in payments}
    by_invoice = {invoice.pk: invoice for invoice in invoices}
    allocations = []
    for payer, mine_first in owned.items():
        for credit, debt, cents in match(mine_first, debts[payer]):
            by_invoice[debt].settled_cents += cents
            if used := by_note.get(credit):
                used.settled_cents -= cents
            else:
                by_payment[credit].credit_cents -= cents
            allocations.append(
                Allocation(
                    invoice_id=debt,
                    credit_note=by_note.get(credit),
                    payment=by_payment.get(credit),
                    amount_cents=cents,
                    day=day,
                )
            )
    if allocations:
        Allocation.objects.bulk_create(allocations)
        Invoice.objects.bulk_update([*by_invoice.values(), *by_note.values()], ["settled_cents"])
        Payment.objects.bulk_update(by_payment.values(), ["credit_cents"])
    return len(allocations)
