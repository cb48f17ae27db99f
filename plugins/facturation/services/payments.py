"""On-line payments. The provider's own answer decides; returns and notifications only say *ask again*.

Locks are taken in one order (payment, invoices by id, receipt numbers) and never while the provider is asked.
"""

import logging
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.contracts.money import Money
from core.contracts.payments import (
    Answer,
    Outcome,
    PaymentOrder,
    PaymentProvider,
    ProviderUnavailable,
    payment_providers,
)
from core.kernel import calls, state
from core.kernel.clock import PARIS
from plugins.facturation.errors import PaymentInFlight, PaymentRefused
from plugins.facturation.models import (
    Allocation,
    Invoice,
    LedgerTransaction,
    Payment,
    PaymentItem,
    Receipt,
    Regie,
)
from plugins.facturation.models.ledger import Account
from plugins.facturation.services import ledger, numbers

logger = logging.getLogger(__name__)

BLOCKS_FOR = timedelta(minutes=20)
"""While a payment is open, a second one of the same invoice could be paid twice."""

EXPIRES_AFTER = timedelta(hours=2)
"""Then a payment that its provider still calls pending is shown as expired; a late *paid* still settles it."""

_REFERENCE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def offered_providers() -> list[PaymentProvider]:
    """The ways to pay on line that are on."""
    on = state.enabled_slugs()
    return [provider for slug, provider in calls.boot(payment_providers) if slug in on]


def provider_of(code: str) -> PaymentProvider:
    """A provider by its code, even while its plugin is off: what has begun must end. Raises LookupError."""
    for _slug, provider in calls.boot(payment_providers):
        if provider.code == code:
            return provider
    raise LookupError(code)


# Starting ---------------------------------------------------------------------------------------------------------


def start_payment(
    *,
    invoices: Sequence[UUID],
    family: UUID,
    payer: UUID,
    provider: str,
    account: Any,
    email: str,
    base_url: str,
    now: datetime,
) -> Payment:
    """Begin to pay what is left of these invoices of one family and régie; the browser then goes to `redirect_url`.

    `payer` is the guardian who pays. `base_url` is ours, without a path. Raises PaymentRefused with its French reason,
    PaymentInFlight when another payment of one of them still waits; nothing is charged then.
    """
    if provider not in {offered.code for offered in offered_providers()}:
        raise PaymentRefused(_("Ce moyen de paiement n’est pas proposé."))
    prepare = partial(
        _prepare, invoices=invoices, family=family, payer=payer, provider=provider, account=account, now=now
    )
    try:
        payment = prepare()
    except PaymentInFlight as found:  # it may have ended since: ask, and look once more
        refresh_payment(payment_id=found.payment_id, now=now)
        payment = prepare()
    order = PaymentOrder(
        reference=payment.reference,
        amount=payment.amount,
        label=_("Factures %(commune)s") % {"commune": payment.regie.name},
        email=email,
        return_url=base_url + reverse("facturation:payment", args=[payment.pk]),
        notify_url=base_url + reverse("facturation:notification", args=[provider]),
    )
    try:
        started = provider_of(provider).start(order)
    except Exception as error:
        if not isinstance(error, ProviderUnavailable):
            logger.exception("payment %s could not start at %s", payment.pk, provider)
        Payment.objects.filter(pk=payment.pk, state=Payment.State.CREATED).update(
            state=Payment.State.ABANDONED
        )
        raise PaymentRefused(
            _("Le service de paiement ne répond pas. Rien n’a été débité : réessayez dans quelques minutes.")
        ) from error
    # Stored before the browser leaves: whatever happens next, we can ask.
    payment.transaction, payment.redirect_url = started.transaction, started.redirect_url
    payment.state = Payment.State.PENDING
    payment.save(update_fields=["transaction", "redirect_url", "state"])
    return payment


def _in_flight(invoices: Sequence[UUID], now: datetime) -> list[UUID]:
    found = PaymentItem.objects.filter(
        invoice__in=invoices, payment__state__in=Payment.OPEN, payment__created_at__gt=now - BLOCKS_FOR
    )
    return list(found.order_by("payment").values_list("payment", flat=True).distinct())


@transaction.atomic
def _prepare(
    *, invoices: Sequence[UUID], family: UUID, payer: UUID, provider: str, account: Any, now: datetime
) -> Payment:
    locked = list(
        Invoice.objects.select_for_update(of=("self",))
        .select_related("regie")
        .filter(pk__in=invoices, family=family, kind=Invoice.Kind.INVOICE)
        .order_by("pk")
    )
    if not locked or len(locked) != len(set(invoices)):
        raise PaymentRefused(_("Cette facture n’est pas à payer."))
    if open_payments := _in_flight(invoices, now):
        raise PaymentInFlight(open_payments[0])
    if any(not invoice.due_cents for invoice in locked):
        raise PaymentRefused(_("Cette facture est déjà payée."))
    if len({invoice.regie_id for invoice in locked}) > 1:
        raise PaymentRefused(_("Ces factures sont de deux régies : payez-les séparément."))
    payment = Payment.objects.create(
        provider=provider,
        reference="".join(secrets.choice(_REFERENCE) for _position in range(16)),
        regie=locked[0].regie,
        payer_id=payer,
        family_id=family,
        account=account,
        amount_cents=sum(invoice.due_cents for invoice in locked),
        created_at=now,
    )
    PaymentItem.objects.bulk_create(
        PaymentItem(payment=payment, invoice=invoice, amount_cents=invoice.due_cents) for invoice in locked
    )
    return payment


# Asking -----------------------------------------------------------------------------------------------------------


def refresh_payment(*, payment_id: UUID, now: datetime) -> Payment:
    """Ask the provider and do what it says. Idempotent; a provider that does not answer changes nothing."""
    refresh_payments(payment_ids=[payment_id], now=now)
    return Payment.objects.get(pk=payment_id)


def refresh_payments(*, payment_ids: Sequence[UUID], now: datetime) -> None:
    """The same for several payments, in one transaction. Those that are paid are not asked about again."""
    answers: dict[UUID, Answer] = {}
    asked = Payment.objects.filter(pk__in=payment_ids).exclude(state=Payment.State.PAID)
    for pk, code, known_as in asked.values_list("pk", "provider", "transaction"):
        if not known_as:  # stopped before the provider gave its identifier: nobody was ever sent there
            answers[pk] = Answer(Outcome.UNKNOWN)
            continue
        try:
            answers[pk] = provider_of(code).query(known_as)
        except (ProviderUnavailable, LookupError):
            logger.warning("payment %s: its provider %s did not answer", pk, code)
    if answers:
        _apply(answers, now)


def notified(*, provider: str, data: Mapping[str, str], now: datetime) -> bool:
    """A notification has come, true or forged: ask about the payment that it names. Returns whether it named one."""
    known_as = provider_of(provider).transaction_of(data)
    payment = Payment.objects.filter(provider=provider, transaction=known_as).first() if known_as else None
    if payment is None:
        return False
    refresh_payment(payment_id=payment.pk, now=now)
    return True


@transaction.atomic
def _apply(answers: Mapping[UUID, Answer], now: datetime) -> None:
    locked = Payment.objects.select_for_update(of=("self",)).filter(pk__in=answers).order_by("pk")
    paid, others = [], []
    for payment in locked:
        if payment.state == Payment.State.PAID:  # another notification came first
            continue
        answer = answers[payment.pk]
        payment.checked_at = now
        if answer.outcome is Outcome.PAID and (problem := _mismatch(payment, answer)):
            logger.error("payment %s: %s", payment.pk, problem)
            payment.alert = problem
            others.append(payment)
        elif answer.outcome is Outcome.PAID:
            paid.append(payment)
        else:
            payment.state = _state(payment, answer.outcome, now)
            others.append(payment)
    if others:
        Payment.objects.bulk_update(others, ["state", "checked_at", "alert"])
    if paid:
        _settle(paid, now)


def _mismatch(payment: Payment, answer: Answer) -> str:
    """Why an answer *paid* is not believed, or "" when it is about this very payment."""
    if answer.reference != payment.reference:
        return _("Le prestataire répond pour une autre référence (%(reference)s).") % {
            "reference": answer.reference
        }
    if answer.amount != payment.amount:
        return _("Le prestataire annonce %(theirs)s au lieu de %(ours)s.") % {
            "theirs": answer.amount,
            "ours": payment.amount,
        }
    return ""


def _state(payment: Payment, outcome: Outcome, now: datetime) -> Payment.State:
    match outcome:
        case Outcome.REFUSED:
            return Payment.State.REFUSED
        case Outcome.ABANDONED:
            return Payment.State.ABANDONED
        case Outcome.PENDING:
            return (
                Payment.State.EXPIRED if now - payment.created_at > EXPIRES_AFTER else Payment.State.PENDING
            )
    if now - payment.created_at > BLOCKS_FOR and payment.state in Payment.OPEN:
        return Payment.State.EXPIRED
    return Payment.State(payment.state)


# Settling ---------------------------------------------------------------------------------------------------------


def _settle(payments: list[Payment], now: datetime) -> None:
    """Payments that their provider calls paid, already locked: allocations, ledger, receipt. Once for each."""
    day = now.astimezone(PARIS).date()
    items = list(PaymentItem.objects.filter(payment__in=payments).order_by("payment", "invoice"))
    invoices = {
        invoice.pk: invoice
        for invoice in Invoice.objects.select_for_update()
        .filter(pk__in={item.invoice_id for item in items})
        .order_by("pk")
    }
    allocations, postings = [], []
    for payment in payments:
        owners: dict[tuple[UUID, UUID], int] = defaultdict(int)
        payment.credit_cents = payment.amount_cents
        for item in items:
            if item.payment_id != payment.pk:
                continue
            invoice = invoices[item.invoice_id]
            if part := min(item.amount_cents, invoice.due_cents):
                invoice.settled_cents += part
                payment.credit_cents -= part
                owners[invoice.payer_id, invoice.family_id] += part
                allocations.append(Allocation(invoice=invoice, payment=payment, amount_cents=part, day=day))
        payment.state, payment.settled_at, payment.checked_at = Payment.State.PAID, now, now
        payment.alert = ""
        if payment.credit_cents:
            owners[payment.payer_id, payment.family_id] += payment.credit_cents
            payment.alert = _("Facture déjà réglée par ailleurs : %(credit)s à déduire ou à rembourser.") % {
                "credit": Money(payment.credit_cents)
            }
            logger.warning("payment %s: %s cents could not be allocated", payment.pk, payment.credit_cents)
        postings.append(_posting(payment, owners, day))
    Payment.objects.bulk_update(payments, ["state", "settled_at", "checked_at", "credit_cents", "alert"])
    Invoice.objects.bulk_update(invoices.values(), ["settled_cents"])
    Allocation.objects.bulk_create(allocations)
    ledger.post(postings=postings, posted_at=now)
    _write_receipts(payments, day.year, day)


def _posting(payment: Payment, owners: Mapping[tuple[UUID, UUID], int], day: date) -> ledger.Posting:
    """The money waits at the provider's; it lowers what each invoice's payer owes, the rest is the payer's credit."""
    return ledger.Posting(
        kind=LedgerTransaction.Kind.PAYMENT,
        day=day,
        regie=payment.regie_id,
        payment=payment.pk,
        moves=(
            ledger.Move(Account.CLEARING, payment.amount_cents, code=payment.provider),
            *(
                ledger.Move(Account.RECEIVABLE, -cents, payer=payer, family=family)
                for (payer, family), cents in owners.items()
            ),
        ),
    )


def _write_receipts(payments: list[Payment], year: int, day: date) -> None:
    codes = dict(Regie.objects.values_list("pk", "code"))
    receipts = []
    for regie in sorted({payment.regie_id for payment in payments}):
        mine = [payment for payment in payments if payment.regie_id == regie]
        first = numbers.take(regie=regie, year=year, series="receipt", count=len(mine))
        receipts += [
            Receipt(
                payment=payment,
                regie_id=regie,
                year=year,
                number=number,
                reference=numbers.reference(code=codes[regie], year=year, series="receipt", number=number),
                issued_on=day,
            )
            for number, payment in enumerate(mine, start=first)
        ]
    Receipt.objects.bulk_create(receipts)
