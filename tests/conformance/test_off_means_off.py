"""Each plugin switched off leaves no trace: addresses, menus, tiles, API and its description, back office."""

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from core.contracts.access import Trade
from core.kernel import discovery
from core.kernel.gates import PluginURLResolver
from core.testing.factories import AgentFactory, ChildFactory, GuardianFactory

SLUGS = [plugin.slug for plugin in discovery.installed().plugins]
pytestmark = pytest.mark.django_db


def plain_addresses(slug: str) -> list[str]:
    """Addresses of a plugin that take no argument."""

    def walk(resolver: Any, prefix: str, inside: bool) -> list[str]:
        found = []
        for pattern in resolver.url_patterns:
            address = prefix + str(pattern.pattern)
            if "<" in address or "^" in address or "(" in address:
                continue
            mine = inside or (isinstance(pattern, PluginURLResolver) and pattern.slug == slug)
            if isinstance(pattern, URLPattern):
                found += [address] if mine else []
            else:
                found += walk(pattern, address, mine)
        return found

    return walk(get_resolver(), "/", inside=False)


@pytest.fixture
def parent(client: Client) -> Client:
    guardian = GuardianFactory()
    ChildFactory(families=[guardian.family])
    client.force_login(guardian.person.user)
    return client


@pytest.fixture
def admin() -> Client:
    agent = Client()
    agent.force_login(AgentFactory(trades=list(Trade)))
    return agent


@pytest.mark.parametrize("slug", SLUGS)
def test_addresses(slug: str, parent: Client, admin: Client, switch: Any) -> None:
    addresses = plain_addresses(slug)
    assert addresses, f"{slug} brings no address"
    switch(slug, False)
    for address in addresses:
        for visitor in (parent, admin):
            assert visitor.get(address).status_code == 404, address
    switch(slug, True)
    assert any(parent.get(a).status_code != 404 or admin.get(a).status_code != 404 for a in addresses)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(
    "shell", ["/", "/espace-famille/", "/gestion/", "/api/v1/", "/api/v1/schema/?format=json"]
)
def test_shells(slug: str, shell: str, parent: Client, admin: Client, switch: Any) -> None:
    """No shell links to an address of a plugin that is off, nor says its name."""
    name = next(plugin.name for plugin in discovery.installed().plugins if plugin.slug == slug)
    addresses = plain_addresses(slug)
    switch(slug, False)
    reader = admin if shell == "/gestion/" else parent
    answer = reader.get(shell)
    assert answer.status_code in (200, 404), shell
    text = answer.content.decode()
    for address in addresses:
        assert f'"{address}"' not in text, (shell, address)
    if shell == "/gestion/":
        assert f">{name}<" not in text or slug == "enfance"
