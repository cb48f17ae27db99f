"""One door, by identifier or by e-mail; groups by trade."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from core.accounts.trades import AGENT, sync_groups
from core.contracts.access import Grant, Trade
from core.testing.factories import PASSWORD, AgentFactory, UserFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("login", ["nora", "nora@example.org"])
def test_sign_in_by_identifier_or_email(client: Client, login: str) -> None:
    UserFactory(username="nora")
    answer = client.post("/connexion/", {"login": login, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/compte/entree/").status_code == 302


def test_a_wrong_password_keeps_what_was_typed(client: Client) -> None:
    UserFactory(username="nora")
    page = client.post("/connexion/", {"login": "nora", "password": "faux"})
    assert page.status_code == 200
    text = page.content.decode()
    assert 'value="nora"' in text
    assert "faux" not in text


def test_an_agent_lands_in_the_back_office(client: Client) -> None:
    client.force_login(AgentFactory(trades=[Trade.BILLING]))
    assert client.get("/compte/entree/").url == "/gestion/"  # type: ignore[attr-defined]


@pytest.mark.parametrize("door", ["/gestion/login/", "/_util/login/"])
def test_the_other_doors_lead_to_ours(client: Client, door: str) -> None:
    answer = client.get(door + "?next=/gestion/")
    assert (answer.status_code, answer.url) == (302, "/connexion/?next=/gestion/")  # type: ignore[attr-defined]


def test_nobody_opens_an_account_alone(client: Client) -> None:
    assert "Ouvrir un compte" in client.get("/connexion/ouvrir-un-compte/").content.decode()


def test_each_trade_has_its_group_and_a_plugin_adds_to_it() -> None:
    assert set(Group.objects.values_list("name", flat=True)) >= {trade.value for trade in Trade}
    assert AgentFactory(trades=[Trade.KITCHEN]).has_perm(AGENT)
    with fake_plugin("lent", grants=lambda: [Grant(Trade.KITCHEN, ("families.view_contact",))]):
        sync_groups()
        sync_groups()
    assert AgentFactory(trades=[Trade.KITCHEN]).has_perm("families.view_contact")
    assert AgentFactory(trades=[Trade.ADMIN]).has_perm("families.view_contact")
    assert not AgentFactory(trades=[Trade.FIELD]).has_perm("families.view_contact")


def test_the_password_form_of_the_account_page_is_ours(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get("/compte/mot-de-passe/").status_code == 200
