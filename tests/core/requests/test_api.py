"""Requests through the API: what the pages do, and nothing of anybody else's."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.kernel import clock
from core.requests import services
from core.requests.models import ServiceRequest
from core.testing.factories import GuardianFactory, UserFactory

pytestmark = pytest.mark.django_db

BODY: dict[str, Any] = {
    "prenom": "Élodie",
    "nom": "Sarrat",
    "naissance": "1988-02-03",
    "telephone": "06 12 34 56 78",
    "adresse": "12 rue du Port",
    "code_postal": "33530",
    "commune": "Bassens",
    "enfants": [{"prenom": "Lou", "nom": "Sarrat", "naissance": "2019-09-14"}],
}


def send(client: Client, path: str, body: Any = None) -> Any:
    return client.post(f"/api/v1/demandes/{path}", body or {}, content_type="application/json")


def test_from_the_draft_to_the_end(client: Client) -> None:
    user, agent = UserFactory(), UserFactory()
    client.force_login(user)
    made = send(client, "inscription/", BODY)
    assert made.status_code == 201
    key = made.json()["id"]
    assert made.json()["etat"] == "draft"
    assert send(client, f"{key}/envoyer/").json()["etat"] == "submitted"
    assert client.get("/api/v1/demandes/").json()["resultats"][0]["reference"] == made.json()["reference"]
    services.remark(request_id=key, actor=agent, text="entre nous", now=clock.now())
    services.ask(request_id=key, actor=agent, text="Quelle école ?", now=clock.now())
    letter = {"texte": "Villon", "envoi": str(uuid4())}
    for _ in range(2):
        answer = send(client, f"{key}/messages/", letter)
    assert answer.status_code == 201
    assert answer.json()["etat"] == "in_progress"
    assert [line["texte"] for line in answer.json()["suivi"] if line["texte"]] == ["Quelle école ?", "Villon"]
    assert answer.json()["contenu"][0]["lignes"][0] == {"libelle": "Prénom", "valeur": "Élodie"}
    assert send(client, f"{key}/annuler/").json()["etat"] == "cancelled"
    late = send(client, f"{key}/messages/", letter | {"envoi": str(uuid4())})
    assert late.status_code == 409
    assert late["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"telephone": "12"}, "telephone"),
        ({"code_postal": "3353"}, "code_postal"),
        ({"naissance": "2020-00-00"}, "naissance"),
        ({"enfants": []}, "enfants"),
        ({"enfants": [{"prenom": "Lou", "nom": "S", "naissance": "2099-01-01"}]}, "enfants.0.naissance"),
    ],
)
def test_a_field_at_fault_is_named(client: Client, wrong: dict[str, Any], field: str) -> None:
    client.force_login(UserFactory())
    answer = send(client, "inscription/", BODY | wrong)
    assert answer.status_code == 400
    assert field in [error["champ"] for error in answer.json()["errors"]]
    assert not ServiceRequest.objects.exists()


def test_another_persons_request_does_not_exist(client: Client) -> None:
    client.force_login(UserFactory())
    key = send(client, "inscription/", BODY).json()["id"]
    client.force_login(GuardianFactory().person.user)
    assert client.get("/api/v1/demandes/").json()["nombre"] == 0
    assert client.get(f"/api/v1/demandes/{key}/").status_code == 404
    for act in ("messages", "envoyer", "annuler"):
        assert send(client, f"{key}/{act}/", {"texte": "x"}).status_code == 404
    assert send(client, "inscription/", BODY).status_code == 404, "somebody with a family has no use for it"
    client.logout()
    assert client.get("/api/v1/demandes/").status_code in (401, 403)
