"""What one reads: list, article, documents, panels, feed."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from core.contracts import pages
from core.kernel import clock, configuration
from core.kernel.calls import collect
from core.pages.demo import scene
from core.pages.library import LibraryDocument
from core.testing.factories import GuardianFactory
from core.testing.hooks import fake_plugin
from plugins.actualites.models import DocumentsPage, NewsDocument, NewsIndexPage
from plugins.actualites.selectors_news import PER_PAGE

pytestmark = pytest.mark.django_db


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    page = response.content.decode()
    assert '<html lang="fr"' in page
    assert len(re.findall(r"<h1\b", page)) == 1
    return page


def titles(page: str) -> list[str]:
    return re.findall(r'class="card-title"><a[^>]*>([^<]*)</a>', page)


def statements(client: Client, address: str) -> int:
    """Statements of a warm page, the test's own savepoints apart."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


# The list


def test_latest_first_without_drafts_nor_restricted(publish: Any, client: Client) -> None:
    publish("Ancienne", days_ago=30)
    publish("Récente", days_ago=1, with_picture=True)
    publish("Brouillon", live=False)
    private = publish("Pour les agents")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert titles(html(client, "/actualites/")) == ["Récente", "Ancienne"]


def test_a_list_by_pages(publish: Any, client: Client) -> None:
    for number in range(PER_PAGE + 2):
        publish(f"Nouvelle {number}", days_ago=number)
    first = html(client, "/actualites/")
    assert len(titles(first)) == PER_PAGE
    assert "Page 1 sur 2" in first
    assert titles(html(client, "/actualites/?page=2")) == [f"Nouvelle {PER_PAGE + n}" for n in (0, 1)]
    assert titles(html(client, "/actualites/?page=99")) == [f"Nouvelle {PER_PAGE + n}" for n in (0, 1)]
    assert titles(html(client, "/actualites/?page=x")) == titles(first)


def test_an_empty_list_says_so(news_index: NewsIndexPage, client: Client) -> None:
    assert "Aucune actualité pour le moment." in html(client, "/actualites/")


def test_a_very_long_title_is_shown_whole(publish: Any, client: Client) -> None:
    title = "Anticonstitutionnellement " * 9
    publish(title.strip())
    assert title.strip() in html(client, "/actualites/")


# The article


def test_an_article(publish: Any, document: LibraryDocument, client: Client) -> None:
    news = publish("La promenade : enfin", with_picture=True)
    NewsDocument.objects.create(page=news, document=document)
    publish("Une autre", days_ago=4)
    page = html(client, news.get_url())
    assert "La promenade\u00a0: enfin" in page
    assert "lundi 23\u00a0novembre\u00a02026" in page
    assert "Service Enfance" in page
    assert f'alt="{scene("river").description}"' in page
    assert "Le corps de l’article." in page
    assert document.url in page
    assert "PDF, 45\u00a0Ko" in page
    assert "Une autre" in page
    assert 'href="/actualites/"' in page
    picture = re.search(r"<img[^>]*srcset=[^>]*>", page)
    assert picture
    assert re.search(r'width="\d+" height="\d+"|height="\d+" .*width="\d+"', picture[0])


def test_a_picture_without_words_is_refused(publish: Any) -> None:
    news = publish("Sans mots", with_picture=True)
    news.full_clean()
    news.picture.description = ""
    with pytest.raises(ValidationError, match="pas de description"):
        news.full_clean()


def test_a_document_is_joined_once(publish: Any, document: LibraryDocument) -> None:
    news = publish("Deux fois")
    NewsDocument.objects.create(page=news, document=document)
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsDocument.objects.create(page=news, document=document)


# Elsewhere


def test_home_shows_the_three_latest_and_the_documents(
    publish: Any, documents_page: DocumentsPage, document: LibraryDocument, client: Client
) -> None:
    for number in range(4):
        publish(f"Nouvelle {number}", days_ago=number)
    page = html(client, "/")
    assert titles(page)[:3] == ["Nouvelle 0", "Nouvelle 1", "Nouvelle 2"]
    assert "Nouvelle 3" not in page
    assert "Menus de décembre" in page
    assert "Toutes les actualités" in page


def test_the_commune_chooses_how_many_news_stand_on_the_home_page(publish: Any, client: Client) -> None:
    for number in range(4):
        publish(f"Nouvelle {number}", days_ago=number)
    configuration.record(
        key="actualites.settings", document={"news_on_home": 4}, after=0, author="anne", at=clock.now()
    )
    assert titles(html(client, "/"))[:4] == [f"Nouvelle {number}" for number in range(4)]


def test_a_parent_reads_news_and_documents_in_the_space(
    publish: Any, documents_page: DocumentsPage, document: LibraryDocument, client: Client
) -> None:
    publish("Les menus", with_picture=True)
    client.force_login(GuardianFactory().person.user)
    page = html(client, "/espace-famille/")
    assert "Lire les actualités" in page
    assert "Les menus" in page
    assert document.url in page


def test_panels_read_in_three_statements(
    publish: Any, documents_page: DocumentsPage, document: LibraryDocument, rf: RequestFactory
) -> None:
    for number in range(5):
        publish(f"Nouvelle {number}", with_picture=True)
    request = rf.get("/")
    collect(pages.home_panels, request=request)
    with CaptureQueriesContext(connection) as queries:
        panels = collect(pages.home_panels, request=rf.get("/"))
    assert [panel.title for panel in panels][:2] == ["Actualités", "Documents à télécharger"]
    frame = ("SAVEPOINT", "kernel_pluginstate", 'FROM "wagtailcore_site"', "enfance_", "facturation_")
    reads = [query["sql"] for query in queries if not any(word in query["sql"] for word in frame)]
    assert len(reads) <= 3  # news, documents, the pages that list them


def test_a_parents_home_pays_two_statements(
    publish: Any, documents_page: DocumentsPage, document: LibraryDocument, client: Client, switch: Any
) -> None:
    """News, documents; the lists they come from are known by them, and no site is looked for."""
    news = publish("Les menus", with_picture=True)
    client.force_login(GuardianFactory().person.user)
    page = html(client, "/espace-famille/")
    assert 'href="/actualites/"' in page
    assert f'href="{news.url}"' in page
    assert f'href="{documents_page.url}"' in page
    with fake_plugin("lent", family_tiles=lambda context: []):  # so that the Espace Famille stays
        on = statements(client, "/espace-famille/")
        switch("actualites", False)
        assert on - statements(client, "/espace-famille/") == 2


@pytest.mark.parametrize("address", ["/", "/actualites/"])
def test_ten_statements_for_a_page_that_everybody_opens(
    address: str, publish: Any, documents_page: DocumentsPage, document: LibraryDocument, client: Client
) -> None:
    for number in range(PER_PAGE + 1):
        publish(f"Nouvelle {number}", with_picture=True)
    assert statements(client, address) <= 10


# Feed


def test_feed(publish: Any, client: Client) -> None:
    publish("Ancienne", days_ago=3)
    publish("Menus & « desserts »", with_picture=True)
    publish("Brouillon", live=False)
    response = client.get("/actualites/flux.rss")
    assert response["Content-Type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(response.content).find("channel")
    assert channel is not None
    assert channel.findtext("language") == "fr"
    assert channel.findtext("link") == "http://testserver/actualites/"
    items = channel.findall("item")
    assert [item.findtext("title") for item in items] == ["Menus & « desserts »", "Ancienne"]
    assert items[0].findtext("link", "").startswith("http://testserver/actualites/")
    assert items[0].findtext("pubDate") == "Mon, 23 Nov 2026 09:00:00 +0100"
    assert 'type="application/rss+xml"' in html(client, "/actualites/")


def test_feed_without_news(client: Client, db: None) -> None:
    channel = ElementTree.fromstring(client.get("/actualites/flux.rss").content).find("channel")
    assert channel is not None
    assert channel.findall("item") == []


# API


def test_api_lists_news(publish: Any, client: Client, django_assert_max_num_queries: Callable) -> None:
    publish("Brouillon", live=False)
    for number in range(3):
        publish(f"Nouvelle {number}", days_ago=number, with_picture=True)
    body = client.get("/api/v1/actualites/").json()
    assert body["nombre"] == 3
    first = body["resultats"][0]
    assert first["titre"] == "Nouvelle 0"
    assert first["date"] == "2026-11-23"
    assert first["adresse"] == "http://testserver/actualites/nouvelle-0/"
    assert first["image"]["description"] == scene("river").description
    assert (first["image"]["largeur"], first["image"]["hauteur"]) == (1200, 675)
    with django_assert_max_num_queries(10):
        client.get("/api/v1/actualites/")


def test_api_gives_an_article_and_its_documents(
    publish: Any, document: LibraryDocument, client: Client
) -> None:
    news = publish("Les menus")
    NewsDocument.objects.create(page=news, document=document)
    article = client.get(f"/api/v1/actualites/{news.pk}/").json()
    assert "Le corps de l’article." in article["corps"]
    assert article["image"] is None
    joined = article["documents"][0]
    assert (joined["titre"], joined["type"], joined["taille"]) == ("Menus de décembre", "pdf", 45_000)
    assert client.get(f"/api/v1/actualites/{publish('Non', live=False).pk}/").status_code == 404
    assert client.post("/api/v1/actualites/").status_code in (401, 403, 405)
