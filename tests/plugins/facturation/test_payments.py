"""Payments follow the provider's own answer: whatever the browser says, whoever notifies, however often."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from core.contracts.money import Money
from core.contracts.payments import Answer, Outcome, ProviderUnavailable
from plugins.facturation import sandbox
from plugins.facturation.errors import PaymentInFlight, PaymentRefused
from plugins.facturation.models import (
    Allocation,
    Invoice,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    Receipt,
    SandboxTransaction,
)
from plugins.facturation.selectors.invoices import balance
from plugins.facturation.services.payments import notified, refresh_payment
from tests.plugins.facturation.town import NOW, Paying

NOTIFY = "/paiement/notification/bac-a-sable/"


def settled(paying: Paying, times: int = 1) -> bool:
    """One settlement everywhere: invoice, allocation, ledger, receipt."""
    assert Allocation.objects.count() == Receipt.objects.count() == times
    assert LedgerTransaction.objects.filter(kind="payment").count() == times
    return paying.due() == 0


def untouched(paying: Paying) -> bool:
    assert not Allocation.objects.exists() and not Receipt.objects.exists()
    assert not LedgerTransaction.objects.filter(kind="payment").exists()
    return paying.due() == 480


def test_paid(paying: Paying) -> None:
    payment = paying.pay()
    assert payment.state == "paid"
    assert settled(paying)
    assert payment.receipt.reference == "REST-2026-R00001"
    assert balance(paying.guardian.family_id) == 0
    assert set(
        LedgerEntry.objects.filter(transaction__payment=payment).values_list("account", "debit_cents")
    ) == {
        ("clearing", 480),
        ("receivable", 0),
    }


@pytest.mark.parametrize(("decision", "state"), [("refused", "refused"), ("abandoned", "abandoned")])
def test_not_paid(paying: Paying, decision: str, state: str) -> None:
    payment = paying.start()
    paying.decide(payment, decision)
    assert paying.refresh(payment).state == state
    assert untouched(paying)
    assert paying.pay().state == "paid"  # one may try again
    assert settled(paying)


def test_the_identifier_is_stored_before_the_browser_leaves(paying: Paying) -> None:
    payment = paying.start()
    assert payment.transaction == str(SandboxTransaction.objects.get().pk)
    assert payment.state == "pending"


def test_notified_twice(paying: Paying, client: Client) -> None:
    payment = paying.start()
    paying.decide(payment)
    for _time in range(3):
        assert client.post(NOTIFY, {"transaction": payment.transaction}).status_code == 204
    assert settled(paying)


def test_notified_before_anything_happened(paying: Paying, client: Client) -> None:
    payment = paying.start()
    assert client.post(NOTIFY, {"transaction": payment.transaction, "resultat": "P"}).status_code == 204
    assert untouched(paying)
    assert Payment.objects.get().state == "pending"


def test_forged(paying: Paying, client: Client) -> None:
    payment = paying.start()
    paying.decide(payment, "refused")
    forged = {"transaction": payment.transaction, "etat": "paid", "amount": "480"}
    assert client.post(NOTIFY, forged).status_code == 204
    assert client.post(NOTIFY, {"transaction": str(uuid4())}).status_code == 204
    assert client.post(NOTIFY, {"transaction": "x"}).status_code == 204
    assert client.post(NOTIFY).status_code == 204
    assert client.post("/paiement/notification/inconnu/").status_code == 404
    assert client.get(NOTIFY).status_code == 405
    assert untouched(paying)


def test_the_return_alone_proves_nothing(paying: Paying, client: Client) -> None:
    payment = paying.start()
    client.force_login(paying.user)
    page = client.get(f"{reverse('facturation:payment', args=[payment.pk])}?resultat=paye&montant=480")
    assert "Nous attendons la réponse" in page.content.decode()
    assert untouched(paying)


def test_never_notified(paying: Paying, client: Client) -> None:
    """The tab was closed: the next look at the payment asks."""
    payment = paying.start()
    paying.decide(payment)
    client.force_login(paying.user)
    page = client.get(reverse("facturation:payment", args=[payment.pk]))
    assert "Merci, votre paiement est enregistré" in page.content.decode()
    assert settled(paying)


def test_a_late_answer(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = paying.start()
    paying.decide(payment, late=True)
    assert paying.refresh(payment).state == "pending"
    monkeypatch.setattr(sandbox, "_bank_clock", lambda: datetime.now(UTC) + timedelta(seconds=30))
    assert paying.refresh(payment).state == "paid"
    assert settled(paying)


def test_paid_after_our_own_expiry(paying: Paying) -> None:
    payment = paying.start()
    assert paying.refresh(payment, now=NOW + timedelta(hours=3)).state == "expired"
    paying.decide(payment)
    assert paying.refresh(payment, now=NOW + timedelta(hours=4)).state == "paid"
    assert settled(paying)


def test_refused_then_paid(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = paying.start()
    paying.decide(payment, "refused")
    paying.refresh(payment)
    SandboxTransaction.objects.update(decision="accepted")
    assert paying.refresh(payment).state == "paid"
    assert settled(paying)


def test_paid_stays_paid(paying: Paying) -> None:
    payment = paying.pay()
    SandboxTransaction.objects.update(decision="refused")
    assert paying.refresh(payment).state == "paid"
    assert settled(paying)


@pytest.mark.parametrize(
    "lie",
    [{"amount": Money(1)}, {"amount": None}, {"reference": "AUTRE"}],
    ids=["amount", "no amount", "reference"],
)
def test_an_answer_about_something_else(
    paying: Paying, monkeypatch: pytest.MonkeyPatch, lie: dict[str, object]
) -> None:
    payment = paying.start()
    answer = replace(Answer(Outcome.PAID, payment.reference, payment.amount), **lie)  # type: ignore[arg-type]
    monkeypatch.setattr(sandbox.SandboxProvider, "query", lambda self, transaction: answer)
    found = paying.refresh(payment)
    assert (found.state, bool(found.alert)) == ("pending", True)
    assert untouched(paying)


def test_paid_otherwise_meanwhile(paying: Paying) -> None:
    """Two tabs, twenty minutes apart, both paid: one settles, the other is a credit that an agent sees."""
    first = paying.start()
    second = paying.start(now=NOW + timedelta(minutes=21))
    for payment in (first, second):
        paying.decide(payment)
        paying.refresh(payment, now=NOW + timedelta(minutes=22))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.credit_cents, second.credit_cents) == (0, 480)
    assert "déjà réglée" in second.alert
    assert paying.due() == 0
    assert balance(paying.guardian.family_id) == -480
    assert Receipt.objects.count() == 2


def test_a_credit_is_used_by_the_next_invoice(paying: Paying) -> None:
    test_paid_otherwise_meanwhile(paying)
    from tests.plugins.facturation.town import OCTOBER, date, fact

    paying.billing.source.put(fact(paying.child, paying.guardian, date(2026, 9, 7), ("repas", 700)))
    paying.billing.bill(OCTOBER)
    newest = Invoice.objects.get(total_cents=700)
    assert newest.due_cents == 220
    assert newest.balance_before_cents == -480
    assert not Payment.objects.filter(credit_cents__gt=0).exists()


def test_one_attempt_at_a_time(paying: Paying) -> None:
    first = paying.start()
    with pytest.raises(PaymentInFlight) as refused:
        paying.start()
    assert refused.value.payment_id == first.pk


def test_a_finished_attempt_does_not_block(paying: Paying) -> None:
    first = paying.start()
    paying.decide(first, "abandoned")
    assert paying.start().pk != first.pk  # it asked about the first one


def test_nothing_left_to_pay(paying: Paying) -> None:
    paying.pay()
    with pytest.raises(PaymentRefused):
        paying.start()


def test_the_provider_is_down(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(self: object, *args: object) -> None:
        raise ProviderUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(sandbox.SandboxProvider, "start", down)
        with pytest.raises(PaymentRefused, match="ne répond pas"):
            paying.start()
    assert Payment.objects.get().state == "abandoned"  # no orphan lock
    payment = paying.start()
    paying.decide(payment)
    with monkeypatch.context() as patch:
        patch.setattr(sandbox.SandboxProvider, "query", down)
        assert paying.refresh(payment).state == "pending"
    assert untouched(paying)
    assert paying.refresh(payment).state == "paid"


def test_stopped_before_the_provider_answered(paying: Paying) -> None:
    payment = paying.start()
    Payment.objects.filter(pk=payment.pk).update(state="created", transaction=None)
    assert refresh_payment(payment_id=payment.pk, now=NOW).state == "created"
    assert refresh_payment(payment_id=payment.pk, now=NOW + timedelta(minutes=25)).state == "expired"


def test_open_while_the_plugin_is_off(
    paying: Paying, client: Client, switch: Callable[[str, bool], None]
) -> None:
    payment = paying.start()
    switch("facturation", False)
    client.force_login(paying.user)
    bank = reverse("facturation:sandbox", args=[payment.transaction])
    back = reverse("facturation:payment", args=[payment.pk])
    assert client.get("/espace-famille/factures/").status_code == 404
    assert client.get(bank).status_code == 200
    assert client.post(NOTIFY, {"transaction": payment.transaction}).status_code == 204
    paying.decide(payment)
    assert "Merci" in client.get(back).content.decode()
    assert settled(paying)
    assert client.get(back).status_code == 404  # nothing is pending any more
    assert client.post(NOTIFY, {"transaction": payment.transaction}).status_code == 404


def test_an_unknown_notification_names_nothing(paying: Paying) -> None:
    assert not notified(provider=sandbox.CODE, data={}, now=NOW)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("accepter", "Merci"),
        ("refuser", "a été refusé"),
        ("abandonner", "a été abandonné"),
        ("differer", "Nous attendons la réponse"),
    ],
)
def test_the_whole_way_by_the_pages(paying: Paying, client: Client, choice: str, words: str) -> None:
    client.force_login(paying.user)
    away = client.post(reverse("facturation:pay", args=[paying.invoice.pk]))
    assert away.status_code == 302
    assert "Banque de démonstration" in client.get(away.url).content.decode()
    back = client.post(away.url, {"choix": choice})
    assert words in client.get(back.url).content.decode()
    assert (paying.due() == 0) == (choice == "accepter")
