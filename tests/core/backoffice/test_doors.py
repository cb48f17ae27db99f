"""One door, agents only behind it, and a script policy that loosens, for styles, in editors alone."""

import re

import pytest
from django.urls import URLPattern, get_resolver

from core.contracts.access import Trade
from core.testing.factories import AgentFactory, UserFactory


def policy(answer):
    directives = answer["Content-Security-Policy"].split("; ")
    return {name: set(values) for name, *values in (directive.split() for directive in directives)}


def plain_addresses(resolver, prefix="/"):
    """Every address that takes no argument."""
    for pattern in resolver.url_patterns:
        part = str(pattern.pattern)
        if re.search(r"[<(\\^$*]", part):
            continue
        if isinstance(pattern, URLPattern):
            yield prefix + part
        else:
            yield from plain_addresses(pattern, prefix + part)


@pytest.mark.django_db
class TestDoors:
    @pytest.mark.parametrize(
        ("address", "door"),
        [
            ("/gestion/login/", "/connexion/"),
            ("/gestion/login/?next=/gestion/familles/", "/connexion/?next=/gestion/familles/"),
            ("/_util/login/", "/connexion/"),
            ("/gestion/", "/connexion/?next=/gestion/"),
            ("/gestion/password_reset/", "/connexion/?next=/gestion/password_reset/"),
        ],
    )
    def test_visitors_are_led_to_the_only_door(self, client, address, door):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url == door

    @pytest.mark.parametrize(
        "address", ["password_reset/", "password_reset/done/", "password_reset/confirm/x/y/"]
    )
    def test_wagtails_reset_leads_to_allauths(self, client, address):
        client.force_login(AgentFactory(trades=[Trade.ADMIN]))
        for answer in (
            client.get(f"/gestion/{address}"),
            client.post(f"/gestion/{address}", {"email": "a@b.fr"}),
        ):
            assert answer.status_code == 302
            assert answer.url.startswith("/connexion/")

    def test_no_password_is_asked_elsewhere(self, client):
        client.force_login(AgentFactory(trades=[Trade.ADMIN], is_superuser=True))
        asking = []
        swept = 0
        for address in set(plain_addresses(get_resolver())):
            if address.startswith(("/compte/", "/connexion/", "/deconnexion/")) or "failwhale" in address:
                continue
            answer = client.get(address)
            swept += 1
            if not answer.streaming and re.search(rb'type=\W?"?password', answer.content):
                asking.append(address)
        assert asking == []
        assert swept > 60

    def test_the_account_page_changes_neither_password_nor_address(self, client):
        client.force_login(AgentFactory(trades=[Trade.KITCHEN]))
        page = client.get("/gestion/account/").content.decode()
        assert 'type="password"' not in page
        assert 'name="email-email"' not in page

    @pytest.mark.parametrize(
        "address", ["", "pages/", "users/", "account/", "familles/", "sprite/", "rien/", "modules/"]
    )
    def test_a_parent_finds_nothing_behind(self, client, address):
        client.force_login(UserFactory())
        assert client.get(f"/gestion/{address}").status_code == 404


@pytest.mark.django_db
class TestPolicy:
    @pytest.fixture
    def admin(self, client):
        client.force_login(AgentFactory(trades=[Trade.ADMIN], is_superuser=True))
        return client

    @pytest.mark.parametrize(
        "address", ["", "familles/", "modules/", "users/", "images/", "pagesx/", "rien/"]
    )
    def test_strict_on_agents_screens(self, admin, address):
        found = policy(admin.get(f"/gestion/{address}"))
        assert found["script-src"] == found["style-src"] == {"'self'"}
        assert found["frame-ancestors"] == {"'none'"}

    @pytest.mark.parametrize("address", ["pages/", "pages/1/", "snippets/"])
    def test_styles_alone_are_looser_in_editors(self, admin, address):
        found = policy(admin.get(f"/gestion/{address}"))
        assert found["style-src"] == {"'self'", "'unsafe-inline'"}
        assert found["script-src"] == {"'self'"}
        assert found["frame-ancestors"] == {"'self'"}
        assert found["connect-src"] == {"'self'"}

    def test_not_for_visitors_nor_parents(self, client):
        assert policy(client.get("/gestion/pages/"))["style-src"] == {"'self'"}
        client.force_login(UserFactory())
        assert policy(client.get("/gestion/pages/"))["style-src"] == {"'self'"}

    def test_nothing_of_agents_is_cached(self, admin):
        assert "no-store" in admin.get("/gestion/familles/")["Cache-Control"]
        assert "private" in admin.get("/gestion/modules/")["Cache-Control"]
