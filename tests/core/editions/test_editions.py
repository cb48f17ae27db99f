"""Documents made at once for a family: what they say, who may have them, how the town checks one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from core.contracts.access import Trade
from core.contracts.editions import Body, IssuableDocument, Part
from core.contracts.family import FamilyContext
from core.editions import services
from core.editions.models import IssuedDocument
from core.families.models import Guardian
from core.families.selectors import context_of
from core.kernel import discovery
from core.kernel.models import JournalEntry, PluginState
from core.testing.factories import (
    AgentFactory,
    ChildFactory,
    ContactFactory,
    GuardianFactory,
    QuotientFactory,
    SiteFactory,
)
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
ADDRESS = "/espace-famille/editions/"


def paper(context: FamilyContext) -> list[IssuableDocument]:
    body = Body(f"Prêté à {context.name}.", (Part("Livres", (), ("Titre", "Jour"), "Aucun livre."),))
    return [IssuableDocument(code="lent.livres", title="Relevé de prêt", description="…", write=lambda: body)]


@pytest.fixture(autouse=True)
def lent() -> Iterator[None]:
    PluginState.objects.bulk_create(
        PluginState(slug=plugin.slug, enabled=False) for plugin in discovery.installed().plugins
    )
    with fake_plugin("lent", issuable_documents=paper):
        yield


@pytest.fixture
def guardian(client: Client) -> Guardian:
    found = GuardianFactory(
        person__first_name="Nora", person__last_name="Martin", person__email="nora@example.org"
    )
    ChildFactory(families=[found.family], person__first_name="Zoé")
    ContactFactory(family=found.family, name="Jeanne Roux")
    QuotientFactory(family=found.family)
    client.force_login(found.person.user)
    return found


def words(pdf: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def issued(client: Client, code: str, address: str = ADDRESS) -> Any:
    answer = client.post(f"{address}{code}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer


def agent(trade: Trade = Trade.CHILDHOOD) -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[trade]))
    return client


def test_the_composition_of_the_household(client: Client, guardian: Guardian) -> None:
    assert "Composition du foyer" in client.get(ADDRESS).content.decode()
    answer = issued(client, "core.composition")
    said = words(answer.content)
    row = IssuedDocument.objects.get()
    for fact in (
        "Nora Martin",
        "Zoé",
        "1 rue de la Garonne, 33530 Bassens",
        row.reference,
        "23 novembre 2026",
    ):
        assert fact in said.replace("\xa0", " "), fact
    assert "no-store" in answer["Cache-Control"]
    assert row.reference.lower() in answer["Content-Disposition"]
    assert row.reference in client.get(ADDRESS).content.decode()
    assert JournalEntry.objects.get(act=services.ISSUED).object_id == str(row.pk)


def test_the_summary_holds_the_contact_details_of_whoever_asks_only(
    client: Client, guardian: Guardian
) -> None:
    GuardianFactory(family=guardian.family, position=2, person__email="autre@example.org")
    said = words(issued(client, "core.recapitulatif").content).replace("\xa0", " ").replace("\u202f", " ")
    assert "nora@example.org" in said and "autre@example.org" not in said
    assert "Jeanne Roux" in said and "520,00 €" in said


def test_hook_issuable_documents(client: Client, guardian: Guardian) -> None:
    assert "Relevé de prêt" in client.get(ADDRESS).content.decode()
    said = words(issued(client, "lent.livres").content)
    assert f"Prêté à {guardian.family.name}." in said and "Aucun livre." in said
    PluginState.objects.create(slug="lent", enabled=False)
    with fake_plugin("autre"):
        assert client.post(f"{ADDRESS}lent.livres/").status_code == 404


def test_one_press_more_is_the_same_paper(client: Client, guardian: Guardian) -> None:
    first, second = (issued(client, "core.composition") for _press in range(2))
    assert first.content == second.content
    assert IssuedDocument.objects.count() == 1
    ChildFactory(families=[guardian.family])
    issued(client, "core.composition")
    assert IssuedDocument.objects.count() == 2


def test_the_town_checks_a_paper(client: Client, guardian: Guardian) -> None:
    issued(client, "core.composition")
    reference = IssuedDocument.objects.get().reference
    office, address = agent(), "/gestion/editions/verifier/"
    page = office.get(address, {"reference": f" {reference.lower().replace('-', ' ')}"}).content.decode()
    assert "Ce document vient de la mairie" in page and "la même chose" in page
    assert guardian.family.name in page
    ChildFactory(families=[guardian.family])
    assert "Le dossier a changé" in office.get(address, {"reference": reference}).content.decode()
    assert (
        "aucun document sous cette référence"
        in office.get(address, {"reference": "AAAA-AAAA"}).content.decode()
    )
    assert agent(Trade.KITCHEN).get(address).status_code == 404
    assert client.get(address).status_code == 404


def test_a_paper_of_the_other_guardian_is_checked_as_it_was_made(guardian: Guardian) -> None:
    other = GuardianFactory(family=guardian.family, position=2, person__email="autre@example.org")
    context = context_of(other.person.user, TODAY)
    assert context and other.person.user
    document = services.find(context, "core.recapitulatif")
    assert document
    made = services.issue(context=context, document=document, actor=other.person.user, now=NOW)
    verdict = services.check(reference=made.row.reference, now=NOW + timedelta(days=3))
    assert verdict and verdict.same is True
    Guardian.objects.filter(pk=other.pk).delete()
    verdict = services.check(reference=made.row.reference, now=NOW)
    assert verdict and verdict.same is None


def test_an_agent_makes_one(client: Client, guardian: Guardian) -> None:
    address = f"/gestion/familles/{guardian.family_id}/editions/"
    office = agent()
    assert "Relevé de prêt" in office.get(address).content.decode()
    issued(office, "core.composition", address)
    assert IssuedDocument.objects.get().by_agent
    assert "par la mairie" in client.get(ADDRESS).content.decode()
    assert office.post(f"{address}autre/").status_code == 404
    assert agent(Trade.KITCHEN).get(address).status_code == 404


def test_an_agent_of_another_site_finds_nothing(guardian: Guardian, client: Client) -> None:
    office = Client()
    office.force_login(AgentFactory(trades=[Trade.CHILDHOOD], trades__site=SiteFactory()))
    assert office.get(f"/gestion/familles/{guardian.family_id}/editions/").status_code == 404
    issued(client, "core.composition")
    row = IssuedDocument.objects.get()
    page = office.get("/gestion/editions/verifier/", {"reference": row.reference}).content.decode()
    assert "hors de vos lieux" in page and guardian.family.name not in page


def test_the_api_says_and_makes_the_same(client: Client, guardian: Guardian) -> None:
    found = client.get("/api/v1/famille/editions/").json()
    assert [row["code"] for row in found] == ["core.composition", "core.recapitulatif", "lent.livres"]
    issued(client, "core.composition", "/api/v1/famille/editions/")
    row = IssuedDocument.objects.get()
    said = agent().get(f"/api/v1/gestion/editions/{row.reference}/").json()
    assert (said["inchange"], said["famille"]) == (True, str(guardian.family_id))
    assert client.get(f"/api/v1/gestion/editions/{row.reference}/").status_code == 404


def test_few_statements(client: Client, guardian: Guardian, django_assert_max_num_queries: Any) -> None:
    client.get(ADDRESS)
    with django_assert_max_num_queries(10):
        client.get(ADDRESS)


def test_a_row_has_the_cells_of_its_head() -> None:
    with pytest.raises(ValueError, match="Livres"):
        Part("Livres", (("Un seul",),), ("Titre", "Jour"))
