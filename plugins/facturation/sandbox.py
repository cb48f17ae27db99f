"""The sandbox provider: a bank of ours for the demo and the tests. It moves no money, and stands only in the demo.

It keeps its own books and answers from them alone, as a third party would.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core.contracts.money import Money
from core.contracts.payments import Answer, Outcome, PaymentOrder, Start
from plugins.facturation.models import SandboxTransaction

CODE = "bac-a-sable"
DELAY = timedelta(seconds=20)

_OUTCOMES = {
    SandboxTransaction.Decision.WAITING: Outcome.PENDING,
    SandboxTransaction.Decision.ACCEPTED: Outcome.PAID,
    SandboxTransaction.Decision.REFUSED: Outcome.REFUSED,
    SandboxTransaction.Decision.ABANDONED: Outcome.ABANDONED,
}


def is_offered() -> bool:
    """Only in the demo and the tests: it would give money that does not exist."""
    return bool(settings.PARVIS_DEMO)


def _bank_clock() -> datetime:
    """A bank's clock goes on while that of the demo stands still."""
    return datetime.now(UTC)


class SandboxProvider:
    """See `core.contracts.payments.PaymentProvider`."""

    code = CODE
    name = "Carte bancaire (démonstration)"

    def start(self, order: PaymentOrder) -> Start:
        row = SandboxTransaction.objects.create(
            reference=order.reference,
            amount_cents=order.amount.cents,
            label=order.label,
            return_url=order.return_url,
            notify_url=order.notify_url,
        )
        origin = urlsplit(order.return_url)
        path = reverse("facturation:sandbox", args=[row.pk])
        return Start(str(row.pk), f"{origin.scheme}://{origin.netloc}{path}")

    def query(self, transaction: str) -> Answer:
        row = SandboxTransaction.objects.filter(pk=UUID(transaction)).first()
        if row is None:
            return Answer(Outcome.UNKNOWN)
        late = row.answers_at is not None and row.answers_at > _bank_clock()
        outcome = Outcome.PENDING if late else _OUTCOMES[SandboxTransaction.Decision(row.decision)]
        return Answer(outcome, row.reference, Money(row.amount_cents))

    def transaction_of(self, notification: Mapping[str, str]) -> str | None:
        try:
            return str(UUID(notification.get("transaction", "")))
        except ValueError:
            return None


@transaction.atomic
def decide(*, transaction_id: UUID, decision: SandboxTransaction.Decision, late: bool) -> bool:
    """What the payer did on the sandbox's page, once. `late`: the bank answers *pending* for a while."""
    row = SandboxTransaction.objects.select_for_update().get(pk=transaction_id)
    if row.decision != SandboxTransaction.Decision.WAITING:
        return False
    row.decision = decision
    row.answers_at = _bank_clock() + DELAY if late else None
    row.save(update_fields=["decision", "answers_at"])
    return True
