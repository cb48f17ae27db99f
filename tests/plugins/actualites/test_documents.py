"""The library: what is listed, found and handed over, to whom, and until when."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from core.contracts.access import Trade
from core.contracts.audiences import FAMILIES, of_site
from core.families.models import Guardian
from core.kernel.models import JournalEntry
from core.pages.audiences import joined
from core.pages.library import DocumentTheme, DocumentVersion, LibraryDocument
from core.pages.models import HomePage
from core.testing.factories import (
    AgentFactory,
    ChildFactory,
    GuardianFactory,
    SchoolYearFactory,
    SiteFactory,
)
from core.town.models import Site
from plugins.actualites.models import DocumentsPage
from plugins.actualites.selectors_documents import PER_PAGE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)

File = Callable[..., LibraryDocument]


@pytest.fixture
def file(home: HomePage, theme: DocumentTheme) -> File:
    """`file("Titre", text="…", valid_until=…)`: a document with a true file, on a shelf."""

    def make(title: str, text: str = "un", **fields: Any) -> LibraryDocument:
        document = LibraryDocument(title=title, **{"theme": theme, **fields})
        document.file = ContentFile(f"%PDF-1.7 {text}".encode(), name="f.pdf")
        document.save()
        return document

    return make


@pytest.fixture
def villon(db: None) -> Site:
    return SiteFactory(name="École Villon")


@pytest.fixture
def parent(villon: Site) -> Guardian:
    guardian = GuardianFactory()
    ChildFactory(families=[guardian.family], site=villon)
    return guardian


def as_(trade: Trade) -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[trade]))
    return client


def as_parent(guardian: Guardian) -> Client:
    client = Client()
    client.force_login(guardian.person.user)
    return client


def listed(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/documents/{query}")
    assert response.status_code == 200
    shown = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert shown
    return [
        title.replace("\u00a0", " ")
        for title in re.findall(r'<div>\s*<a href="[^"]*"[^>]*>([^<]*)</a>', shown[0])
    ]


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# The list -------------------------------------------------------------------------------------------------------------


def test_shelf_by_shelf_latest_first(documents_page: DocumentsPage, file: File, client: Client) -> None:
    rules = DocumentTheme.objects.create(name="Règlement intérieur", slug="reglement", rank=9)
    file("Le règlement", theme=rules)
    file("Menus de novembre")
    file("Menus de décembre")
    file("Affiche de la fête", theme=None)
    assert listed(client) == ["Menus de décembre", "Menus de novembre", "Le règlement"]
    page = client.get("/documents/").content.decode()
    assert page.index("Menus de la cantine</h2>") < page.index("Règlement intérieur</h2>")
    assert listed(client, "?theme=reglement") == ["Le règlement"]
    assert listed(client, "?theme=rien") == []


def test_what_a_line_says(documents_page: DocumentsPage, file: File, client: Client) -> None:
    year = SchoolYearFactory()
    old = file("Guide de l’an passé")
    file(
        "Guide de la rentrée",
        description="Pour préparer le cartable.",
        school_year=year,
        language="pt",
        valid_until=date(2027, 7, 3),
        replaces=old,
    )
    page = client.get("/documents/").content.decode()
    for words in (
        "Pour préparer le cartable.",
        "PDF, ",
        "en portugais",
        f"année {year.name}",
        "valable jusqu’au samedi 3\u00a0juillet 2027".replace(
            "\u00a0juillet 2027", "\u00a0juillet\u00a02027"
        ),
        "Remplace «\u00a0Guide de l’an passé\u00a0»",
        'hreflang="pt"',
    ):
        assert words in page, words


def test_search_without_accents_nor_order(documents_page: DocumentsPage, file: File, client: Client) -> None:
    file("Règlement intérieur", description="Horaires, absences, santé.")
    file("Menus de décembre")
    assert listed(client, "?recherche=REGLEMENT") == ["Règlement intérieur"]
    assert listed(client, "?recherche=sante+reglement") == ["Règlement intérieur"]
    assert listed(client, "?recherche=piscine") == []
    page = client.get("/documents/?recherche=piscine").content.decode()
    assert "Aucun document ne répond à cette recherche." in page
    assert 'value="piscine"' in page
    assert client.get("/documents/", {"recherche": "é\0" * 300}).status_code == 200


def test_by_school_year_and_language(documents_page: DocumentsPage, file: File, client: Client) -> None:
    year = SchoolYearFactory()
    file("De l’année", school_year=year)
    file("Sans année", language="en")
    assert listed(client, f"?annee={year.name}") == ["De l’année"]
    assert listed(client, "?langue=en") == ["Sans année"]


def test_pages_keep_the_filters(
    documents_page: DocumentsPage, file: File, theme: DocumentTheme, client: Client
) -> None:
    LibraryDocument.objects.bulk_create(
        LibraryDocument(title=f"Menu {n}", slug=f"menu-{n}", file="documents/m.pdf", theme=theme)
        for n in range(PER_PAGE + 2)
    )
    assert len(listed(client)) == PER_PAGE
    assert len(listed(client, "?theme=menus&page=2")) == 2
    assert "?theme=menus&amp;page=2" in client.get("/documents/?theme=menus").content.decode()


def test_nothing_yet_and_very_long(documents_page: DocumentsPage, file: File, client: Client) -> None:
    assert "Aucun document pour le moment." in client.get("/documents/").content.decode()
    title = ("Anticonstitutionnellement " * 9).strip()
    document = file(title, description="x" * 300)
    assert len(document.slug) <= 80
    assert listed(client) == [title]


def test_statements_of_the_page(documents_page: DocumentsPage, file: File, client: Client) -> None:
    for number in range(12):
        file(f"Menu {number}")
    client.get("/documents/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/documents/")
    assert sum("SAVEPOINT" not in query["sql"] for query in queries) <= 10


# Days -----------------------------------------------------------------------------------------------------------------


def test_a_document_out_of_date_leaves_by_itself(
    documents_page: DocumentsPage, file: File, client: Client
) -> None:
    over = file("Passé", valid_until=TODAY - timedelta(days=1))
    file("Dernier jour", valid_until=TODAY)
    assert listed(client) == ["Dernier jour"]
    titles = [row["titre"] for row in client.get("/api/v1/documents/").json()["resultats"]]
    assert titles == ["Dernier jour"]
    assert client.get(over.url).status_code == 200, "what articles and letters lead to still opens"


def test_before_its_day_nobody_reads_it(documents_page: DocumentsPage, file: File, client: Client) -> None:
    later = file("Demain", valid_from=TODAY + timedelta(days=1))
    assert listed(client) == []
    assert client.get(later.url).status_code == 404
    assert as_(Trade.WRITER).get(later.url).status_code == 200
    LibraryDocument.objects.update(valid_from=TODAY)
    assert listed(client) == ["Demain"]


def test_days_in_order_and_an_heir_that_is_another(file: File) -> None:
    document = file("Menus")
    for wrong in (
        {"valid_from": TODAY, "valid_until": TODAY - timedelta(days=1)},
        {"replaces_id": document.pk},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LibraryDocument.objects.filter(pk=document.pk).update(**wrong)


# One address, many files ----------------------------------------------------------------------------------------------


def edited(client: Client, document: LibraryDocument, **changes: Any) -> Any:
    form = {
        "title": document.title,
        "description": document.description,
        "theme": document.theme_id or "",
        "language": document.language,
        "slug": document.slug,
        "tags": "",
        **changes,
    }
    return client.post(reverse("wagtaildocs:edit", args=[document.pk]), form)


@pytest.mark.parametrize("trade", [Trade.WRITER, Trade.EDITOR])
def test_a_document_replaced_keeps_its_link(trade: Trade, file: File, client: Client, settings: Any) -> None:
    document = file("Règlement intérieur", text="ancien")
    address = document.url
    assert body(client.get(address)) == b"%PDF-1.7 ancien"
    new = SimpleUploadedFile("reglement-v2-final.pdf", b"%PDF-1.7 nouveau")
    response = edited(as_(trade), document, file=new, version_note="Un article de plus.")
    assert response.status_code == 302, response.context["form"].errors
    document.refresh_from_db()
    assert document.url == address == "/fichiers/reglement-interieur/"
    assert body(client.get(address)) == b"%PDF-1.7 nouveau"
    first, second = document.versions.order_by("number")
    assert (first.number, second.number, document.version) == (1, 2, 2)
    assert second.note == "Un article de plus."
    assert second.filed_by
    acts = JournalEntry.objects.filter(object_kind="pages.librarydocument").order_by("pk")
    assert [(entry.act, entry.actor) for entry in acts] == [
        ("pages.document_added", None),
        ("pages.document_replaced", second.filed_by.pk),
    ]


def test_agents_of_the_library_alone_open_an_earlier_file(file: File, client: Client) -> None:
    document = file("Règlement", text="ancien")
    document.file = ContentFile(b"%PDF-1.7 nouveau", name="f.pdf")
    document.save()
    address = reverse("earlier_file", args=[document.pk, 1])
    assert body(as_(Trade.EDITOR).get(address)) == b"%PDF-1.7 ancien"
    assert client.get(address).status_code == 302
    assert as_(Trade.BILLING).get(address).status_code in (302, 404)
    page = as_(Trade.WRITER).get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert address in page


def test_the_old_document_leads_to_the_one_that_replaces_it(
    documents_page: DocumentsPage, file: File, client: Client
) -> None:
    old = file("Dossier 2025")
    new = file("Dossier 2026", replaces=old)
    assert listed(client) == ["Dossier 2026"]
    assert client.get(old.url)["Location"] == new.url
    LibraryDocument.objects.filter(pk=new.pk).update(valid_from=TODAY + timedelta(days=3))
    assert listed(client) == ["Dossier 2025"]
    assert client.get(old.url).status_code == 200
    LibraryDocument.objects.filter(pk=new.pk).update(valid_from=None, readers=joined([FAMILIES]))
    assert listed(client) == ["Dossier 2025"], "who cannot read the new one keeps the old one"


def test_titles_alike_have_addresses_apart(file: File) -> None:
    assert [file("Menus").slug, file("Menus").slug, file("Menus").slug] == ["menus", "menus-2", "menus-3"]
    assert file("2026").slug == "document-2026"
    assert file("—").slug == "document"


def test_how_a_file_is_handed_over(file: File, client: Client) -> None:
    document = file("Règlement intérieur « été »")
    response = client.get(document.url)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith(
        "inline; filename*=utf-8''R%C3%A8glement%20int%C3%A9rieur"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    for header, value in (
        ("If-None-Match", response["ETag"]),
        ("If-Modified-Since", response["Last-Modified"]),
    ):
        assert client.get(document.url, headers={header: value}).status_code == 304, header
    table = LibraryDocument(title="Tableau", file=ContentFile(b"a;b", name="t.csv"))
    table.save()
    response = client.get(table.url)
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"] == 'attachment; filename="Tableau.csv"'


def test_a_file_that_is_not_what_it_says_is_refused(file: File) -> None:
    document = file("Menus")
    for name, content in (
        ("m.pdf", b"MZ\x90\0"),
        ("m.csv", b"a\0b"),
        ("m.html", b"<p>"),
        ("m.docx", b"%PDF-1.7"),
    ):
        response = edited(as_(Trade.WRITER), document, file=SimpleUploadedFile(name, content))
        assert response.status_code == 200, name
        assert response.context["form"].errors["file"], name
    assert DocumentVersion.objects.count() == 1


def test_the_form_is_in_french(file: File) -> None:
    page = as_(Trade.WRITER).get(reverse("wagtaildocs:edit", args=[file("Menus").pk])).content.decode()
    for words in ("Thème", "Année scolaire", "Langue", "Réservé à", "Remplace", "Adresse du fichier"):
        assert words in page, words


def test_what_is_removed_takes_its_files_away(
    file: File, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    document = file("Menus", text="ancien")
    document.file = ContentFile(b"%PDF-1.7 nouveau", name="f.pdf")
    document.save()
    stored = [(version.file.storage, version.file.name) for version in document.versions.all()]
    assert all(storage.exists(name) for storage, name in stored)
    with django_capture_on_commit_callbacks(execute=True):
        as_(Trade.EDITOR).post(reverse("wagtaildocs:delete", args=[document.pk]))
    assert not any(storage.exists(name) for storage, name in stored)
    assert JournalEntry.objects.filter(act="pages.document_removed", actor__isnull=False).exists()


# Reserved -------------------------------------------------------------------------------------------------------------


def test_a_reserved_document_is_for_its_families(
    documents_page: DocumentsPage, file: File, parent: Guardian, villon: Site, client: Client
) -> None:
    for_all = file("Pour les familles", text="toutes", readers=joined([FAMILIES]))
    for_school = file("Pour Villon", text="villon", readers=joined([of_site(villon.pk)]))
    other = GuardianFactory()
    ChildFactory(families=[other.family], site=SiteFactory())
    for who, reads in ((as_parent(parent), [for_school, for_all]), (as_parent(other), [for_all])):
        names = [document.title for document in reads]
        assert listed(who) == names
        assert [row["titre"] for row in who.get("/api/v1/documents/").json()["resultats"]] == names
        home = who.get("/espace-famille/").content.decode()
        for document in (for_all, for_school):
            response = who.get(document.url)
            assert response.status_code == (200 if document in reads else 404), document
            assert (document.title in home) == (document in reads)
            if document in reads:
                assert response["Cache-Control"] == "private, no-store"
                assert listed(client) == []
    assert client.get("/api/v1/documents/").json()["nombre"] == 0
    for document in (for_all, for_school):
        assert re.fullmatch(r"/espace-famille/fichiers/[0-9a-f-]{36}/", document.url)
        assert client.get(document.url)["Location"].startswith("/connexion/")
        assert client.get(f"/fichiers/{document.slug}/").status_code == 404
        assert client.get(f"/fichiers/{document.pk}/{document.filename}").status_code == 404
        assert client.get(f"/media/{document.file.name}").status_code == 404


def test_wagtails_own_address_leads_to_ours(file: File, client: Client) -> None:
    document = file("Menus")
    assert client.get(f"/fichiers/{document.pk}/n-importe-quoi.pdf")["Location"] == document.url
    assert client.get(f"/media/{document.file.name}").status_code == 404


def test_a_closed_collection_is_closed(documents_page: DocumentsPage, file: File, client: Client) -> None:
    shut = Collection.get_first_root_node().add_child(name="Fermée")
    CollectionViewRestriction.objects.create(collection=shut, restriction_type="login")
    document = file("Dedans", collection=shut)
    assert listed(client) == []
    assert client.get(document.url).status_code == 404


def test_off_without_families_there_is_no_private_file(file: File, parent: Guardian, switch: Any) -> None:
    document = file("Pour les familles", readers=joined([FAMILIES]))
    client = as_parent(parent)
    assert client.get(document.url).status_code == 200
    for slug in ("actualites", "enfance", "facturation"):
        switch(slug, False)
    assert client.get(document.url).status_code == 404


# API ------------------------------------------------------------------------------------------------------------------


def test_api(file: File, client: Client) -> None:
    document = file("Règlement", description="Les règles.", language="pt", valid_until=date(2027, 7, 3))
    file("Menus")
    answer = client.get("/api/v1/documents/?recherche=regles")
    assert answer.json()["nombre"] == 1
    row = answer.json()["resultats"][0]
    assert row["adresse"] == f"http://testserver{document.url}"
    assert row["theme"] == {"code": "menus", "nom": "Menus de la cantine"}
    assert (row["langue"], row["version"], row["type"]) == ("pt", 1, "pdf")
    assert (row["valable_jusqu_au"], row["annee_scolaire"], row["reserve"]) == ("2027-07-03", None, False)
    assert client.get("/api/v1/documents/", headers={"If-None-Match": answer["ETag"]}).status_code == 200
    again = client.get("/api/v1/documents/?recherche=regles", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/api/v1/documents/?theme=autre").json()["nombre"] == 0


def test_an_invalid_slug_is_an_error_of_the_form(file: File) -> None:
    file("Menus")
    other = file("Règlement")
    with pytest.raises(ValidationError):
        other.slug = "menus"
        other.full_clean()


# Other ways in --------------------------------------------------------------------------------------------------------


def test_several_at_once_then_what_they_are(home: HomePage, theme: DocumentTheme) -> None:
    writer = as_(Trade.WRITER)
    sent = {"title": "menus-v3", "files[]": SimpleUploadedFile("menus-v3.pdf", b"%PDF-1.7 menus")}
    answer = writer.post(reverse("wagtaildocs:add_multiple"), sent).json()
    assert answer["success"], answer
    document = LibraryDocument.objects.get(pk=answer["doc_id"])
    assert (document.version, document.versions.get().filed_by) == (1, document.uploaded_by_user)
    prefix = f"doc-{document.pk}-"
    fields = {
        "title": "Menus de janvier",
        "slug": "menus-de-janvier",
        "language": "fr",
        "theme": theme.pk,
        "tags": "",
    }
    told = writer.post(
        reverse("wagtaildocs:edit_multiple", args=[document.pk]),
        {prefix + name: value for name, value in fields.items()},
    ).json()
    assert told["success"], told
    document.refresh_from_db()
    assert (document.url, document.theme, document.version) == ("/fichiers/menus-de-janvier/", theme, 1)
    wrong = {"title": "x", "files[]": SimpleUploadedFile("x.pdf", b"MZ")}
    assert not writer.post(reverse("wagtaildocs:add_multiple"), wrong).json()["success"]


def test_from_the_window_of_a_page(home: HomePage, theme: DocumentTheme) -> None:
    form = {
        "document-chooser-upload-title": "Affiche",
        "document-chooser-upload-language": "fr",
        "document-chooser-upload-file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 affiche"),
    }
    answer = as_(Trade.WRITER).post(reverse("wagtaildocs_chooser:create"), form)
    assert answer.json()["step"] == "chosen", answer.content
    assert LibraryDocument.objects.get().url == "/fichiers/affiche/"
