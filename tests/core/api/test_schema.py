"""The OpenAPI document says what is on, without a warning, and every operation has its access rule."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.http import Http404
from drf_spectacular.generators import EndpointEnumerator
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from core.api.permissions import AgentPermission, rule_of
from core.api.schema import plugin_of
from core.contracts.access import Trade
from core.kernel import discovery
from core.testing.factories import AgentFactory, UserFactory

pytestmark = pytest.mark.django_db


def routes():
    return [entry for entry in EndpointEnumerator().get_api_endpoints() if entry[0].startswith("/api/v1/")]


def test_no_warning():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO(), stderr=StringIO())


def test_only_the_public_api(client):
    document = client.get("/api/v1/schema/").json()
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    assert set(document["components"]["securitySchemes"]) == {"jeton", "session"}


def test_problems_are_described(client):
    operation = client.get("/api/v1/schema/").json()["paths"]["/api/v1/enfants/{child_id}/"]["get"]
    assert set(operation["responses"]) == {"200", "401", "403", "404"}
    assert "application/problem+json" in operation["responses"]["404"]["content"]
    public = client.get("/api/v1/schema/").json()["paths"]["/api/v1/"]["get"]
    assert set(public["responses"]) == {"200"}
    assert {} in public["security"]


def test_a_plugin_that_is_off_is_not_described(client, switch):
    by_plugin = {}
    for path, _regex, _method, callback in routes():
        by_plugin.setdefault(plugin_of(callback), set()).add(path)
    for plugin in reversed(discovery.installed().plugins):
        switch(plugin.slug, False)
        left = client.get("/api/v1/schema/").json()["paths"].keys()
        assert not by_plugin.get(plugin.slug, set()) & left
        listed = str(client.get("/api/v1/").json())
        assert not any(path in listed for path in by_plugin.get(plugin.slug, set()))


def test_every_operation_declares_its_rule():
    assert [path for path, _regex, _method, callback in routes() if rule_of(callback) is None] == []


def test_the_documentation_page_has_no_inline_script(client):
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()
    assert "'unsafe" not in page["Content-Security-Policy"]


def test_agents_with_the_permission_only():
    permission = AgentPermission("kernel.change_pluginstate")()

    def ask(user):
        request = Request(APIRequestFactory().get("/"))
        request.user = user
        return permission.has_permission(request, None)

    assert ask(AgentFactory(trades=[Trade.ADMIN])) is True
    for other in (AgentFactory(trades=[Trade.CHILDHOOD]), UserFactory()):
        with pytest.raises(Http404):
            ask(other)
