"""A file of households through the API: brought, read, confirmed; nothing is written before."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.contracts.access import Trade
from core.families.models import Family, FamilyImport
from core.testing.factories import AgentFactory, SiteFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/gestion/imports/familles/"
FILE = (
    "Référence de la famille;Nom de la famille;Adresse;Code postal;Commune;Prénom 1;Nom 1\n"
    "F1;Famille Roux;1 rue du Port;33530;Bassens;Claire;Roux\n"
    "F2;Famille Petit;2 rue du Port;33530;Bassens;;Petit\n"
)


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    return client


def bring(client: Client, text: str = FILE, name: str = "familles.csv") -> Any:
    return client.post(ADDRESS, {"fichier": SimpleUploadedFile(name, text.encode())})


def test_from_the_file_to_the_households(agent: Client, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        brought = bring(agent)
    assert brought.status_code == 202, brought.json()
    where = f"{ADDRESS}{brought.json()['id']}/"
    shown = agent.get(where).json()
    assert shown["etape"] == "read", shown
    assert {"feuille": "families", "lignes": 1} in shown["ajoute"]
    assert [(bad["feuille"], bad["ligne"]) for bad in shown["en_erreur"]] == [("families", 3)]
    assert "rénom" in shown["en_erreur"][0]["raison"]
    assert not Family.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert agent.post(f"{where}confirmer/").status_code == 202
    assert agent.get(where).json()["etape"] == "written"
    assert Family.objects.get().reference == "F1"
    again = agent.post(f"{where}confirmer/")
    assert (again.status_code, again.json()["code"]) == (409, "etat-de-l-import")
    assert agent.post(f"{where}abandonner/").status_code == 409
    assert [one["fichier"] for one in agent.get(ADDRESS).json()["resultats"]] == ["familles.csv"]


def test_what_is_no_file(agent: Client) -> None:
    for answer in (agent.post(ADDRESS, {}), bring(agent, "")):
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["champ"] == "fichier"
    assert not FamilyImport.objects.exists()


def test_only_who_serves_the_whole_town() -> None:
    here = AgentFactory(trades=[Trade.CHILDHOOD], trades__site=SiteFactory())
    for user in (here, AgentFactory(trades=[Trade.BILLING])):
        client = Client()
        client.force_login(user)
        assert client.get(ADDRESS).status_code == 404
        assert bring(client).status_code == 404
    assert Client().get(ADDRESS).status_code == 401
