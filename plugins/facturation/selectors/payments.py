"""Payments as parents and agents read them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from core.backoffice.reach import within
from core.backoffice.search import found_by
from core.contracts.family import FamilyContext
from plugins.facturation.models import Payment, Receipt


def payment_for(context: FamilyContext, payment_id: UUID) -> Payment | None:
    """A payment of the household, or None: the page says 404. One statement."""
    mine = Payment.objects.filter(pk=payment_id, family__in=context.ids)
    if not context.guardian.payer_share:
        mine = mine.filter(payer__in=context.guardian.ids)
    return mine.select_related("regie").first()


def receipt_for(context: FamilyContext, receipt_id: UUID) -> Receipt | None:
    """A receipt of the household, or None. One statement."""
    mine = Receipt.objects.filter(pk=receipt_id, payment__family__in=context.ids)
    if not context.guardian.payer_share:
        mine = mine.filter(payment__payer__in=context.guardian.ids)
    return mine.select_related("payment__payer__person", "payment__payer__family", "regie").first()


def paid_invoices(payment: Payment) -> list[tuple[str, UUID, int]]:
    """(reference, invoice, cents) that a payment has covered. One statement."""
    rows = payment.allocations.select_related("invoice").order_by("invoice__issued_on", "pk")
    return [(row.invoice.reference, row.invoice_id, row.amount_cents) for row in rows]


def payments_for(user: Any, permission: str = "facturation.view_payment") -> QuerySet[Payment]:
    """The payments that an agent reaches. They belong to a payer and a régie, to no site."""
    return within(user, permission, Payment.objects.all())


WRITTEN = ("reference", "payer__person__last_name", "payer__person__first_name", "receipt__reference")


def search(text: str = "", state: str = "", *, among: QuerySet[Payment]) -> QuerySet[Payment]:
    """Payments for the régie, the last first; `state` is one of the model's, or « a-verifier »."""
    found = among.select_related("payer__person", "family", "regie", "receipt")
    found = found_by(found, text, WRITTEN)
    if state == "a-verifier":
        found = found.exclude(alert="")
    elif state in Payment.State.values:
        found = found.filter(state=state)
    return found.order_by("-created_at", "-pk")


@dataclass(frozen=True, slots=True)
class Takings:
    count: int
    cents: int
    to_check: int


def takings(found: QuerySet[Payment]) -> Takings:
    """How much the payments of a list brought, and how many an agent must look at. Two statements."""
    paid = found.filter(state=Payment.State.PAID)
    return Takings(
        paid.count(),
        paid.aggregate(cents=Sum("amount_cents"))["cents"] or 0,
        Payment.objects.exclude(alert="").count(),
    )
