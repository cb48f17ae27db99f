"""Sorted, pinned, reserved, dated: what editors say of an article, and who reads it where."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.contracts.access import Trade
from core.contracts.audiences import FAMILIES, of_site
from core.families.models import Guardian
from core.pages.audiences import joined
from core.pages.library import LibraryDocument
from core.testing.factories import AgentFactory, ChildFactory, GuardianFactory, SiteFactory
from core.town.models import Service
from plugins.actualites.models import Category, Keyword, NewsDocument, NewsIndexPage, NewsPage, Quarter

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'class="card-title"><a[^>]*>([^<]*)</a>', page)


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


@pytest.fixture
def school(db: None) -> Any:
    return SiteFactory(code="villon", name="École Villon")


@pytest.fixture
def sorted_news(publish: Any, school: Any) -> dict[str, NewsPage]:
    """Four articles: a category each for two of them, a school, a quarter, a keyword."""
    town, works = Category.objects.create(name="Vie locale"), Category.objects.create(name="Travaux")
    quarter, keyword = Quarter.objects.create(name="Bourg"), Keyword.objects.create(name="Climat")
    found = {
        title: publish(title, days_ago=days)
        for title, days in (("Fête", 1), ("Préau", 2), ("Quais", 3), ("Ancienne", 400))
    }
    for title, changes in (
        ("Fête", {"category": town, "quarters": [quarter]}),
        ("Préau", {"category": works, "sites": [school, SiteFactory()], "keywords": [keyword]}),
        ("Quais", {"category": works, "quarters": [quarter], "keywords": [keyword]}),
    ):
        for name, value in changes.items():
            setattr(found[title], name, value)
        found[title].save()
    return found


# Lists


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("categorie=travaux", ["Préau", "Quais"]),
        ("lieu=villon", ["Préau"]),
        ("lieu=bourg", ["Fête", "Quais"]),
        ("annee=2025", ["Ancienne"]),
        ("mot=climat", ["Préau", "Quais"]),
        ("categorie=travaux&lieu=bourg&annee=2026", ["Quais"]),
        ("recherche=FETE", ["Fête"]),
        ("annee=l%27an%20dernier", ["Fête", "Préau", "Quais", "Ancienne"]),
        ("categorie=inconnue", []),
    ],
)
def test_filters_of_the_list_and_of_the_api(
    asked: str, expected: list[str], sorted_news: dict[str, NewsPage], client: Client
) -> None:
    assert titles(read(client, f"/actualites/?{asked}")) == expected
    found = client.get(f"/api/v1/actualites/?{asked}").json()
    assert [news["titre"] for news in found["resultats"]] == expected


def test_filters_offer_what_exists_and_say_what_is_chosen(
    sorted_news: dict[str, NewsPage], client: Client
) -> None:
    page = read(client, "/actualites/?categorie=travaux&lieu=bourg")
    assert re.findall(r"<option[^>]*>([^<]*)</option>", page) == [
        "Toutes", "Travaux", "Vie locale", "Toute la commune", *sorted(["École Villon", *others(page)]), "Bourg",
        "Toutes", "2026", "2025",
    ]  # fmt: skip
    assert "1 actualité : Travaux, Bourg." in page.replace("\u00a0", " ")
    assert 'value="travaux" selected' in page
    nothing = read(client, "/actualites/?categorie=inconnue")
    assert "Aucune actualité ne correspond." in nothing


def others(page: str) -> list[str]:
    """Schools that a factory named."""
    return re.findall(r">(École \d+)</option>", page)


def test_pages_of_a_filtered_list_keep_the_filter(publish: Any, client: Client) -> None:
    category = Category.objects.create(name="École")
    for number in range(8):
        news = publish(f"Nouvelle {number}", days_ago=number)
        news.category = category
        news.save()
    assert 'href="?categorie=ecole&amp;page=2"' in read(client, "/actualites/?categorie=ecole")


def test_what_is_pinned_stands_first_but_not_in_feeds(
    sorted_news: dict[str, NewsPage], client: Client
) -> None:
    NewsPage.objects.filter(title="Ancienne").update(pinned=True)
    assert titles(read(client, "/actualites/"))[0] == "Ancienne"
    assert titles(read(client, "/"))[0] == "Ancienne"
    channel = ElementTree.fromstring(client.get("/actualites/flux.rss").content).find("channel")
    assert channel is not None
    assert channel.find("item").findtext("title") == "Fête"  # type: ignore[union-attr]


def test_the_list_costs_ten_statements_with_its_filters(
    sorted_news: dict[str, NewsPage], client: Client
) -> None:
    assert statements(client, "/actualites/") <= 10
    assert statements(client, "/actualites/?categorie=travaux&lieu=bourg&annee=2026") <= 10


# The article


def test_an_article_says_its_service_its_places_and_its_words(
    sorted_news: dict[str, NewsPage], client: Client
) -> None:
    Service.objects.create(code="travaux", name="Services techniques")
    news = sorted_news["Préau"]
    news.author_service = "travaux"
    news.save()
    page = read(client, news.url)
    assert "Services techniques" in page
    for link in ("?categorie=travaux", "?lieu=villon", "?mot=climat"):
        assert f'href="/actualites/{link}"' in page
    assert page.index("Quais") < page.index("Ancienne"), "the same category is read next"


def test_a_change_on_line_is_dated(publish: Any, client: Client) -> None:
    news = publish("Travaux", days_ago=5)
    assert "Mis à jour" not in read(client, news.url)
    NewsPage.objects.filter(pk=news.pk).update(last_published_at=datetime(2026, 11, 22, 10, tzinfo=UTC))
    assert "Mis à jour le" in read(client, news.url)
    assert "dimanche 22\u00a0novembre\u00a02026" in read(client, news.url)


def test_the_day_is_that_of_publication_unless_an_editor_says_so(news_index: NewsIndexPage) -> None:
    draft = NewsPage(title="Plus tard", lead="Bientôt.", live=False)
    news_index.add_child(instance=draft)
    assert draft.date is None
    draft.save_revision().publish()
    draft.refresh_from_db()
    assert draft.date == draft.first_published_at.astimezone().date()
    draft.date = date(2026, 1, 5)
    draft.save_revision().publish()
    draft.refresh_from_db()
    assert draft.date == date(2026, 1, 5)


def test_what_is_shared_of_an_article(publish: Any, client: Client) -> None:
    news = publish("Menus & « desserts » </script>", with_picture=True)
    page = read(client, news.url)
    shared = dict(re.findall(r'<meta property="(og:[\w:]+)" content="([^"]*)">', page))
    assert shared["og:type"] == "article"
    assert shared["og:url"] == f"http://testserver{news.url}"
    assert shared["og:image"].startswith("http://testserver/media/")
    assert client.get("/actualites/").status_code == 200
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert block
    data = json.loads(block[1])
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == news.title
    assert data["datePublished"].startswith("2026-11-23")
    assert page.count("</script>") == page.count("<script")


def test_a_credit_stands_below_the_picture(publish: Any, client: Client) -> None:
    news = publish("La Garonne", with_picture=True)
    news.picture.credit = "Jeanne Roux"
    news.picture.save()
    assert "Crédit\u00a0: Jeanne Roux" in read(client, news.url).replace("Crédit : ", "Crédit\u00a0: ")


# Feeds


ATOM = "{http://www.w3.org/2005/Atom}"


def test_feeds_in_two_forms_and_by_category(sorted_news: dict[str, NewsPage], client: Client) -> None:
    for kind, mime in (("rss", "application/rss+xml"), ("atom", "application/atom+xml")):
        for where, expected in (("", 4), ("rubriques/travaux/", 2)):
            address = f"/actualites/{where}flux.{kind}"
            response = client.get(address)
            assert response["Content-Type"].startswith(mime)
            root = ElementTree.fromstring(response.content)
            links = [link.get("href") for link in root.iter(f"{ATOM}link") if link.get("rel") == "self"]
            assert links == [f"http://testserver{address}"]
            found = root.findall("channel/item") or root.findall(f"{ATOM}entry")
            assert len(found) == expected
            keys = [item.findtext("guid") or item.findtext(f"{ATOM}id") for item in found]
            assert len(set(keys)) == expected
            assert all(keys)
    assert client.get("/actualites/rubriques/inconnue/flux.rss").status_code == 404
    assert client.get("/actualites/flux.pdf").status_code == 404
    assert 'href="/actualites/rubriques/travaux/flux.atom"' in read(client, "/actualites/?categorie=travaux")


def test_an_atom_feed_has_what_the_standard_asks(sorted_news: dict[str, NewsPage], client: Client) -> None:
    root = ElementTree.fromstring(client.get("/actualites/flux.atom").content)
    for name in ("title", "id", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None, name
    for entry in root.findall(f"{ATOM}entry"):
        for name in ("title", "id", "updated", "link"):
            assert entry.find(f"{ATOM}{name}") is not None, name


@pytest.mark.parametrize("address", ["/actualites/flux.rss", "/api/v1/actualites/"])
def test_a_second_reading_costs_nothing_until_something_is_published(
    address: str, publish: Any, client: Client
) -> None:
    publish("Une")
    first = client.get(address)
    assert "public" in first["Cache-Control"]
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    publish("Deux")
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


# Reserved


@pytest.fixture
def parent(school: Any) -> Any:
    guardian: Any = GuardianFactory()
    ChildFactory(families=[guardian.family], site=school)
    return guardian


@pytest.fixture
def private(publish: Any, school: Any) -> NewsPage:
    publish("Pour tous")
    category = Category.objects.create(name="Confidences")
    news = publish("Sortie secrète", with_picture=True)
    news.readers, news.category, news.sites = joined([of_site(school.pk)]), category, [school]
    news.pinned = True
    news.save()
    return news


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stranger() -> Any:
    """Somebody of another family."""
    guardian: Any = GuardianFactory()
    return guardian.person.user


def places(news: NewsPage) -> tuple[str, ...]:
    """Wherever an article may be named."""
    return (
        "/",
        "/actualites/",
        "/actualites/?lieu=villon",
        "/actualites/?recherche=secrete",
        "/actualites/pour-tous/",
        "/actualites/flux.rss",
        "/actualites/flux.atom",
        "/actualites/rubriques/confidences/flux.rss",
        "/espace-famille/",
        "/plan-du-site/",
        "/recherche/?q=secrete",
        "/sitemap.xml",
        "/api/v1/actualites/",
        "/api/v1/actualites/?recherche=secrete",
        f"/api/v1/actualites/{news.pk}/",
        f"/api/v1/actualites/{NewsPage.objects.get(title='Pour tous').pk}/",
        news.url,
    )


def names(client: Client, news: NewsPage) -> set[str]:
    """Where it is named, its address included."""
    found = {address: client.get(address).content.decode() for address in places(news)}
    return {
        address
        for address, page in found.items()
        if news.title in page or news.slug in page.replace(address, "")
    }


def test_what_is_reserved_is_named_nowhere_to_others(
    private: NewsPage, parent: Guardian, client: Client
) -> None:
    for reader in (client, client_of(stranger())):
        assert names(reader, private) == set()
        for address in (private.url, f"/api/v1/actualites/{private.pk}/"):
            assert reader.get(address).status_code == 404
        assert "Confidences" not in read(reader, "/actualites/")
    asks = f'href="/connexion/?next={private.url}"'
    assert asks in client.get(private.url).content.decode()
    assert asks.replace(private.slug, "rien") in client.get("/actualites/rien/").content.decode(), (
        "the same words"
    )
    assert len(places(private)) == 17


def test_its_families_read_it(private: NewsPage, parent: Guardian) -> None:
    family = client_of(parent.person.user)
    found = names(family, private)
    assert {"/", "/actualites/", "/espace-famille/", "/api/v1/actualites/", private.url} <= found
    assert not any("flux" in address or "sitemap" in address for address in found)
    response = family.get(private.url)
    assert response["Cache-Control"] == "private, no-store"
    assert "réservée à certaines familles" in response.content.decode()
    assert "no-store" in family.get("/api/v1/actualites/")["Cache-Control"]


def test_all_families_read_what_is_for_families(publish: Any, parent: Guardian, client: Client) -> None:
    news = publish("Aux familles")
    news.readers = joined([FAMILIES])
    news.save()
    assert client_of(parent.person.user).get(news.url).status_code == 200
    assert client.get(news.url).status_code == 404
    assert client_of(AgentFactory(trades=[Trade.WRITER])).get(news.url).status_code == 200


def test_a_reserved_document_is_not_named_in_a_public_article(publish: Any, client: Client) -> None:
    news = publish("Ouverte")
    secret = LibraryDocument.objects.create(
        title="Liste réservée", file="documents/l.pdf", file_size=1, readers=joined([FAMILIES])
    )
    NewsDocument.objects.create(page=news, document=secret)
    assert "Liste réservée" not in read(client, news.url)
    assert "Liste réservée" not in read(client, f"/api/v1/actualites/{news.pk}/")
    assert "Liste réservée" in read(client_of(stranger()), news.url)


# Words of editors


def agent(trade: Trade) -> Client:
    return client_of(AgentFactory(trades=[trade]))


def test_editors_keep_the_words(news_index: NewsIndexPage) -> None:
    add = "/gestion/actualites/rubriques/nouveau/"
    writer = agent(Trade.WRITER)
    assert writer.post(add, {"name": "École et loisirs"}).status_code == 302
    category = Category.objects.get()
    assert category.slug == "ecole-et-loisirs"
    again = writer.post(add, {"name": "Ecole et loisirs"})
    assert "Ce nom existe déjà" in again.content.decode()
    edit = f"/gestion/actualites/rubriques/{category.pk}/"
    writer.post(edit, {"name": "Écoles"})
    category.refresh_from_db()
    assert (category.name, category.slug) == ("Écoles", "ecole-et-loisirs"), "its address stays"
    assert writer.get(f"{edit}supprimer/").status_code == 404
    assert agent(Trade.EDITOR).post(f"{edit}supprimer/").status_code == 302
    assert agent(Trade.BILLING).get("/gestion/actualites/rubriques/").status_code == 404


def test_a_word_that_goes_leaves_articles_on_line(sorted_news: dict[str, NewsPage], client: Client) -> None:
    news = sorted_news["Préau"]
    news.save_revision()
    editor = agent(Trade.EDITOR)
    for model, name in ((Category, "rubriques"), (Keyword, "mots-cles"), (Quarter, "quartiers")):
        for word in model.objects.all():
            editor.post(f"/gestion/actualites/{name}/{word.pk}/supprimer/")
        assert not model.objects.exists()
    assert "Préau" in read(client, news.url)
    edit = reverse("wagtailadmin_pages:edit", args=[news.pk])
    assert editor.get(edit).status_code == 200
    news.refresh_from_db()
    news.get_latest_revision_as_object().save_revision().publish()
    assert client.get(news.url).status_code == 200
