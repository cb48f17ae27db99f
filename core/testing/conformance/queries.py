"""Few statements a page: what a plugin adds to the shells, and its own pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.contracts.plugin import Plugin
from core.kernel.models import PluginState
from core.testing.conformance.context import People, rule
from core.testing.hooks import fake_plugin
from core.testing.routes import routes_of

__all__ = ["test_it_adds_few_statements_to_the_shells", "test_its_pages_make_few_statements"]

ADDED = 10
"""Statements that a plugin may add to a page of the shells, on which it shows several panels at most."""

OWN_PAGE = 30

SHELLS = (("visitor", "/"), ("parent", "/espace-famille/"), ("admin", "/gestion/"))


def statements(client: Client, address: str) -> int:
    client.get(address)  # what is read once a process
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code < 500, address
    return len(captured)


@rule("queries")
@pytest.mark.django_db
def test_it_adds_few_statements_to_the_shells(plugin: Plugin, people: People) -> None:
    def counted() -> dict[str, int]:
        return {address: statements(getattr(people, who), address) for who, address in SHELLS}

    with fake_plugin(
        "lent", family_tiles=lambda context: []
    ):  # the Espace Famille stays, even without this one
        on = counted()
        PluginState.objects.update_or_create(slug=plugin.slug, defaults={"enabled": False})
        off = counted()
    assert {address: on[address] - off[address] for address in on if on[address] - off[address] > ADDED} == {}


@rule("queries")
@pytest.mark.django_db
def test_its_pages_make_few_statements(plugin: Plugin, people: People) -> None:
    many = {}
    for route in routes_of(plugin.slug):
        if not (route.is_plain and route.rule):
            continue
        who = people.admin if "agent:" in route.rule.name else people.parent
        if (count := statements(who, route.address)) > OWN_PAGE:
            many[route.address] = count
    assert many == {}
