"""The message that an invoice is ready: one for each, at its payer's address, true in text and in HTML."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.contracts.billing import InvoiceIssued, on_invoice_issued
from core.families.selectors import context_of
from core.kernel import clock, state
from core.kernel.calls import tell
from core.kernel.models import Delivery, JobRun
from core.notifications.models import Message
from core.reminders.models import Digest
from core.testing.factories import ChildFactory, GuardianFactory
from plugins.facturation import hooks
from plugins.facturation.mail import announce, words
from plugins.facturation.models import Invoice
from tests.plugins.facturation.town import OCTOBER, Billing, fact

Committed = Callable[[Callable[[], Any]], Any]
NOVEMBER = date(2026, 11, 1)
plain = str.maketrans("\u00a0\u202f", "  ")


def test_the_words_say_the_fact() -> None:
    said = words(period=NOVEMBER, total_cents=4230, due_cents=4230, due_on=date(2026, 12, 20))
    assert said.subject.translate(plain) == "Votre facture de novembre : 42,30 € à payer avant le 20 décembre"
    assert said.answer.translate(plain).startswith("Votre facture de novembre est prête : 42,30 € à payer")
    assert said.button == "Voir et payer ma facture"


@pytest.mark.parametrize(
    ("month", "expected"), [(1, "de janvier"), (4, "d’avril"), (8, "d’août"), (10, "d’octobre")]
)
def test_months_are_elided(month: int, expected: str) -> None:
    said = words(period=date(2026, month, 1), total_cents=1, due_cents=1, due_on=date(2027, 1, 1))
    assert said.subject.startswith(f"Votre facture {expected} : ")
    assert said.subject.translate(plain).endswith("avant le 1er janvier")


def test_credits_may_cover_it_all(
    committed: Committed,
) -> None:
    said = words(period=NOVEMBER, total_cents=4230, due_cents=0, due_on=date(2026, 12, 20))
    assert said.subject.translate(plain) == "Votre facture de novembre : 42,30 €, rien à payer"
    assert said.button == "Voir ma facture"


@pytest.fixture
def invoice(billing: Billing) -> Invoice:
    """An invoice of 7,20 € for October, issued on 23 November, to somebody with an address; told to nobody yet."""
    payer = GuardianFactory(person__email="camille@example.org")
    Digest.objects.create(
        user=payer.person.user, rhythm=Digest.Rhythm.NEVER
    )  # « Je pense à » is another message
    child = ChildFactory(families=[payer.family])
    billing.source.put(*[fact(child, payer, date(2026, 10, day)) for day in (5, 6, 8)])
    billing.bill(OCTOBER)
    return Invoice.objects.get()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Committed:
    """Do something and commit it: what waits for the commit happens."""

    def act(what: Callable[[], Any]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return what()

    return act


def tick() -> None:
    call_command("tick", verbosity=0)


def event(invoice: Invoice) -> InvoiceIssued:
    return InvoiceIssued(invoice.pk, invoice.payer_id, invoice.family_id)


def test_issuing_tells_and_tick_delivers(committed: Committed, invoice: Invoice) -> None:
    (row,) = Delivery.objects.filter(slug="facturation")
    assert row.event["invoice"] == str(invoice.pk)
    assert row.state == Delivery.State.WAITING
    committed(tick)
    (sent,) = outbox.outbox
    assert sent.to == ["camille@example.org"]
    assert sent.subject.translate(plain).startswith("Votre facture d’octobre : 7,20 € à payer avant le ")
    committed(tick)
    assert len(outbox.outbox) == 1


def test_text_and_html_say_the_same(committed: Committed, invoice: Invoice) -> None:
    committed(lambda: tell(on_invoice_issued, "facturation", event(invoice)))
    (sent,) = outbox.outbox
    html = sent.alternatives[0].content  # type: ignore[attr-defined]
    for said in (sent.body, html):
        said = said.translate(plain)
        assert "Votre facture d’octobre est prête : 7,20 € à payer avant le " in said
        assert f"/espace-famille/factures/{invoice.pk}/" in said
        assert "http" in said
        assert invoice.reference in said
        assert "à la régie" in said
        assert "facturation.eej@ville-bassens.fr" in said
        assert "Mairie de Bassens" in said
        for child in invoice.family.children.all():
            assert child.person.first_name not in said
    assert sent.body.startswith("Votre facture")
    assert "<script" not in html
    assert "{{" not in html


def test_twice_is_once(committed: Committed, invoice: Invoice) -> None:
    committed(tick)
    first = announce(invoice_id=invoice.pk)
    assert first == announce(invoice_id=invoice.pk)
    committed(lambda: tell(on_invoice_issued, "facturation", event(invoice)))
    assert len(outbox.outbox) == 1
    (message,) = Message.objects.all()
    assert (message.state, message.address) == ("sent", "camille@example.org")


def test_a_server_that_refuses_is_asked_again(
    committed: Committed, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        committed(tick)
        committed(tick)
    assert Delivery.objects.get(slug="facturation").state == "done"
    message = Message.objects.get()
    assert (message.state, message.error) == ("queued", "ConnectionRefusedError")
    Message.objects.update(next_attempt_at=clock.now() - timedelta(seconds=1))
    JobRun.objects.all().delete()
    committed(tick)
    assert len(outbox.outbox) == 1


def test_the_address_of_the_account_when_the_person_gave_none(committed: Committed, invoice: Invoice) -> None:
    person = invoice.payer.person
    person.email = ""
    person.save()
    user = person.user
    user.email = "compte@example.org"
    user.save()
    committed(lambda: announce(invoice_id=invoice.pk))
    assert outbox.outbox[0].to == ["compte@example.org"]


def test_without_an_address_nothing_leaves(invoice: Invoice) -> None:
    person = invoice.payer.person
    person.email, person.user = "", None
    person.save()
    message = announce(invoice_id=invoice.pk)
    assert message
    assert message.state == Message.State.UNREACHABLE
    assert outbox.outbox == []


def test_the_message_keeps_one_identifier(committed: Committed, invoice: Invoice) -> None:
    committed(lambda: announce(invoice_id=invoice.pk))
    assert outbox.outbox[0].extra_headers["Message-ID"].startswith(f"<facture-{invoice.pk}@")


def test_credit_notes_are_not_announced(billing: Billing, invoice: Invoice) -> None:
    lines = list(billing.source.facts.values())
    billing.source.drop(*lines)
    billing.bill(OCTOBER)
    (note,) = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE)
    assert Delivery.objects.count() == 1
    assert not announce(invoice_id=note.pk)


def test_an_invoice_to_pay_is_a_thing_to_think_of(invoice: Invoice, client: Client) -> None:
    """Once a page, whatever is shown of it: the panel and the reminder share one statement."""
    client.force_login(invoice.payer.person.user)
    page = client.get("/espace-famille/je-pense-a/").content.decode().translate(plain)
    assert "Payer une facture" in page and "7,20 €" in page
    user = invoice.payer.person.user
    assert user
    context = context_of(user, date(2026, 11, 23))
    assert context
    with state.snapshot(), CaptureQueriesContext(connection) as queries:
        (notice,) = hooks.notices(context)
        assert hooks.family_panels(context)
    assert len(queries) == 1
    assert (notice.until, notice.key) == (invoice.due_on, f"facturation.facture-{invoice.pk}")
    assert "7,20" not in notice.label
