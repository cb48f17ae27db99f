"""Invoices as parents and agents read them. `invoice_for` is the one way from an address to a parent's invoice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, UUIDField
from django.utils.translation import gettext as _

from core.backoffice.reach import within
from core.backoffice.search import found_by
from core.contracts.family import FamilyContext
from core.ui.formats import day as in_words
from core.ui.formats import euros
from plugins.facturation.models import Allocation, Invoice, LedgerEntry, Payment, PaymentItem, Regie
from plugins.facturation.models.ledger import Account
from plugins.facturation.services.payments import BLOCKS_FOR


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an invoice is, in plain words. `tone` is one of the page's."""

    code: str
    tone: str
    word: str
    detail: str = ""


def standing(invoice: Invoice, today: date, pending: UUID | None = None) -> Standing:
    """The state of an invoice on a day; `pending`: the payment that waits for its provider. Pure."""
    if invoice.is_credit:
        if not invoice.due_cents:
            return Standing("avoir_utilise", "neutral", _("Avoir utilisé"))
        left = euros(-invoice.due_cents)
        return Standing(
            "avoir",
            "info",
            _("Avoir"),
            _("%(left)s seront déduits de votre prochaine facture.") % {"left": left},
        )
    if not invoice.due_cents:
        return Standing("payee", "success", _("Payée"))
    if pending:
        return Standing(
            "en_cours", "info", _("Paiement en cours"), _("Nous attendons la réponse du prestataire.")
        )
    until = in_words(invoice.due_on)
    if invoice.due_on < today:
        return Standing(
            "en_retard", "error", _("Échéance passée"), _("Elle était à payer avant le %s.") % until
        )
    if invoice.settled_cents:
        left = euros(invoice.due_cents)
        return Standing("en_partie", "attention", _("Payée en partie"), _("Il reste %s.") % left)
    return Standing("a_payer", "attention", _("À payer"), _("avant le %s") % until)


def _visible(context: FamilyContext) -> QuerySet[Invoice]:
    """The household's invoices: all of them for a guardian who pays, else one's own."""
    mine = Q(family__in=context.ids)
    if not context.guardian.payer_share:
        mine &= Q(payer__in=context.guardian.ids)
    return Invoice.objects.filter(mine).select_related("regie")


def _with_pending(invoices: QuerySet[Invoice], now: datetime) -> QuerySet[Invoice]:
    waiting = PaymentItem.objects.filter(
        invoice=OuterRef("pk"), payment__state__in=Payment.OPEN, payment__created_at__gt=now - BLOCKS_FOR
    )
    return invoices.annotate(pending=Subquery(waiting.values("payment")[:1], output_field=UUIDField()))


def invoice_for(context: FamilyContext, invoice_id: UUID, now: datetime) -> Invoice | None:
    """An invoice that this person may see, with `pending`; None otherwise: the page says 404. One statement."""
    return _with_pending(_visible(context), now).filter(pk=invoice_id).first()


def invoices_of(context: FamilyContext, now: datetime) -> QuerySet[Invoice]:
    """The household's invoices, the last first, with `pending`."""
    return _with_pending(_visible(context), now).order_by("-issued_on", "-number")


def to_pay(context: FamilyContext, now: datetime) -> QuerySet[Invoice]:
    """What is owed now, the nearest due date first, with `pending`."""
    owed = invoices_of(context, now).filter(kind=Invoice.Kind.INVOICE, settled_cents__lt=F("total_cents"))
    return owed.order_by("due_on", "number")


@dataclass(frozen=True, slots=True)
class Settlement:
    """One way in which a part of an invoice was covered."""

    label: str
    cents: int
    day: date
    receipt: UUID | None = None


def settlements(invoice: Invoice) -> list[Settlement]:
    """What has covered an invoice, oldest first. One statement."""
    rows = (
        Allocation.objects.filter(invoice=invoice)
        .select_related("payment__receipt", "credit_note")
        .order_by("day", "pk")
    )
    found = []
    for row in rows:
        if row.payment:
            label, receipt = _("Paiement en ligne"), row.payment.receipt.pk
        else:
            label, receipt = _("Avoir %s") % (row.credit_note.reference if row.credit_note else ""), None
        found.append(Settlement(label, row.amount_cents, row.day, receipt))
    return found


def balance(family: UUID, *former: UUID, on: date | None = None) -> int:
    """What a family owes, in cents, at the end of a day (all days by default): the sum of its entries.

    `former`: the families that were merged into it.
    """
    entries = LedgerEntry.objects.filter(account=Account.RECEIVABLE, family__in=(family, *former))
    if on:
        entries = entries.filter(transaction__day__lte=on)
    return entries.aggregate(cents=Sum(F("debit_cents") - F("credit_cents")))["cents"] or 0


# Agents --------------------------------------------------------------------------------------------------------------

STATES = {
    "a-payer": Q(kind="invoice", settled_cents__lt=F("total_cents")),
    "payees": Q(kind="invoice", settled_cents=F("total_cents")),
    "avoirs": Q(kind="credit_note"),
}


def invoices_for(user: Any, permission: str = "facturation.view_invoice") -> QuerySet[Invoice]:
    """The invoices that an agent reaches. They belong to a payer and a régie, to no site."""
    return within(user, permission, Invoice.objects.all())


def search(
    text: str = "", state: str = "", month: date | None = None, *, among: QuerySet[Invoice] | None = None
) -> QuerySet[Invoice]:
    """Invoices for agents, the last first; `state` is a key of STATES."""
    found = Invoice.objects.all() if among is None else among
    found = _written(found.select_related("regie", "family"), text)
    if state in STATES:
        found = found.filter(STATES[state])
    if month:
        found = found.filter(period=month)
    return found.order_by("-issued_on", "-number", "pk")


def _written(found: QuerySet[Invoice], text: str) -> QuerySet[Invoice]:
    return found_by(found, text, ("debtor_name", "reference"))


def unpaid(
    *,
    among: QuerySet[Invoice],
    today: date,
    text: str = "",
    regie: Regie | None = None,
    days_late: int | None,
) -> QuerySet[Invoice]:
    """Invoices of which something is left to pay, the oldest due date first; None: also those that are not due yet."""
    found = _written(among.filter(STATES["a-payer"]), text).select_related("regie")
    if days_late is not None:
        found = found.filter(due_on__lt=today - timedelta(days=days_late))
    if regie:
        found = found.filter(regie=regie)
    return found.order_by("due_on", "debtor_name", "pk")
