"""Everything a parent does with invoices, through the API."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.testing.factories import GuardianFactory
from tests.plugins.facturation.town import Paying


@pytest.fixture
def parent(client: Client, paying: Paying) -> Client:
    client.force_login(paying.user)
    return client


def post(client: Client, data: dict[str, Any]) -> Any:
    return client.post("/api/v1/paiements/", data, content_type="application/json")


def test_the_list(parent: Client, paying: Paying) -> None:
    (row,) = parent.get("/api/v1/factures/").json()["resultats"]
    assert (row["numero"], row["montant"], row["reste"], row["etat"]) == (
        "REST-2026-F00001",
        "4.80",
        "4.80",
        "a_payer",
    )
    assert row["mois"] == "2026-10-01"
    assert parent.get("/api/v1/factures/?a_payer=1").json()["nombre"] == 1
    paying.pay()
    assert parent.get("/api/v1/factures/?a_payer=1").json()["nombre"] == 0


def test_the_detail(parent: Client, paying: Paying) -> None:
    paying.pay()
    found = parent.get(f"/api/v1/factures/{paying.invoice.pk}/").json()
    (section,) = found["sections"]
    assert section["enfant"] == paying.child.person.first_name
    (line,) = section["lignes"]
    assert (line["quantite"], line["prix"], line["montant"]) == (2, "2.40", "4.80")
    assert line["jours"] == ["2026-10-05", "2026-10-06"]
    assert found["corrections"] == []
    assert found["reglements"][0]["montant"] == "4.80"
    assert parent.get(found["pdf"]).content.startswith(b"%PDF")


def test_start_and_follow_a_payment(parent: Client, paying: Paying) -> None:
    answer = post(parent, {"factures": [str(paying.invoice.pk)]})
    assert answer.status_code == 201
    started = answer.json()
    assert (started["etat"], started["montant"]) == ("pending", "4.80")
    assert "/paiement/bac-a-sable/" in started["adresse"]
    again = post(parent, {"factures": [str(paying.invoice.pk)]})
    assert (again.status_code, again.json()["code"]) == (409, "paiement-en-cours")
    parent.post(started["adresse"], {"choix": "accepter"})
    done = parent.get(f"/api/v1/paiements/{started['id']}/").json()
    assert done["etat"] == "paid"
    assert parent.get(f"/api/v1/recus/{done['recu']}/pdf/").content.startswith(b"%PDF")


def test_another_family_learns_nothing(paying: Paying, client: Client) -> None:
    payment = paying.pay()
    client.force_login(GuardianFactory().person.user)
    assert client.get("/api/v1/factures/").json()["nombre"] == 0
    assert client.get(f"/api/v1/factures/{paying.invoice.pk}/").status_code == 404
    assert client.get(f"/api/v1/factures/{paying.invoice.pk}/pdf/").status_code == 404
    assert client.get(f"/api/v1/paiements/{payment.pk}/").status_code == 404
    assert client.get(f"/api/v1/recus/{payment.receipt.pk}/pdf/").status_code == 404
    assert post(client, {"factures": [str(paying.invoice.pk)]}).status_code == 404


def test_a_visitor_is_refused(paying: Paying, client: Client) -> None:
    assert client.get("/api/v1/factures/").status_code == 401


def test_a_request_that_is_not_one(parent: Client) -> None:
    assert post(parent, {"factures": []}).status_code == 400
    assert post(parent, {"factures": ["x"]}).status_code == 400


def test_names_of_routes() -> None:
    assert reverse("api:facturation:invoices") == "/api/v1/factures/"
