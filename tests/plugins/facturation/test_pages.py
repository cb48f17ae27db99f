"""Who sees which page, in how many statements."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core.contracts.access import Trade
from core.contracts.pricing import Explanation, ExplanationStep
from core.pricing.services import store_explanations
from core.testing.factories import AgentFactory, GuardianFactory, PersonFactory, UserFactory
from plugins.facturation.models import Invoice, Receipt, Run
from plugins.facturation.selectors.statement import days_in_words
from tests.plugins.facturation.town import OCTOBER, SOURCE, Billing, Paying, fact, other

WHY = Explanation((ExplanationStep("qf", "QF 520 (janvier 2026) : tranche 401 à 640."),))


@pytest.fixture
def parent(client: Client, paying: Paying) -> Client:
    client.force_login(paying.user)
    return client


def text(answer: Any) -> str:
    """The page on one line; its no-break spaces read as spaces."""
    return " ".join(answer.content.decode().split())


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


# Parents -------------------------------------------------------------------------------------------------------------


def test_nothing_yet(client: Client, billing: Billing) -> None:
    guardian, _children = billing.household()
    client.force_login(guardian.person.user)
    assert "Aucune facture pour l’instant" in text(client.get("/espace-famille/factures/"))


def test_what_is_owed_comes_first(parent: Client, paying: Paying) -> None:
    page = text(parent.get("/espace-famille/factures/"))
    assert page.index("À payer maintenant") < page.index("Toutes mes factures")
    assert "Facture d’octobre 2026" in page
    assert "Payer 4,80" in page
    paying.pay()
    assert "Vous n’avez rien à payer." in text(parent.get("/espace-famille/factures/"))


def test_a_payment_that_waits_is_followed_not_paid_again(parent: Client, paying: Paying) -> None:
    payment = paying.start()
    for url in ("/espace-famille/factures/", reverse("facturation:invoice", args=[paying.invoice.pk])):
        page = text(parent.get(url))
        assert "Paiement en cours" in page and "Payer 4,80" not in page
        assert reverse("facturation:payment", args=[payment.pk]) in page


def test_a_line_opens_to_its_reasons(client: Client, billing: Billing) -> None:
    store_explanations([WHY])
    guardian, (child,) = billing.household()
    days = [date(2026, 10, day) for day in (1, 5, 6)]
    billing.source.put(*(other(fact(child, guardian, day), explanation=WHY.digest) for day in days))
    billing.bill()
    client.force_login(guardian.person.user)
    page = text(client.get(reverse("facturation:invoice", args=[Invoice.objects.get().pk])))
    assert "3 repas × 2,40 €" in page
    assert "1er, 5 et 6 octobre" in page
    assert "QF 520 (janvier 2026) : tranche 401 à 640." in page
    assert child.person.first_name in page


def test_another_familys_invoice_does_not_exist(paying: Paying, client: Client) -> None:
    receipt = paying.pay().receipt
    stranger = GuardianFactory()
    client.force_login(stranger.person.user)
    for name, key in (
        ("invoice", paying.invoice.pk),
        ("invoice_pdf", paying.invoice.pk),
        ("payment", receipt.payment_id),
        ("receipt", receipt.pk),
        ("receipt_pdf", receipt.pk),
    ):
        assert client.get(reverse(f"facturation:{name}", args=[key])).status_code == 404, name
    assert client.post(reverse("facturation:pay", args=[paying.invoice.pk])).status_code == 404


def test_a_guardian_who_pays_nothing_sees_nothing(paying: Paying, client: Client) -> None:
    person = PersonFactory(user=UserFactory())
    GuardianFactory(family=paying.guardian.family, person=person, payer_share=0, position=2)
    client.force_login(person.user)
    assert client.get(reverse("facturation:invoice", args=[paying.invoice.pk])).status_code == 404
    assert "Aucune facture" in text(client.get("/espace-famille/factures/"))


def test_a_visitor_signs_in(paying: Paying, client: Client) -> None:
    answer = client.get(reverse("facturation:invoice", args=[paying.invoice.pk]))
    assert answer.status_code == 302
    assert "/connexion/" in answer.url


def test_home_says_what_is_owed(parent: Client, paying: Paying) -> None:
    page = text(parent.get("/espace-famille/"))
    assert "Consulter et payer mes factures" in page
    assert "À payer" in page and "4,80 €" in page
    paying.pay()
    assert "4,80 €" not in text(parent.get("/espace-famille/"))


def test_the_receipt(parent: Client, paying: Paying) -> None:
    receipt = paying.pay().receipt
    page = text(parent.get(reverse("facturation:receipt", args=[receipt.pk])))
    assert receipt.reference in page and "4,80" in page
    assert "voir le reçu" in text(parent.get(reverse("facturation:invoice", args=[paying.invoice.pk])))


def test_the_number_of_statements_does_not_grow(
    parent: Client, paying: Paying, django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 25):
        paying.billing.source.put(fact(paying.child, paying.guardian, date(2026, 9, day)))
    paying.billing.bill(OCTOBER)
    newest = Invoice.objects.order_by("-number").first()
    for url in ("/espace-famille/factures/", reverse("facturation:invoice", args=[newest.pk])):
        parent.get(url)  # what the process keeps is read once
        with django_assert_max_num_queries(14):  # ten, and the savepoints that only a test needs
            parent.get(url)


def test_days_in_words() -> None:
    assert days_in_words([date(2026, 10, 2), date(2026, 9, 30), date(2026, 10, 1)]) == (
        "30\u00a0septembre, 1er et 2\u00a0octobre"
    )


# Documents -----------------------------------------------------------------------------------------------------------


def test_the_invoice_as_pdf(parent: Client, paying: Paying) -> None:
    answer = parent.get(reverse("facturation:invoice_pdf", args=[paying.invoice.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    found = pdf_text(answer.content)
    for mention in (
        paying.invoice.reference,
        "lundi 23 novembre 2026",
        "dimanche 13 décembre 2026",
        str(paying.guardian.person),
        "1 rue de la Garonne",
        "octobre 2026",
        paying.child.person.first_name,
        "Restauration scolaire",
        "5 et 6 octobre",
        "2 repas",
        "2,40 €",
        "4,80 €",
        "par chèque ou en espèces",
        "transmise au Trésor public",
        "facturation.eej@ville-bassens.fr",
        "TVA non applicable",
        "42 avenue Jean-Jaurès",
    ):
        assert mention in found, mention
    for of_a_title in ("exécutoire", "recouvrement", "titre", "opposition"):
        assert of_a_title not in found.lower()


def test_the_pdf_is_tagged_and_archivable(parent: Client, paying: Paying) -> None:
    content = parent.get(reverse("facturation:invoice_pdf", args=[paying.invoice.pk])).content
    reader = PdfReader(BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"].startswith("fr")
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid:part" in metadata and "pdfaid:part" in metadata
    assert len(reader.pages) == 1


def test_the_balance_before_stands_apart(parent: Client, paying: Paying) -> None:
    paying.billing.source.put(fact(paying.child, paying.guardian, date(2026, 9, 7), ("repas", 700)))
    paying.billing.bill(OCTOBER)
    newest = Invoice.objects.get(total_cents=700)
    found = pdf_text(parent.get(reverse("facturation:invoice_pdf", args=[newest.pk])).content)
    assert "il restait 4,80 € à payer" in found
    assert "Corrections de mois précédents" in found


def test_the_receipt_as_pdf(parent: Client, paying: Paying) -> None:
    receipt = paying.pay().receipt
    found = pdf_text(parent.get(reverse("facturation:receipt_pdf", args=[receipt.pk])).content)
    assert receipt.reference in found and paying.invoice.reference in found and "4,80 €" in found


# Agents --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def biller(billing: Billing) -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[Trade.BILLING]))
    return client


@pytest.fixture
def cashier(billing: Billing) -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[Trade.CASHIER]))
    return client


def test_a_run_from_the_choice_of_the_month_to_the_invoices(
    biller: Client, billing: Billing, django_capture_on_commit_callbacks: Any
) -> None:
    guardian, (child,) = billing.household()
    billing.source.put(fact(child, guardian, date(2026, 10, 5)))
    assert "octobre 2026" in text(biller.get(reverse("facturation:new_run")))
    with django_capture_on_commit_callbacks(execute=True):
        answer = biller.post(reverse("facturation:new_run"), {"period": "2026-10-01"})
    page = text(biller.get(answer.url))
    assert "Ce qui serait émis" in page and "2,40" in page
    run = Run.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        biller.post(reverse("facturation:run_issue", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == Run.State.ISSUED
    assert "REST-2026-F00001" in text(biller.get(reverse("facturation:agent_invoices")))
    assert biller.get(reverse("facturation:run_progress", args=[run.pk])).json()["working"] is False


def test_the_preview_tells_what_changes(
    biller: Client, billing: Billing, django_capture_on_commit_callbacks: Any
) -> None:
    guardian, (child,) = billing.household()
    newcomer, _children = billing.household()
    changed, moved, gone = (fact(child, guardian, date(2026, 10, day)) for day in (5, 6, 7))
    billing.source.put(changed, moved, gone)
    billing.bill()
    billing.source.put(fact(child, guardian, date(2026, 10, 5), ("repas", 300)))
    billing.source.drop(moved, gone)
    billing.source.put(other(moved, payer=newcomer.pk))
    run = billing.draft()
    page = text(biller.get(reverse("facturation:run", args=[run.pk])))
    for words in (
        "Modifié ou annulé en octobre",
        "3,00 €",
        "5 octobre 2026",
        str(newcomer.person),
        "annulé",
    ):
        assert words in page, words


def test_the_second_question(biller: Client, billing: Billing) -> None:
    billing.regie.correction_alert_cents = 0
    billing.regie.save()
    guardian, (child,) = billing.household()
    billing.source.put(fact(child, guardian, date(2026, 9, 3)))
    run = billing.draft()
    url = reverse("facturation:run_issue", args=[run.pk])
    assert "Confirmez l’émission" in text(biller.post(url))
    run.refresh_from_db()
    assert run.state == Run.State.PREVIEWED
    biller.post(url, {"confirme": "oui"})
    run.refresh_from_db()
    assert run.state == Run.State.ISSUED


def test_a_source_that_is_off_is_told_and_may_be_excluded(
    biller: Client, billing: Billing, switch: Callable[[str, bool], None]
) -> None:
    switch(SOURCE, False)
    url = reverse("facturation:new_run")
    assert SOURCE in text(biller.get(url))
    refused = text(biller.post(url, {"period": "2026-10-01"}))
    assert "est désactivé" in refused
    assert not Run.objects.exists()
    biller.post(url, {"period": "2026-10-01", "excluded": [SOURCE]})
    assert Run.objects.get().excluded_sources == [SOURCE]


def test_a_run_that_was_stopped_says_why_and_goes_on(
    biller: Client, billing: Billing, django_capture_on_commit_callbacks: Any
) -> None:
    guardian, (child,) = billing.household()
    billing.source.put(fact(child, guardian, date(2026, 10, 5), ("inconnu", 100)))
    with django_capture_on_commit_callbacks(execute=True):
        answer = biller.post(reverse("facturation:new_run"), {"period": "2026-10-01"})
    assert "Aucune régie n’est indiquée pour : inconnu" in text(biller.get(answer.url))
    billing.product("inconnu")
    run = Run.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        biller.post(reverse("facturation:run_draft", args=[run.pk]), {"reprendre": "oui"})
    run.refresh_from_db()
    assert (run.state, run.error) == (Run.State.PREVIEWED, "")


def test_a_run_is_dropped(biller: Client, billing: Billing) -> None:
    run = billing.draft()
    url = reverse("facturation:run_cancel", args=[run.pk])
    assert biller.get(url).status_code == 200
    biller.post(url)
    run.refresh_from_db()
    assert run.state == Run.State.CANCELLED


def test_the_cashier_sees_payments_and_touches_no_run(cashier: Client, paying: Paying) -> None:
    paying.pay()
    run = Run.objects.get()
    assert "REST-2026-R00001" in text(cashier.get(reverse("facturation:payments")))
    for name in ("runs", "new_run", "agent_invoices"):
        assert cashier.get(reverse(f"facturation:{name}")).status_code == 404, name
    for name in ("run_draft", "run_issue", "run_cancel"):
        assert cashier.post(reverse(f"facturation:{name}", args=[run.pk])).status_code == 404, name


def test_the_biller_sees_no_payment(biller: Client, paying: Paying) -> None:
    assert biller.get(reverse("facturation:payments")).status_code == 404


def test_the_cashier_asks_again(cashier: Client, paying: Paying) -> None:
    payment = paying.start()
    paying.decide(payment)
    cashier.post(reverse("facturation:payment_ask", args=[payment.pk]))
    assert Receipt.objects.get().payment == payment


def test_the_sheet_of_a_family(biller: Client, paying: Paying) -> None:
    page = text(biller.get(reverse("backoffice:family", args=[paying.guardian.family_id])))
    assert "REST-2026-F00001" in page
    assert "4,80" in page


def test_an_invoice_for_agents(biller: Client, paying: Paying) -> None:
    page = text(biller.get(reverse("facturation:agent_invoice", args=[paying.invoice.pk])))
    assert paying.child.person.first_name in page
    answer = biller.get(reverse("facturation:agent_invoice_pdf", args=[paying.invoice.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert paying.invoice.reference in text(
        biller.get(
            reverse("facturation:agent_invoices"), {"q": paying.guardian.person.last_name, "etat": "a-payer"}
        )
    )


def test_regies_and_products_are_edited_by_agents(biller: Client, billing: Billing) -> None:
    assert biller.get(reverse("facturation_regies:index")).status_code == 200
    assert biller.get(reverse("facturation_regies:edit", args=[billing.regie.pk])).status_code == 200
    assert biller.get(reverse("facturation_produits_factures:add")).status_code == 200
