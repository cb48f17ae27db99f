"""The search of the site, on both databases: what is found, in which words, by whom; and what machines read."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from core.contracts.audiences import FAMILIES
from core.contracts.open_data import DataFile, DataSet
from core.contracts.search import SearchResult
from core.pages.audiences import joined
from core.pages.library import DocumentTheme, LibraryDocument
from core.pages.models import ContentPage, HomePage
from core.pages.search import find, matching
from core.pages.text import begins_all, plain, tokens, words
from core.testing.conformance.context import signed_in
from core.testing.factories import GuardianFactory, SchoolYearFactory, SiteFactory
from core.testing.hooks import fake_plugin
from core.town.models import Closure, Contact, HolidayPeriod, PublicHoliday, Service
from core.town.selectors import days_off

pytestmark = pytest.mark.django_db

ON_POSTGRESQL = connection.vendor == "postgresql"


@pytest.fixture
def write(home: HomePage) -> Callable[..., ContentPage]:
    def make(title: str, lead: str = "", **facts: Any) -> ContentPage:
        page = ContentPage(title=title, lead=lead, **facts)
        home.add_child(instance=page)
        return page

    return make


@pytest.fixture
def file(db: None) -> Callable[..., LibraryDocument]:
    theme = DocumentTheme.objects.get_or_create(name="Écrits", slug="ecrits")[0]

    def make(title: str, description: str = "", **facts: Any) -> LibraryDocument:
        return LibraryDocument.objects.create(
            title=title,
            description=description,
            theme=theme,
            file=ContentFile(b"%PDF-1.4", name="essai.pdf"),
            **facts,
        )

    return make


def found(client: Client, query: str, **more: str) -> list[str]:
    """Titles of the results, in order."""
    response = client.get("/recherche/", {"q": query, **more})
    assert response.status_code == 200
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    sections = "".join(re.findall(r"<section>.*?</section>", main, re.DOTALL))
    return re.findall(r'<a class="fw-semibold" href="[^"]*">([^<]*)</a>', sections)


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        ("L’inscription à la cantine", ["inscription", "cantine"]),
        ("ÉCOLE  école", ["ecole"]),
        ("cœur", ["coeur"]),
        ("de la", ["de", "la"]),
        ('"menu" OR (*) - \\ %', ["menu", "or"]),
        ("a", []),
        ("", []),
        ("mot " * 80, ["mot"]),
        ("ab cd ef gh ij kl mn op qr st", ["ab", "cd", "ef", "gh", "ij", "kl", "mn", "op"]),
    ],
)  # fmt: skip
def test_words_of_a_question(typed: str, looked_for: list[str]) -> None:
    assert words(typed) == looked_for


def test_beginnings() -> None:
    assert tokens("inscriptions jeux bus") == ["inscription", "jeu", "bus"]
    assert begins_all("L’École des Œuvres", "ecoles oeuvre")
    assert not begins_all("École", "")
    assert plain("Noël À LA FÊTE") == "noel a la fete"


# What is found --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["ecole", "École", "ÉCOLES", "inscription", "inscriptions", "l’inscription à l’école"]
)
def test_neither_accents_capitals_nor_plurals_matter(typed: str, write: Any, client: Client) -> None:
    write("Les inscriptions à l’École", lead="Comment inscrire un enfant.")
    write("La piscine")
    assert found(client, typed) == ["Les inscriptions à l’École"]


@pytest.mark.skipif(
    not ON_POSTGRESQL,
    reason="stems come from PostgreSQL's French dictionary; SQLite goes by beginnings",
)
@pytest.mark.parametrize(
    ("written", "typed"), [("Réserver", "réservation"), ("Scolarité", "scolaires"), ("Les chevaux", "cheval")]
)
def test_stems(written: str, typed: str, write: Any, client: Client) -> None:
    write(written)
    asked = found(client, typed)
    assert asked in ([written], [])  # what the dictionary of French knows
    write("Réservations de salles")
    assert "Réservations de salles" in found(client, "réserve")


def test_all_words_are_asked_for_and_titles_come_first(write: Any, client: Client) -> None:
    write("La vie des parcs", lead="Piscine, jardins et terrains de jeu.")
    write("La piscine")
    assert found(client, "piscine") == ["La piscine", "La vie des parcs"]
    assert found(client, "piscine jardins") == ["La vie des parcs"]
    assert found(client, "piscine patinoire") == []


def test_results_by_type(write: Any, file: Any, client: Client, switch: Any) -> None:
    write("La cantine")
    file("Règlement de la cantine")
    service = Service.objects.create(code="enfance", name="Service Enfance")
    Contact.objects.create(service=service, label="Pour la cantine", phone="+33557808187")
    activity = SearchResult(
        kind="Activités", title="Restauration", url="/ici/", summary="La cantine", weight=40
    )
    switch("actualites", False)  # whose menus are found too
    with fake_plugin("repas", search_results=lambda request, query: matching([activity], query)):
        page = client.get("/recherche/", {"q": "cantine"}).content.decode()
    assert re.findall(r"<section><h2>([^<]*)</h2>", page) == ["Pages", "Documents", "Activités", "Contacts"]
    assert "05 57 80 81 87" in page
    assert "4 résultats pour «" in page


def test_one_kind_at_a_time(write: Any, client: Client) -> None:
    for number in range(9):
        write(f"Jardin {number}")
    assert len(found(client, "jardin")) == 6
    page = client.get("/recherche/", {"q": "jardin"}).content.decode()
    assert "?q=jardin&amp;type=pages" in page
    assert "Voir les 9 résultats" in page
    assert len(found(client, "jardin", type="pages")) == 9
    assert len(found(client, "jardin", type="inconnu")) == 6


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Pour commencer"),
        ("a", "Écrivez au moins deux lettres."),
        ("é", "Écrivez au moins deux lettres."),
        ("introuvable", "Aucun résultat pour «"),
        ("x" * 500, "Aucun résultat pour «"),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ('"', "Écrivez au moins deux lettres."),
        ("' OR 1=1 --", "Aucun résultat"),
        ("zut AND NOT (", "Aucun résultat"),
        ("zut & | ! :*", "Aucun résultat"),
        ("zut\x00zut", "Aucun résultat"),
        ("%", "Écrivez au moins deux lettres."),
        ("🎉", "Écrivez au moins deux lettres."),
        ("日本語", "Aucun résultat"),
    ],
)
def test_odd_questions(typed: str, said: str, write: Any, client: Client) -> None:
    write("La piscine")
    response = client.get("/recherche/", {"q": typed})
    assert response.status_code == 200
    assert said in response.content.decode()
    assert client.get("/recherche/suggestions/", {"q": typed}).json() == {"suggestions": []}


def test_nothing_private_is_found_by_a_visitor(write: Any, file: Any, client: Client) -> None:
    write("Conseil secret", live=False)
    PageViewRestriction.objects.create(page=write("Réunion secrète"), restriction_type="login")
    file("Dossier secret", readers=joined([FAMILIES]))
    file("Secret à venir", valid_from=date(2027, 1, 1))
    file("Secret périmé", valid_until=date(2026, 11, 22))
    assert found(client, "secret") == []
    assert client.get("/recherche/suggestions/", {"q": "secret"}).json()["suggestions"] == []
    parent = signed_in(GuardianFactory().person.user)
    assert found(parent, "secret") == ["Dossier secret"]
    assert parent.get("/recherche/", {"q": "secret"})["Cache-Control"] == "private, no-store"
    assert "no-store" not in client.get("/recherche/", {"q": "secret"}).get("Cache-Control", "")


def test_descriptions_of_documents_are_searched(file: Any, client: Client) -> None:
    file("Formulaire 12", "Demander une dérogation scolaire.")
    assert found(client, "derogation") == ["Formulaire 12"]


def test_a_page_that_goes_away_is_found_no_more(write: Any, client: Client) -> None:
    page = write("La piscine")
    page.unpublish()
    assert found(client, "piscine") == []


def test_suggestions_while_one_types(write: Any, file: Any, client: Client) -> None:
    write("Inscrire mon enfant")
    file("Inscription : la liste des pièces")
    titles = [one["titre"] for one in client.get("/recherche/suggestions/?q=inscr").json()["suggestions"]]
    assert titles == ["Inscrire mon enfant", "Inscription\u00a0: la liste des pièces"]


def test_few_statements(write: Any, file: Any, client: Client) -> None:
    for number in range(4):
        write(f"Jardin {number}")
        file(f"Plan du jardin {number}")
    client.get("/recherche/?q=jardin")
    with CaptureQueriesContext(connection) as captured:
        client.get("/recherche/?q=jardin")
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    own = [sql for sql in asked if not any(name in sql for name in ("enfance_", "facturation_", "pricing_"))]
    assert len(own) <= 10, "\n".join(own)


def test_the_header_of_each_page_searches(home: HomePage, client: Client) -> None:
    page = client.get("/contacts/").content.decode()
    assert page.count('role="search" action="/recherche/"') == 2
    assert 'data-suggest="/recherche/suggestions/"' in page


def test_rows_of_any_kind(write: Any) -> None:
    write("La piscine")
    assert [page.title for page in find(ContentPage.objects.all(), "piscines")] == ["La piscine"]
    assert find(ContentPage.objects.all(), "?") == []
    assert matching([], "piscine") == []


# What machines read ---------------------------------------------------------------------------------------------------


def test_the_map_for_search_engines(write: Any, client: Client) -> None:
    write("La piscine", slug="piscine")
    write("Brouillon", slug="brouillon", live=False)
    response = client.get("/sitemap.xml")
    assert response["Content-Type"].startswith("application/xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{space}urlset"
    addresses = [entry.findtext(f"{space}loc") for entry in root]
    assert len(addresses) == len(set(addresses))
    assert {"http://testserver/", "http://testserver/piscine/", "http://testserver/contacts/"} <= set(
        addresses
    )
    assert "http://testserver/brouillon/" not in addresses


def test_robots(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert text.startswith("User-agent: *\n")
    assert "Disallow: /gestion/\n" in text
    assert "Sitemap: http://testserver/sitemap.xml\n" in text


@pytest.fixture
def closed() -> None:
    year = SchoolYearFactory()
    HolidayPeriod.objects.create(
        school_year=year, name="Noël", first_day=date(2026, 12, 19), last_day=date(2027, 1, 3)
    )
    PublicHoliday.objects.create(date=date(2026, 12, 25), name="Noël")
    Closure.objects.create(
        site=SiteFactory(name="École Villon"),
        first_day=date(2026, 12, 3),
        last_day=date(2026, 12, 3),
        kind="strike",
        reason="Grève nationale",
    )


def test_days_off_in_one_statement(closed: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        spans = days_off(date(2026, 12, 1), date(2026, 12, 31))
    assert [(span.label, span.kind.value, bool(span.site)) for span in spans] == [
        ("Grève nationale", "strike", True),
        ("Noël", "holiday", False),
        ("Noël", "public_holiday", False),
    ]
    assert days_off(date(2027, 1, 4), date(2027, 1, 5)) == []


def test_closed_days_to_take_away(closed: None, client: Client) -> None:
    rows = client.get("/donnees-ouvertes/vacances-et-fermetures.csv").content.decode().split("\r\n")
    assert rows[0] == "debut,fin,nature,libelle,lieu"
    assert "2026-12-03,2026-12-03,grève,Grève nationale,École Villon" in rows
    assert "2026-12-19,2027-01-03,vacances,Noël," in rows
    file = client.get("/donnees-ouvertes/vacances-et-fermetures.ics").content.decode()
    assert "DTSTART;VALUE=DATE:20261219\r\nDTEND;VALUE=DATE:20270104\r\nSUMMARY:Noël" in file
    assert "SUMMARY:Grève nationale (École Villon)" in file


def test_the_page_of_open_data_leads_to_each_set(closed: None, home: HomePage, client: Client) -> None:
    given = DataSet(
        title="Marchés", description="Les étals.", files=(DataFile(form="CSV", url="/marches.csv"),)
    )
    with fake_plugin("marche", open_data=lambda request: [given]):
        page = client.get("/donnees-ouvertes/").content.decode()
    assert 'href="/marches.csv"' in page
    assert "Licence Ouverte 2.0" in page
    assert (
        "/donnees-ouvertes/"
        not in client.get("/donnees-ouvertes/vacances-et-fermetures.csv").content.decode()
    )
    addresses = re.findall(
        r'<a class="btn btn-outline-primary" href="([^"]+)"',
        client.get("/donnees-ouvertes/").content.decode(),
    )
    assert len(addresses) >= 4
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if answer["Content-Type"].startswith("application/json"):
            json.loads(answer.content)
