"""The pages and the API of documents: a parent sends, an agent looks, nobody else reads."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.contracts.access import Trade
from core.documents import services
from core.documents.models import DocumentFile, SupportingDocument
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.testing.conformance.context import signed_in
from core.testing.factories import AgentFactory, ChildFactory, GuardianFactory, SiteFactory
from tests.core.documents.files import deposited, kind, made, pdf, photo, received, sent

pytestmark = pytest.mark.django_db
SPACE = "/espace-famille/documents/"


@pytest.fixture
def guardian() -> Any:
    return made(GuardianFactory)


@pytest.fixture
def parent(guardian: Any) -> Client:
    return signed_in(guardian.person.user)


def agent(*trades: Trade, **where: Any) -> Client:
    return signed_in(made(AgentFactory, trades=list(trades), **where))


def address(document: SupportingDocument, base: str = SPACE) -> str:
    return f"{base}{document.pk}/fichiers/{document.files.get().pk}/"


def reads() -> int:
    return JournalEntry.objects.filter(act="documents.file_read", is_read=True).count()


# The family ----------------------------------------------------------------------------------------------------------


def test_three_photographs_and_a_bad_file_in_one_go(parent: Client, guardian: Any) -> None:
    child = made(ChildFactory, families=[guardian.family])
    kind("vaccins", label="Vaccinations", subject="child", reading="health", asked=True)
    assert "Vaccinations" in parent.get(SPACE).content.decode()
    page = parent.get(f"{SPACE}envoyer/vaccins/").content.decode()
    assert 'capture="environment"' in page
    assert "10 Mo chacun" in page
    files = [sent(photo(colour=colour)) for colour in ("red", "white", "blue")]
    files.append(SimpleUploadedFile("carnet.pdf", pdf(password="x")))
    posted = {
        "enfant": str(child.pk),
        "fichiers": files,
        "photos": sent(photo(colour="red")),
        "note": "Merci",
    }
    shown = parent.post(f"{SPACE}envoyer/vaccins/", posted, follow=True).content.decode()
    document = SupportingDocument.objects.get()
    assert (document.child_id, document.note, document.files.count()) == (child.pk, "Merci", 3)
    assert "carnet.pdf" in shown
    assert "mot de passe" in shown
    assert "Reçu, à vérifier" in shown


def test_what_was_typed_stays_when_no_file_is_right(parent: Client) -> None:
    kind("domicile", valid_months=3)
    bad = SimpleUploadedFile("facture.pdf", b"MZ" + b"\0" * 40)
    posted: dict[str, Any] = {
        "fichiers": bad,
        "date": "2026-11-02",
        "note": "Ancienne adresse",
        "envoi": str(uuid4()),
    }
    answer = parent.post(f"{SPACE}envoyer/domicile/", posted)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "facture.pdf" in shown
    assert "ni une photo" in shown
    assert 'value="2026-11-02"' in shown
    assert 'value="Ancienne adresse"' in shown
    assert posted["envoi"] in shown
    assert not SupportingDocument.objects.exists()
    assert not DocumentFile.objects.exists()


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, "Choisissez au moins un fichier"),
        ({"fichiers": [sent(photo()) for _ in range(11)]}, "10 fichiers au plus"),
        ({"fichiers": [sent()], "date": "2026-01-02"}, "n’est plus valable depuis"),
        ({"fichiers": [sent()], "date": "hier"}, "date"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(parent: Client, posted: Any, words: str) -> None:
    kind("domicile", valid_months=3)
    answer = parent.post(f"{SPACE}envoyer/domicile/", posted)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not SupportingDocument.objects.exists()


def test_the_page_tells_each_state_in_few_statements(parent: Client, guardian: Any) -> None:
    user, now = guardian.person.user, clock.now()
    for rank in range(12):
        deposited(guardian.family, user, type=kind(f"sorte-{rank}"))
    refused = SupportingDocument.objects.last()
    assert refused
    services.refuse(document_id=refused.pk, actor=None, reason="Il est <flou>.", now=now)
    services.give(
        family_id=guardian.family_id, title="Attestation", received=[received()], actor=None, now=now
    )
    parent.get(SPACE)
    with CaptureQueriesContext(connection) as asked:
        shown = parent.get(SPACE).content.decode()
    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) <= 8
    assert "Déposés par la mairie" in shown
    assert "Attestation" in shown
    assert "Refusé" in shown
    assert "Il est &lt;flou&gt;." in parent.get(f"{SPACE}{refused.pk}/").content.decode()


def test_pages_are_added_then_all_is_withdrawn(parent: Client, guardian: Any) -> None:
    document = deposited(guardian.family, guardian.person.user)
    parent.post(f"{SPACE}{document.pk}/", {"photos": sent(photo(colour="pink"))})
    assert document.files.count() == 2
    parent.post(f"{SPACE}{document.pk}/retirer/")
    assert not SupportingDocument.objects.exists()
    assert parent.get(f"{SPACE}{document.pk}/").status_code == 404


# Nothing bad is served -----------------------------------------------------------------------------------------------


def test_a_file_is_served_sealed_and_the_journal_says_it(parent: Client, guardian: Any) -> None:
    document = deposited(guardian.family)
    answer = parent.get(address(document))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("inline")
    assert parent.get(f"{address(document)}?telecharger")["Content-Disposition"].startswith("attachment")
    assert reads() == 2
    entry = JournalEntry.objects.filter(act="documents.file_read").latest("pk")
    assert entry.subjects.filter(kind="families.family", subject=guardian.family_id).exists()


def test_no_public_address_leads_to_a_file(parent: Client, guardian: Any) -> None:
    name = str(deposited(guardian.family).files.get().file)
    for base in ("/media/", "/static/", "/documents/", "/"):
        assert parent.get(f"{base}{name}").status_code == 404


def test_what_is_the_other_family_s_is_nowhere(guardian: Any) -> None:
    document, stranger = deposited(guardian.family), signed_in(made(GuardianFactory).person.user)
    for url in (f"{SPACE}{document.pk}/", address(document), address(document, "/api/v1/pieces/")):
        assert stranger.get(url).status_code == 404
    assert stranger.post(f"{SPACE}{document.pk}/retirer/").status_code == 404
    assert Client().get(address(document)).status_code == 302
    assert reads() == 0


def test_the_other_home_reads_what_is_common_and_changes_nothing(parent: Client, guardian: Any) -> None:
    other = made(GuardianFactory)
    child = made(ChildFactory, families=[guardian.family, other.family])
    shared = kind("vaccins", subject="child", reading="health", shared=True)
    document = deposited(guardian.family, type=shared, child_id=child.pk, note="Chez mamie")
    client = signed_in(other.person.user)
    shown = client.get(f"{SPACE}{document.pk}/").content.decode()
    assert "Envoyé par l’autre foyer" in shown
    assert "Chez mamie" not in shown
    assert client.get(address(document)).status_code == 200
    assert client.post(f"{SPACE}{document.pk}/", {"fichiers": sent()}).status_code == 404
    assert client.post(f"{SPACE}{document.pk}/retirer/").status_code == 404
    for reader in (client, parent):
        assert (
            "Fichier d’un document lu" in reader.get("/espace-famille/mon-espace/journal/").content.decode()
        )


def test_a_file_that_the_antivirus_has_not_seen_is_not_served(parent: Client, guardian: Any) -> None:
    document = deposited(guardian.family, received=[received(scanned=False)])
    assert parent.get(address(document)).status_code == 404
    assert "doit encore l’examiner" in parent.get(f"{SPACE}{document.pk}/").content.decode()


# Agents --------------------------------------------------------------------------------------------------------------


def test_an_agent_looks_then_checks_or_refuses(guardian: Any) -> None:
    first, second = (deposited(guardian.family, guardian.person.user) for _ in range(2))
    client = agent(Trade.CHILDHOOD)
    assert str(first.pk) in client.get("/gestion/pieces/").content.decode()
    assert client.get(address(first, "/gestion/pieces/")).status_code == 200
    client.post(f"/gestion/pieces/{first.pk}/", {"acte": "check", "until": "2027-08-31"})
    empty = client.post(f"/gestion/pieces/{second.pk}/", {"acte": "refuse", "refus-reason": ""})
    assert "corriger" in empty.content.decode()
    client.post(f"/gestion/pieces/{second.pk}/", {"acte": "refuse", "refus-reason": "Illisible."})
    late = client.post(f"/gestion/pieces/{second.pk}/", {"acte": "check"})
    assert "n’est plus possible" in late.content.decode()
    states = SupportingDocument.objects.values_list("state", flat=True)
    assert sorted(states) == ["checked", "refused"]
    assert reads() == 1


def test_the_queue_is_short_of_statements(guardian: Any, django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        deposited(guardian.family)
    client = agent(Trade.CHILDHOOD)
    client.get("/gestion/pieces/")
    with django_assert_max_num_queries(16):
        assert "page=2" in client.get("/gestion/pieces/").content.decode()


def test_an_agent_of_another_site_and_one_without_the_right_find_nothing(guardian: Any) -> None:
    here, elsewhere = made(SiteFactory), made(SiteFactory)
    child = made(ChildFactory, families=[guardian.family], site=here)
    health = kind("sante", subject="child", reading="health")
    document = deposited(guardian.family, type=health, child_id=child.pk)
    urls = (f"/gestion/pieces/{document.pk}/", address(document, "/gestion/pieces/"))
    for client, status in (
        (agent(Trade.CHILDHOOD, trades__site=here), 200),
        (agent(Trade.CHILDHOOD, trades__site=elsewhere), 404),
        (agent(Trade.BILLING), 404),
        (agent(Trade.KITCHEN), 404),
    ):
        assert [client.get(url).status_code for url in urls] == [status, status]
    assert reads() == 1


def test_an_agent_gives_a_document(guardian: Any, parent: Client) -> None:
    client, url = agent(Trade.CHILDHOOD), f"/gestion/familles/{guardian.family_id}/pieces/"
    wrong = client.post(url, {"title": "Attestation", "fichiers": sent(b"<html>", "a.pdf")})
    assert "ni une photo" in wrong.content.decode()
    assert 'value="Attestation"' in wrong.content.decode()
    posted = {"title": "Attestation", "fichiers": sent(pdf(), "attestation.pdf"), "envoi": str(uuid4())}
    client.post(url, posted)
    assert "Attestation" in parent.get(SPACE).content.decode()
    assert agent(Trade.BILLING).post(url, posted).status_code == 404


def test_kinds_of_documents_are_written_by_agents() -> None:
    client = agent(Trade.CHILDHOOD)
    values = {
        "label": "Test d’aisance",
        "code": "aisance",
        "subject": "child",
        "reading": "plain",
        "rank": "5",
    }
    both = client.post(
        "/gestion/natures-de-pieces/nouveau/", values | {"valid_months": "12", "fixed_end": "31/08"}
    )
    assert "pas les deux" in both.content.decode()
    wrong = client.post("/gestion/natures-de-pieces/nouveau/", values | {"fixed_end": "30/02"})
    assert "31/08" in wrong.content.decode()
    assert client.post("/gestion/natures-de-pieces/nouveau/", values).status_code == 302


# The API -------------------------------------------------------------------------------------------------------------


def test_the_api_sends_reads_and_withdraws(parent: Client, guardian: Any) -> None:
    kind("domicile", valid_months=3)
    envoi = str(uuid4())
    for _ in range(2):
        answer = parent.post("/api/v1/pieces/", {"nature": "domicile", "fichiers": [sent()], "envoi": envoi})
    assert answer.status_code == 201, answer.content
    document = answer.json()
    assert document["valable_jusqu_au"] == "2027-02-23"
    assert len(parent.get("/api/v1/pieces/").json()["resultats"]) == 1
    assert "domicile" in [one["code"] for one in parent.get("/api/v1/pieces/natures/").json()]
    (file,) = document["fichiers"]
    content = parent.get(f"/api/v1/pieces/{document['id']}/fichiers/{file['id']}/")
    assert content["Content-Disposition"].startswith("attachment")
    more = parent.post(
        f"/api/v1/pieces/{document['id']}/fichiers/", {"fichiers": [sent(photo(colour="gold"))]}
    )
    assert len(more.json()["fichiers"]) == 2
    office = agent(Trade.CHILDHOOD)
    assert len(office.get("/api/v1/gestion/pieces/").json()["resultats"]) == 1
    url = f"/api/v1/gestion/pieces/{document['id']}/"
    assert office.post(f"{url}verifier/", {}, content_type="application/json").json()["etat"] == "checked"
    late = office.post(f"{url}refuser/", {"raison": "Non"}, content_type="application/json")
    assert late.status_code == 409
    assert parent.delete(f"/api/v1/pieces/{document['id']}/").status_code == 409


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"fichiers": [sent(b"MZ", "a.pdf")]}, "fichiers"),
        ({"fichiers": [sent(b"", "vide.jpg")]}, "fichiers"),
        ({"fichiers": [sent()], "nature": "inconnue"}, "nature"),
        ({"fichiers": [sent()], "enfant": str(uuid4())}, "enfant"),
        ({}, "fichiers"),
    ],
)
def test_the_api_says_what_is_wrong(parent: Client, values: Any, field: str) -> None:
    kind("domicile")
    answer = parent.post("/api/v1/pieces/", {"nature": "domicile", **values})
    assert answer.status_code == 400
    assert field in [error["champ"] for error in answer.json()["errors"]]
    assert not SupportingDocument.objects.exists()
