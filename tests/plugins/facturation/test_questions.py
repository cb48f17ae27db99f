"""A parent asks about an invoice, an agent of Facturation answers; no amount moves."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.contracts.access import Trade
from core.contracts.family import Act
from core.contracts.lifecycle import disable_obstacles
from core.families.services.mandates import accept_mandate, propose_mandate
from core.kernel import clock
from core.kernel.calls import ask
from core.kernel.models import JournalEntry, PluginState
from core.requests.models import ServiceRequest
from core.requests.states import State
from core.testing.factories import AgentFactory, GuardianFactory, UserFactory
from plugins.facturation.models import Invoice, LedgerEntry
from tests.plugins.facturation.town import Billing, Paying

TYPED = {"subject": "jour", "text": "Léa n’est pas venue le 6 octobre : O'Brien <b>é</b> 🌻"}


@pytest.fixture
def address(paying: Paying) -> str:
    return reverse("facturation:question", args=[paying.invoice.pk])


@pytest.fixture
def parent(paying: Paying) -> Client:
    found = Client()
    found.force_login(paying.user)
    return found


@pytest.fixture
def agent(billing: Billing) -> Client:
    found = Client()
    found.force_login(AgentFactory(trades=[Trade.BILLING]))
    return found


def asked() -> ServiceRequest:
    return ServiceRequest.objects.get()


def test_from_the_invoice_to_the_answer(parent: Client, agent: Client, paying: Paying, address: str) -> None:
    invoice = reverse("facturation:invoice", args=[paying.invoice.pk])
    assert address in parent.get(invoice).content.decode()
    assert "Envoyer ma question" in parent.get(address).content.decode()
    sent = parent.post(address, TYPED | {"envoi": str(uuid4())})
    request = asked()
    assert sent["Location"] == reverse("portal:request", args=[request.pk])
    assert (request.state, request.family_id, request.user) == (
        State.SUBMITTED, paying.guardian.family_id, paying.user,
    )  # fmt: skip
    assert "octobre 2026 : un jour facturé par erreur" in request.title
    assert "Question du" in parent.get(invoice).content.decode()
    assert "&lt;b&gt;é&lt;/b&gt; 🌻" in parent.get(sent["Location"]).content.decode()

    queue = agent.get("/gestion/demandes/").content.decode()
    assert request.reference in queue
    desk = f"/gestion/demandes/{request.pk}/"
    shown = agent.get(desk).content.decode()
    assert paying.invoice.reference in shown
    assert reverse("facturation:agent_invoice", args=[paying.invoice.pk]) in shown
    before = (Invoice.objects.values_list("total_cents", "settled_cents").get(), LedgerEntry.objects.count())
    nothing = agent.post(desk, {"acte": "accept", "version": request.version, "answer": ""})
    assert "Écrivez la réponse que lira la famille." in nothing.content.decode()
    answer = "Le 6 octobre est annulé : votre prochaine facture en tient compte."
    said = agent.post(desk, {"acte": "accept", "version": request.version, "answer": answer})
    assert said.status_code == 302
    assert (asked().state, asked().outcome) == (State.ACCEPTED, answer)
    assert answer in parent.get(sent["Location"]).content.decode()
    assert before == (
        Invoice.objects.values_list("total_cents", "settled_cents").get(), LedgerEntry.objects.count(),
    )  # fmt: skip
    assert [
        entry.act for entry in JournalEntry.objects.filter(act__startswith="requests.").order_by("pk")
    ] == [
        "requests.submitted",
        "requests.accepted",
    ]


def test_sent_twice_it_is_one_question_even_once_answered(
    parent: Client, paying: Paying, address: str
) -> None:
    typed = TYPED | {"envoi": str(uuid4())}
    first, again = parent.post(address, typed), parent.post(address, typed)
    assert first["Location"] == again["Location"]
    ServiceRequest.objects.update(state=State.IN_PROGRESS)
    assert parent.post(address, typed)["Location"] == first["Location"]
    assert asked().state == State.IN_PROGRESS


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"text": "Bonjour"}, "Choisissez ce dont il s’agit."),
        ({"subject": "jour", "text": "  "}, "Écrivez votre question."),
        ({"subject": "lune", "text": "Bonjour"}, "lune"),
        ({"subject": "jour", "text": "a" * 4001}, "4000"),
    ],
)
def test_what_is_missing_is_told_and_kept(
    parent: Client, address: str, typed: dict[str, str], told: str
) -> None:
    answer = parent.post(address, typed)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert typed["text"].strip() in answer.content.decode()
    assert not ServiceRequest.objects.exists()


def test_it_is_read_by_who_owes_as_the_invoice_is(parent: Client, paying: Paying, address: str) -> None:
    """Neither the other guardian of the household, who does not see the invoice, nor another family."""
    parent.post(address, TYPED)
    request = reverse("portal:request", args=[asked().pk])
    other = GuardianFactory(family=paying.guardian.family, position=2, payer_share=0)
    for guardian in (other, GuardianFactory()):
        client = Client()
        client.force_login(guardian.person.user)
        assert (client.get(request).status_code, client.get(address).status_code) == (404, 404)
        assert client.post(address, TYPED).status_code == 404
        assert asked().reference not in client.get("/espace-famille/demandes/").content.decode()


def test_what_a_delegate_asks_is_read_by_who_owes(parent: Client, paying: Paying, address: str) -> None:
    mandate, secret = propose_mandate(
        guardian=paying.guardian,
        actor=paying.user,
        name="Jeanne Roux",
        relation="grandparent",
        children=[paying.child.pk],
        acts=[Act.MONEY],
        valid_to=date(2027, 6, 30),
        today=date(2026, 11, 23),
        now=clock.now(),
    )
    assert secret
    delegate = UserFactory()
    accept_mandate(mandate=mandate, user=delegate, today=date(2026, 11, 23), now=clock.now())
    client = Client()
    client.force_login(delegate)
    assert client.post(address, TYPED).status_code == 302
    assert (asked().user, asked().on_behalf_of) == (delegate, paying.guardian.person)
    for reader in (client, parent):
        assert reader.get(reverse("portal:request", args=[asked().pk])).status_code == 200


def test_agents_of_another_trade_do_not_read_it(parent: Client, address: str) -> None:
    parent.post(address, TYPED)
    for trade in (Trade.CHILDHOOD, Trade.CASHIER):
        client = Client()
        client.force_login(AgentFactory(trades=[trade]))
        assert client.get(f"/gestion/demandes/{asked().pk}/").status_code == 404


def test_through_the_api(parent: Client, paying: Paying) -> None:
    questions = f"/api/v1/factures/{paying.invoice.pk}/questions/"
    typed = {"sujet": "prix", "texte": "Pourquoi ce prix ?", "envoi": str(uuid4())}
    first, again = (parent.post(questions, typed, content_type="application/json") for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["reference"] == again.json()["reference"] == asked().reference
    assert first.json()["contenu"][0]["lignes"][2]["valeur"] == "Pourquoi ce prix ?"
    wrong = parent.post(questions, {"sujet": "lune", "texte": ""}, content_type="application/json")
    assert wrong.status_code == 400
    assert {error["champ"] for error in wrong.json()["errors"]} == {"sujet", "texte"}
    stranger = Client()
    stranger.force_login(GuardianFactory().person.user)
    assert stranger.post(questions, typed, content_type="application/json").status_code == 404


def test_a_question_waits_while_the_plugin_is_off(parent: Client, agent: Client, address: str) -> None:
    parent.post(address, TYPED)
    assert ask(disable_obstacles, "facturation")[-1].what.startswith("1 question d’une famille attend")
    PluginState.objects.update_or_create(slug="facturation", defaults={"enabled": False})
    assert agent.get(f"/gestion/demandes/{asked().pk}/").status_code == 404
    assert asked().state == State.SUBMITTED


def test_the_answer_is_told_by_message(
    parent: Client, agent: Client, address: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        parent.post(address, TYPED)
    with django_capture_on_commit_callbacks(execute=True):
        agent.post(f"/gestion/demandes/{asked().pk}/", {"acte": "accept", "answer": "C’est corrigé."})
    assert [message.subject.partition(" :")[0] for message in mail.outbox][-1]
    assert len(mail.outbox) == 2
