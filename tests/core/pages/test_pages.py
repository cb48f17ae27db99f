"""The site without any plugin: home, simple pages, contacts."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from core.contracts.demo import Demo
from core.contracts.navigation import MenuItem
from core.contracts.pages import Panel
from core.kernel import state
from core.pages.demo import load_pages, scene
from core.pages.library import LibraryDocument
from core.pages.models import ContentPage, HomePage
from core.pages.plugin_pages import live_pages
from core.pages.selectors import doors
from core.testing.hooks import fake_plugin
from core.town.demo import load_town
from core.town.models import Contact

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    page = response.content.decode()
    assert '<html lang="fr"' in page
    assert len(re.findall(r"<h1\b", page)) == 1
    assert "style=" not in page.replace('"stylesheet"', "")
    return page


# Home


def test_home_says_whom_to_call_and_offers_the_doors(home: HomePage, client: Client) -> None:
    load_town(today=TODAY)
    page = html(client, "/")
    assert settings.PARVIS_COMMUNE in page
    assert "tel:+33-5-57-80-81-87" in page
    assert "06 21 07 19 70" in page
    assert f'href="{reverse("contacts")}"' in page


def test_home_without_contacts_nor_picture(home: HomePage, client: Client) -> None:
    assert "Besoin d’aide" not in html(client, "/")


def labels(items: list[MenuItem]) -> list[str]:
    return [item.label for item in items]


def test_three_doors(home: HomePage, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    def entries(request: HttpRequest) -> list[MenuItem]:
        return [MenuItem(label=name, url=f"/{name}/", weight=-1) for name in ("un", "deux", "trois")]

    request = rf.get("/")
    with fake_plugin("essai", site_menu_items=entries):
        monkeypatch.setattr(state, "serves", lambda audience: True)
        assert labels(doors(request)) == ["Espace Famille", "un", "Contacts"]
        monkeypatch.setattr(state, "serves", lambda audience: False)
        assert labels(doors(request)) == ["un", "deux", "Contacts"]


def test_panels_of_plugins_stand_on_the_home_page(home: HomePage, client: Client) -> None:
    def panels(request: HttpRequest) -> list[Panel]:
        return [Panel(title="Marché du mardi", template="ui/empty.html", context={"title": "Rien mardi"})]

    with fake_plugin("essai", home_panels=panels):
        page = html(client, "/")
    assert "Marché du mardi" in page
    assert "Rien mardi" in page


# Contacts


def test_contacts(client: Client, django_assert_max_num_queries: Callable) -> None:
    assert "Aucun contact pour le moment." in html(client, "/contacts/")
    load_town(today=TODAY)
    with django_assert_max_num_queries(10):
        page = html(client, "/contacts/")
    for contact in Contact.objects.all():
        assert contact.label in page
    assert "les mardis et jeudis" in page


# Simple pages


def test_a_page_with_every_block(simple_page: ContentPage, client: Client) -> None:
    document = LibraryDocument.objects.create(
        title="Plan du bus : ligne 7", file="documents/plan.pdf", file_size=180_000
    )
    simple_page.body = [
        ("heading", "Le bus : chaque matin"),
        ("text", f'<p>Une carte par enfant : <a linktype="document" id="{document.pk}">plan</a></p>'),
        ("picture", {"image": scene("bus"), "caption": "Dessin de la commune"}),
        ("documents", [document]),
        ("alert", {"tone": "attention", "title": "", "text": "<p>Grève mardi.</p>"}),
        ("alert", {"tone": "info", "title": "Nouveau", "text": "<p>Un arrêt de plus.</p>"}),
    ]
    simple_page.save()
    shown = html(client, simple_page.get_url())
    assert "<h2>Le bus\u00a0: chaque matin</h2>" in shown
    assert document.url in shown
    assert "PDF, 180\u00a0Ko" in shown
    picture = re.search(r"<img[^>]*srcset=[^>]*>", shown)
    assert picture
    assert all(part in picture[0] for part in ("srcset=", "sizes=", "width=", "height=", 'loading="lazy"'))
    assert f'alt="{scene("bus").description}"' in picture[0]
    assert "Attention." in shown
    assert "Nouveau" in shown


def test_breadcrumb_subpages_and_the_page_that_nobody_wrote(simple_page: ContentPage, client: Client) -> None:
    simple_page.add_child(instance=ContentPage(title="À vélo", slug="a-velo"))
    simple_page.add_child(instance=ContentPage(title="Brouillon", slug="brouillon", live=False))
    shown = html(client, "/se-deplacer/")
    assert 'href="/se-deplacer/a-velo/"' in shown
    assert "Brouillon" not in shown
    below = html(client, "/se-deplacer/a-velo/")
    assert 'href="/se-deplacer/"' in below
    assert "Cette page n’est pas encore écrite." in below
    assert client.get("/se-deplacer/brouillon/").status_code == 404


def test_live_pages_leave_out_drafts_and_restricted_branches(
    home: HomePage, simple_page: ContentPage, django_assert_num_queries: Callable
) -> None:
    private = simple_page.add_child(instance=ContentPage(title="Élus", slug="elus"))
    below = private.add_child(instance=ContentPage(title="Ordre du jour", slug="ordre-du-jour"))
    draft = simple_page.add_child(instance=ContentPage(title="Brouillon", slug="brouillon", live=False))
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    with state.snapshot():
        live_pages(Page.objects.all())  # the state of the plugins and the content types are read once
        with django_assert_num_queries(1):
            found = set(live_pages(Page.objects.descendant_of(home)).values_list("pk", flat=True))
    assert simple_page.pk in found
    assert not {private.pk, below.pk, draft.pk} & found


# Demo


def test_the_demo_twice_is_once(client: Client) -> None:
    for _ in range(2):
        load_town(today=TODAY)
        load_pages(demo=Demo(today=TODAY))
    assert HomePage.objects.count() == 1
    assert ContentPage.objects.count() == 2
    assert "Bienvenue à Bassens" in html(client, "/")
    assert "non conforme" in html(client, "/accessibilite/")


def test_a_home_page_that_editors_changed_is_kept(home: HomePage) -> None:
    home.lead = "Chez nous."
    home.save()
    load_pages(demo=Demo(today=TODAY))
    assert HomePage.objects.get().lead == "Chez nous."
