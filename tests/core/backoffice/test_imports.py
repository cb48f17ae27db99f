"""Agents' screens of imports: a file is shown before it is written, its bad lines are named, its figures followed."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from core.contracts.access import Trade
from core.families.models import Family, FamilyImport
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.testing.factories import AgentFactory, GuardianFactory, SiteFactory

pytestmark = pytest.mark.django_db

IMPORTS = "/gestion/imports/familles/"
HEAD = "Référence de la famille;Nom de la famille;Prénom 1;Nom 1;Téléphone 1;Humeur\n"
GOOD = "F1;Famille Un;Ana;Un;0612345678;bonne\n"
BAD = "F2;Famille <b>Deux</b>;Ana;Deux;12;\n"


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    return client


def upload(client: Client, text: str, name: str = "familles.csv") -> Any:
    return client.post(IMPORTS, {"file": SimpleUploadedFile(name, text.encode())}, follow=True)


def test_from_the_file_to_the_families(agent: Client) -> None:
    assert "Aucun fichier" in agent.get(IMPORTS).content.decode()
    page = upload(agent, HEAD + GOOD + BAD).content.decode()
    for said in ("Rien n’est encore enregistré", "n’est pas un numéro de téléphone", "humeur", "sans faute"):
        assert said in page, said
    assert Family.objects.count() == 0
    work = FamilyImport.objects.get()
    lines = b"".join(agent.get(f"{IMPORTS}{work.pk}/lignes.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Familles;3;Téléphone 1" in lines
    done = agent.post(f"{IMPORTS}{work.pk}/confirmer/", follow=True).content.decode()
    assert "Importé le" in done
    assert "n’est pas un numéro" in done
    assert list(Family.objects.values_list("reference", flat=True)) == ["F1"]
    assert JournalEntry.objects.filter(act="families.families_imported").count() == 1
    assert "n’attend plus" in agent.post(f"{IMPORTS}{work.pk}/confirmer/", follow=True).content.decode()
    again = upload(agent, HEAD + GOOD).content.decode()
    assert "Ce fichier n’ajoute rien" in again


def test_the_bar_while_it_works(agent: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.families.services.importing.read_import", lambda **given: None)
    page = upload(agent, HEAD + GOOD).content.decode()
    work = FamilyImport.objects.get()
    FamilyImport.objects.update(done=500, total=2000)
    address = f"{IMPORTS}{work.pk}/"
    assert f'data-progress="{address}avancement/"' in page
    assert agent.get(f"{address}avancement/").json() == {"done": 500, "total": 2000, "working": True}
    assert "Abandonner" not in agent.get(address).content.decode()
    FamilyImport.objects.update(moved_at=clock.now().replace(year=2020))
    assert "Abandonner" in agent.get(address).content.decode()
    stopped = agent.post(f"{address}abandonner/", follow=True).content.decode()
    assert "Rien n’a été enregistré" in stopped


def test_an_incident_writes_nothing_and_may_be_tried_again(
    agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(agent, HEAD + GOOD)
    work = FamilyImport.objects.get()
    with monkeypatch.context() as broken:
        broken.setattr("core.families.services.importing.journal.record", lambda **given: 1 / 0)
        page = agent.post(f"{IMPORTS}{work.pk}/confirmer/", follow=True).content.decode()
    assert "incident technique" in page
    assert Family.objects.count() == 0
    assert "Importé le" in agent.post(f"{IMPORTS}{work.pk}/confirmer/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("familles.pdf", "x", "Choisissez un fichier CSV ou XLSX"),
        ("familles.csv", "", "Ce fichier est vide"),
        ("familles.csv", "nom;prenom\na;b\n", "titres d’un de nos modèles"),
        ("familles.xlsx", "x", "n’est pas un classeur XLSX"),
    ],
)
def test_a_file_that_is_none(agent: Client, name: str, text: str, said: str) -> None:
    assert said in upload(agent, text, name).content.decode()
    assert "Choisissez un fichier." in agent.post(IMPORTS).content.decode()


def test_templates_are_what_is_read(agent: Client) -> None:
    book = load_workbook(BytesIO(b"".join(agent.get(f"{IMPORTS}modele.xlsx").streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["Familles", "Enfants", "Quotients"]
    text = b"".join(agent.get(f"{IMPORTS}modele-children.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.startswith("Référence de la famille;Référence du second foyer;Prénom;")
    assert agent.get(f"{IMPORTS}modele-autres.csv").status_code == 404


def test_only_whoever_serves_the_whole_town(client: Client) -> None:
    for agent in (
        AgentFactory(trades=[Trade.CASHIER]),
        AgentFactory(trades=[Trade.CHILDHOOD], trades__site=SiteFactory()),
    ):
        client.force_login(agent)
        assert client.get(IMPORTS).status_code == 404


def test_the_list_of_families_taken_away_is_read_back(agent: Client) -> None:
    guardian = GuardianFactory(family__name="Famille =1+1", person__phone="+33612345678", payer_share=100)
    GuardianFactory(family__name="Ailleurs")
    answer = agent.get("/gestion/familles/", {"q": "1+1", "export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert str(guardian.family_id) in text
    assert "Ailleurs" not in text
    assert JournalEntry.objects.get(act="backoffice.list_exported").changes["rows"] == 1
    page = upload(agent, text).content.decode()
    assert "Ce fichier n’ajoute rien" in page
    agent.force_login(AgentFactory(trades=[Trade.CASHIER]))
    assert agent.get("/gestion/familles/", {"export": "csv"}).status_code == 404
    assert "Exporter" not in agent.get("/gestion/familles/").content.decode()
