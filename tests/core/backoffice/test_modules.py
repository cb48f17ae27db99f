"""The switch of each plugin, in the hands of the administration."""

import pytest

from core.contracts.access import Trade
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
    assert "jamais : état d’origine" in page


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
