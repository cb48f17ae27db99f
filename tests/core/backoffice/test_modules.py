"""The switch of each plugin, in the hands of the administration."""

from contextlib import ExitStack

import pytest
from django.test import RequestFactory

from core.contracts.access import Trade
from core.contracts.lifecycle import Obstacle
from core.contracts.pages import home_panels
from core.kernel import discovery, state
from core.kernel.calls import collect
from core.kernel.models import PluginState, PluginSwitch
from core.testing.factories import AgentFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

PAGE = "/gestion/modules/"


@pytest.fixture
def admin(client):
    client.force_login(AgentFactory(username="anne", trades=[Trade.ADMIN]))
    return client


def test_one_line_a_plugin(admin):
    with fake_plugin("vide"), fake_plugin("accueillant", home_panels=lambda request: []):
        page = admin.get(PAGE).content.decode()
    assert "vide" in page
    assert "home_panels" in page
    assert "aucun point d’extension" in page
    assert "jamais basculé" in page
    assert "suivi par" in page.lower()


def test_the_page_counts_what_a_plugin_did(admin):
    def boom(request):
        raise RuntimeError("broken")

    with fake_plugin("lent", home_panels=boom):
        collect(home_panels, request=RequestFactory().get("/"))
        page = admin.get(PAGE).content.decode()
        line = page[page.index("module-lent") :]
    assert "1 échec" in line
    assert "home_panels" in line
    assert "Les appels sont ceux du processus qui affiche cette page" in page


def test_one_that_could_not_start_is_named_and_has_no_switch(admin, monkeypatch):
    monkeypatch.setattr(discovery, "_put_aside", {"casse": "ImportError: nowhere"})
    with fake_plugin("casse"):
        page = admin.get(PAGE).content.decode()
        assert "Mis de côté" in page
        assert "ImportError: nowhere" in page
        assert f"{PAGE}casse/" not in page
        assert admin.get(f"{PAGE}casse/activer/").status_code == 404


def test_what_is_in_flight_is_read_before_the_switch(admin):
    begun = [Obstacle("Deux paiements attendent.", "/gestion/familles/")]
    with fake_plugin("lent", disable_obstacles=lambda: begun):
        assert "Deux paiements attendent." in admin.get(PAGE).content.decode()
        ask = admin.get(f"{PAGE}lent/desactiver/").content.decode()
        assert "Désactiver malgré tout" in ask
        assert '<a href="/gestion/familles/">' in ask

        unread = admin.post(f"{PAGE}lent/desactiver/")
        assert unread.status_code == 200
        assert "Deux paiements attendent." in unread.content.decode()
        begun[:] = [Obstacle("Trois paiements attendent.")]  # one more, since the question was asked
        again = admin.post(f"{PAGE}lent/desactiver/", {"lu": "Deux paiements attendent."})
        assert "Trois paiements attendent." in again.content.decode()
        assert not PluginSwitch.objects.exists()

        admin.post(f"{PAGE}lent/desactiver/", {"lu": "Trois paiements attendent."})
        assert "lent" not in state.enabled_slugs()
        assert "Trois paiements" not in admin.get(PAGE).content.decode()


def test_one_that_cannot_say_is_an_obstacle(admin):
    def boom():
        raise RuntimeError("broken")

    with fake_plugin("lent", disable_obstacles=boom):
        assert "n’a pas pu dire ce qui est en cours" in admin.get(f"{PAGE}lent/desactiver/").content.decode()


def test_the_page_makes_few_statements(admin, django_assert_max_num_queries):
    with ExitStack() as stack:
        for rank in range(5):
            stack.enter_context(fake_plugin(f"module{rank}"))
        admin.get(PAGE)
        with django_assert_max_num_queries(
            40
        ):  # two a plugin that is on for what the kernel knows, besides its own
            admin.get(PAGE)


def test_switching_asks_then_says_who_did_it(admin):
    with fake_plugin("lent"):
        ask = admin.get(f"{PAGE}lent/desactiver/").content.decode()
        assert "Désactiver « lent » ?" in ask
        assert not PluginSwitch.objects.exists()
        answer = admin.post(f"{PAGE}lent/desactiver/", follow=True).content.decode()
        assert "est désactivé" in answer
        assert "anne" in answer
        assert "est activé" in admin.post(f"{PAGE}lent/activer/", follow=True).content.decode()
    assert list(PluginSwitch.objects.values_list("enabled", "actor")) == [(True, "anne"), (False, "anne")]


def test_a_plugin_that_others_need_stays(admin):
    with fake_plugin("base"), fake_plugin("etage", depends_on=("base",)):
        answer = admin.post(f"{PAGE}base/desactiver/", follow=True).content.decode()
        assert "d’autres modules en ont besoin (etage)" in answer
        assert not PluginState.objects.filter(slug="base").exists()
        admin.post(f"{PAGE}etage/desactiver/")
        admin.post(f"{PAGE}base/desactiver/")
        answer = admin.post(f"{PAGE}etage/activer/", follow=True).content.decode()
        assert "a besoin d’un module qui est désactivé" in answer


def test_an_unknown_plugin(admin):
    assert admin.post(f"{PAGE}rien/activer/").status_code == 404


@pytest.mark.parametrize("trade", [trade for trade in Trade if trade is not Trade.ADMIN])
def test_nobody_else(client, trade):
    client.force_login(AgentFactory(trades=[trade]))
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}actualites/desactiver/").status_code == 404
    assert not PluginSwitch.objects.exists()
