"""One door: wherever a password is asked, allauth asks it. Every address of the house is opened to see."""

import re
from typing import Any

import pytest
from django.test import Client

from core.accounts.urls import urlpatterns
from core.contracts.access import Trade
from core.testing.factories import AgentFactory, UserFactory
from core.testing.routes import Route, every_route

pytestmark = pytest.mark.django_db

FIELD = re.compile(r"""type=\\?["']?password|name=\\?["'][\w-]*password""", re.IGNORECASE)


def of_allauth(view: Any) -> bool:
    view_class = getattr(view, "view_class", None) or view
    return any(
        base.__module__.startswith("allauth.") for base in getattr(view_class, "__mro__", [view_class])
    )


def asks(client: Client, routes: list[Route]) -> tuple[int, set[str]]:
    """How many addresses answered, and those not of allauth where a password may be typed."""
    client.raise_request_exception = False  # some of Wagtail's choosers choke on a sample: no page, no door
    swept, asking = 0, set()
    for route in routes:
        address = route.sample()
        if "failwhale" in address:  # Wagtail's own page of errors, which raises
            continue
        answer = client.get(address)
        swept += 1
        if not answer.streaming and FIELD.search(answer.content.decode(errors="replace")):
            asking.add(route.address)
    return swept, {address for address in asking if not of_allauth(views[address])}


views: dict[str, Any] = {}


@pytest.fixture(scope="module")
def routes() -> list[Route]:
    found = [route for route in every_route() if not route.is_pattern]
    views.update({route.address: route.view for route in found})
    return found


def test_a_visitor_meets_no_other_door(client: Client, routes: list[Route]) -> None:
    swept, asking = asks(client, routes)
    assert asking == set()
    assert swept > 250


@pytest.mark.parametrize("who", ["parent", "agent"])
def test_nor_does_anybody_inside(client: Client, routes: list[Route], who: str) -> None:
    user = UserFactory() if who == "parent" else AgentFactory(trades=[Trade.ADMIN], is_superuser=True)
    client.force_login(user)
    inside = [
        route for route in routes if not route.address.startswith(("/deconnexion/", "/gestion/logout/"))
    ]
    swept, asking = asks(client, inside)
    assert asking == set()
    assert swept > 250


def test_addresses_written_as_expressions_are_known() -> None:
    """No sample can be made of these: each was looked at, none asks a password but allauth's."""
    found = {route.address for route in every_route() if route.is_pattern}
    asking = {address for address in found if "password" in address or "mot-de-passe" in address}
    assert asking == {
        "/connexion/^nouveau-mot-de-passe/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",  # allauth's
        "/gestion/^password_reset/(?:.*)$",  # leads to allauth's
    }


def test_a_planted_door_is_found(client: Client, settings: Any) -> None:
    assert FIELD.search("<input type='password' name=x>")
    assert FIELD.search('<input name="new_password1">')
    assert FIELD.search("<input type=password>")


def test_wagtails_password_is_refused_even_when_posted(client: Client) -> None:
    agent = AgentFactory(trades=[Trade.ADMIN], is_superuser=True)
    before = agent.password
    client.force_login(agent)
    new = {"password-old_password": "parvis-demo-2026", "password-new_password1": "Tilleul-Garonne-9"}
    client.post("/gestion/account/", new | {"password-new_password2": "Tilleul-Garonne-9"})
    form = {"username": agent.username, "email": "a@example.org", "first_name": "A", "last_name": "B"}
    client.post(
        f"/gestion/users/edit/{agent.pk}/",
        form | {"is_active": "on", "password1": "Tilleul-Garonne-9", "password2": "Tilleul-Garonne-9"},
    )
    agent.refresh_from_db()
    assert agent.password == before


def test_the_sign_out_of_wagtail_is_a_sign_out(client: Client) -> None:
    client.force_login(AgentFactory(trades=[Trade.ADMIN]))
    client.post("/gestion/logout/")
    assert client.get("/compte/").status_code == 302


def test_addresses_of_the_door_have_one_name_each() -> None:
    names = [
        route.name for route in every_route() if route.name.startswith(("account_", "mfa_", "usersessions_"))
    ]
    assert len(names) == len(set(names)) >= 25
    assert len(urlpatterns) >= 5
