"""Tariffs through the API: open data, and the price of any case, explained."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from core.contracts.priced import PricedService
from core.pricing.services import import_tariff, publish
from core.testing.hooks import fake_plugin
from tests.core.pricing.documents import document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(db: None) -> Iterator[None]:
    publish(version=import_tariff(document=document(code="repas-des-aines")))
    service = PricedService(code="aines", label="Repas des aînés", tariff="repas-des-aines")
    with fake_plugin("aines", priced_services=lambda: [service]):
        yield


def ask(client: Client, facts: Any) -> Any:
    return client.post("/api/v1/tarifs/aines/prix/", {"faits": facts}, content_type="application/json")


def test_services_say_what_their_price_depends_on(client: Client) -> None:
    found = {service["code"]: service for service in client.get("/api/v1/tarifs/").json()}
    assert found["aines"]["publie"]
    assert [fact["nom"] for fact in found["aines"]["faits"]] == ["qf"]


def test_a_grid_is_open_data(client: Client) -> None:
    rows = client.get("/api/v1/tarifs/aines/grille/").json()["lignes"]
    assert rows[0] == {"quotient": "Jusqu’à 400 inclus", "prix": ["1.00"]}
    assert client.get("/api/v1/tarifs/inconnu/grille/").status_code == 404


def test_a_case_has_a_price_and_its_reasons(client: Client) -> None:
    answer = ask(client, {"qf": "520.00"}).json()
    assert answer["prix"] == "2.00"
    assert answer["lignes"] == [{"produit": "repas", "libelle": "Repas", "montant": "2.00"}]
    assert any("520" in sentence for sentence in answer["explication"])
    assert ask(client, {"qf": None}).json()["prix"] == "3.00"


@pytest.mark.parametrize(
    "facts", [{}, {"qf": 520.5}, {"qf": "-1"}, {"inconnu": "1"}, "qf", [], {"qf": {"value": []}}]
)
def test_what_is_not_usable_is_a_problem(client: Client, facts: Any) -> None:
    answer = ask(client, facts)
    assert answer.status_code == 400
    assert answer.json()["errors"]
