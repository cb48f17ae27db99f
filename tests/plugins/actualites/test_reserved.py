"""What is reserved is neither served nor named to a visitor, nor to families that it is not for, at any address.

Everything reserved here carries a marker; every address that a visitor can open is asked, and no answer may hold one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from core.contracts.audiences import of_site
from core.kernel import clock
from core.pages.audiences import joined
from core.pages.demo import scene
from core.pages.library import DocumentTheme, LibraryDocument
from core.pages.models import ContentPage, HomePage
from core.testing.factories import ChildFactory, GuardianFactory, SiteFactory
from core.testing.routes import every_route, links
from plugins.actualites.models import DocumentsPage, EventPage, EventsPage, NewsDocument, NewsPage

pytestmark = pytest.mark.django_db

MARKERS = ("Ornithorynque", "ornithorynque", "WOMBAT")
"""In titles, texts and words; in addresses, which are in small letters; in files."""

ASKED = ("consignes", "consignes alerte", "orni")
"""What is typed in searches: the page echoes it, so it is no marker whole."""


@pytest.fixture
def site(db: None) -> Any:
    return SiteFactory(name="École Villon")


@pytest.fixture
def reserved(
    home: HomePage, publish: Any, documents_page: DocumentsPage, theme: DocumentTheme, site: Any
) -> dict[str, Any]:
    """One of each kind for the families of a school, beside public ones that join it."""
    readers = joined([of_site(site.pk)])

    def file(title: str, **fields: Any) -> LibraryDocument:
        document = LibraryDocument(title=title, theme=theme, description=f"Consignes : {title}.", **fields)
        document.file = ContentFile(f"%PDF-1.7 WOMBAT {title}".encode(), name=f"{document.title}.pdf")
        document.save()
        return document

    document = file("Consignes alerte Ornithorynque", readers=readers)
    public = LibraryDocument(
        title="Consignes de tri", theme=theme, replaces=file("Vieil Ornithorynque", readers=readers)
    )
    public.file = ContentFile(b"%PDF-1.7 tri", name="tri.pdf")
    public.save()
    news = publish("Consignes alerte Ornithorynque", with_picture=True)
    NewsPage.objects.filter(pk=news.pk).update(readers=readers)
    Redirect.objects.create(old_path="/ancienne-alerte", redirect_page=news, site=None)
    agenda = EventsPage(title="Agenda", slug="agenda")
    home.add_child(instance=agenda)
    today = clock.today()
    for_some: dict[str, Any] = {"readers": readers}
    event = EventPage(
        title="Consignes Ornithorynque",
        lead="Ornithorynque",
        first_day=today,
        last_day=today,
        place="École",
        **for_some,
    )
    agenda.add_child(instance=event)
    article = publish("Une nouvelle pour tous")
    for joined_document in (document, public):
        NewsDocument.objects.create(page=article, document=joined_document)
    body = [
        (
            "text",
            (
                f'<p><a linktype="document" id="{document.pk}">le guide</a></p>'
                f'<p><a linktype="page" id="{news.pk}">la suite</a></p>'
            ),
        ),
        ("documents", [document, public]),
        ("picture", {"image": scene("river"), "caption": ""}),
    ]
    page = ContentPage(title="Une page pour tous", slug="pour-tous", body=body)
    home.add_child(instance=page)
    return {"document": document, "news": news, "event": event, "public": public}


def addresses(reserved: dict[str, Any]) -> Iterator[str]:
    """Every plain address, every page, searches and filters of each list, and each way to what is reserved."""
    yield from (route.address for route in every_route() if route.is_plain)
    yield from (page.url for page in Page.objects.filter(depth__gt=1) if page.url)
    for words in ASKED:
        for base, name in (
            ("/recherche/", "q"),
            ("/recherche/suggestions/", "q"),
            ("/documents/", "recherche"),
            ("/actualites/", "recherche"),
            ("/api/v1/documents/", "recherche"),
            ("/api/v1/actualites/", "recherche"),
            ("/api/v1/evenements/", "recherche"),
        ):
            yield f"{base}?{name}={words}"
    document, news, event = reserved["document"], reserved["news"], reserved["event"]
    yield from (
        "/ancienne-alerte/",
        f"/fichiers/{document.slug}/",
        f"/fichiers/{document.key}/",
        f"/fichiers/{document.pk}/{document.filename}",
        f"/fichiers/{document.pk}/x.pdf",
        f"/espace-famille/fichiers/{document.key}/",
        f"/media/{document.file.name}",
        f"/media/documents/{document.filename}",
        reverse("earlier_file", args=[document.pk, 1]),
        f"/documents/{document.slug}/",
        f"/api/v1/actualites/{news.pk}/",
        f"/agenda/{event.slug}.ics",
        f"/actualites/?annee={news.date.year}",
        f"/documents/?theme={document.theme.slug}",
        "/agenda/?mois=2026-11",
        "/api/v1/evenements/?du=2026-01-01",
    )


def asked(client: Client, address: str) -> tuple[list[str], set[str]]:
    """Markers in an answer and its headers, but those that the address itself holds; and where its links lead."""
    answer = client.get(address)
    assert answer.status_code < 500, address
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    own = urlsplit(address).path
    told = (content.decode("latin-1") + str(answer.headers)).replace(own, "")
    found = [f"{address}: {marker}" for marker in MARKERS if marker in told and marker not in own]
    is_page = answer.status_code == 200 and "html" in answer["Content-Type"]
    return found, {link for link in links(content.decode()) if link.startswith("/")} if is_page else set()


def leaks(client: Client, addresses: Iterable[str]) -> tuple[int, list[str]]:
    """How many addresses were asked, those that the first ones lead to included, and what was found there."""
    first, found, further = dict.fromkeys(addresses), [], set()
    for address in first:
        told, ways = asked(client, address)
        found += told
        further |= ways
    second = further - first.keys()
    for address in second:
        found += asked(client, address)[0]
    return len(first) + len(second), found


def test_a_visitor_finds_no_marker(reserved: dict[str, Any], client: Client) -> None:
    swept, found = leaks(client, addresses(reserved))
    assert found == []
    assert swept >= 120


def test_nor_does_a_family_that_it_is_not_for(reserved: dict[str, Any]) -> None:
    other = GuardianFactory()
    ChildFactory(families=[other.family], site=SiteFactory())
    client = Client()
    client.force_login(other.person.user)
    aside = ("/gestion/", "/compte/", "/deconnexion/", "/demo/", "/api/v1/schema/")
    swept, found = leaks(
        client, (address for address in addresses(reserved) if not address.startswith(aside))
    )
    assert found == []
    assert swept >= 60


def test_those_that_it_is_for_find_it(reserved: dict[str, Any], site: Any) -> None:
    """Or the two tests above prove nothing."""
    guardian = GuardianFactory()
    ChildFactory(families=[guardian.family], site=site)
    client = Client()
    client.force_login(guardian.person.user)
    for address in (
        "/",
        "/documents/",
        "/actualites/",
        "/agenda/",
        "/pour-tous/",
        "/actualites/une-nouvelle-pour-tous/",
        "/espace-famille/",
        "/recherche/?q=consignes",
        "/api/v1/documents/",
        "/api/v1/actualites/",
        f"/espace-famille/fichiers/{reserved['document'].key}/",
        "/ancienne-alerte/",
    ):
        assert asked(client, address)[0], address


def test_an_address_of_a_reserved_file_tells_nothing(reserved: dict[str, Any]) -> None:
    document = reserved["document"]
    assert not any(marker.lower() in document.url for marker in MARKERS)
    assert re.search(r"[0-9a-f]{8}-", document.url)
