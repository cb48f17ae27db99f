"""The Espace Famille without any plugin of ours: what core shows, and what it shows to nobody."""

from uuid import uuid4

import pytest
from django.test import Client

from core.contracts.navigation import Tile, TileItem
from core.kernel import discovery
from core.kernel.models import PluginState
from core.portal.tiles import bar, sections
from core.testing.factories import ChildFactory, ContactFactory, GuardianFactory, UserFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db


def line(tile: Tile = Tile.DASHBOARD, label: str = "Payer", short: str = "", weight: int = 100) -> TileItem:
    return TileItem(tile=tile, label=label, url="/x/", icon="receipt", short_label=short, weight=weight)


@pytest.fixture
def lent():  # type: ignore[no-untyped-def]
    """A plugin for families, so that the Espace Famille exists."""
    with fake_plugin("lent", family_tiles=lambda: [line()]):
        yield


@pytest.fixture
def parent(client: Client):  # type: ignore[no-untyped-def]
    guardian = GuardianFactory(person__first_name="Nora")
    client.force_login(guardian.person.user)
    return guardian


def test_home_shows_the_tiles_that_are_filled(lent, client: Client, parent) -> None:  # type: ignore[no-untyped-def]
    page = client.get("/espace-famille/").content.decode()
    assert "Bonjour Nora" in page
    assert page.index("Mon espace") < page.index("Mon tableau de bord")
    assert "Payer" in page


def test_the_tiles_follow_the_leaflet_and_the_empty_ones_are_left_out() -> None:
    items = [line(Tile.MY_FAMILY, "Réserver"), line(Tile.DASHBOARD)]
    assert [section.id for section in sections(items)] == ["tableau-de-bord", "ma-famille"]


def test_the_bar_holds_four_entries_at_most() -> None:
    items = [line(short=f"Acte {n}", weight=n) for n in range(5)]
    assert [entry.label for entry in bar(items)] == ["Accueil", "Acte 0", "Acte 1", "Ma famille"]


def test_each_tile_is_a_page(lent, client: Client, parent) -> None:  # type: ignore[no-untyped-def]
    ContactFactory(family=parent.family, name="Jeanne Roux")
    for tile in Tile:
        assert client.get(f"/espace-famille/{tile.value}/").status_code == 200
    assert "Jeanne Roux" in client.get("/espace-famille/mon-espace/").content.decode()
    assert client.get("/espace-famille/autre-chose/").status_code == 404


def test_a_child_of_another_family_does_not_exist(lent, client: Client, parent) -> None:  # type: ignore[no-untyped-def]
    mine, other = ChildFactory(families=[parent.family]), ChildFactory(families=[GuardianFactory().family])
    assert client.get(f"/espace-famille/ma-famille/enfants/{mine.pk}/").status_code == 200
    assert client.get(f"/espace-famille/ma-famille/enfants/{other.pk}/").status_code == 404
    assert client.get(f"/espace-famille/ma-famille/enfants/{uuid4()}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_home_is_cheap(lent, client: Client, parent, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    """Outside a transaction, as a request is: inside one, each call of a plugin has its savepoint."""
    ChildFactory(families=[parent.family])
    client.get("/espace-famille/")
    enabled = len(discovery.installed().plugins)
    with django_assert_max_num_queries(7 + enabled):
        client.get("/espace-famille/")


def test_an_account_without_a_family_is_told_why(lent, client: Client) -> None:  # type: ignore[no-untyped-def]
    client.force_login(UserFactory())
    page = client.get("/espace-famille/")
    assert page.status_code == 200
    assert "pas encore relié à une famille" in page.content.decode()
    assert client.get("/espace-famille/ma-famille/", follow=True).redirect_chain


def test_a_visitor_gets_the_reception_then_the_sign_in_page(lent, client: Client) -> None:  # type: ignore[no-untyped-def]
    assert "L’Espace Famille" in client.get("/espace-famille/").content.decode()
    for address in (
        "/espace-famille/ma-famille/",
        "/espace-famille/nulle-part/",
        "/gestion/nulle-part/",
        "/pointage/",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/connexion/"), address  # type: ignore[attr-defined]


def test_without_a_plugin_for_families_there_is_no_espace_famille(client: Client) -> None:
    for plugin in discovery.installed().plugins:
        PluginState.objects.create(slug=plugin.slug, enabled=False)
    for address in ("/espace-famille/", "/espace-famille/ma-famille/"):
        assert client.get(address).status_code == 404, address
    client.force_login(UserFactory())
    assert client.get("/espace-famille/").status_code == 404


def test_the_letters_of_the_demo(lent, client: Client, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert "Aucun courrier" in client.get("/demo/courrier/").content.decode()
    UserFactory(email="nora@example.org", username="nora")
    client.post("/connexion/mot-de-passe-oublie/", {"email": "nora@example.org"})
    page = client.get("/demo/courrier/").content.decode()
    assert "Choisir un nouveau mot de passe" in page
    address = page.split('href="/demo/courrier/')[1].split('"')[0]
    letter = client.get(f"/demo/courrier/{address}").content.decode()
    assert "Votre identifiant est nora" in letter
    assert client.get("/demo/courrier/nulle-part/").status_code == 404
