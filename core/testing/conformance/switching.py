"""Off means off: whatever shows a plugin shows nothing of it, at once, without a restart; on again, all is back.

`GATES` names each place where something of a plugin may appear, and looks for its traces there.
"""

import gc
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from weakref import ReferenceType

import pytest
from django.dispatch import Signal
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from wagtail import hooks as wagtail_hooks
from wagtail.models import Page, Site

from core.accounts.models import User
from core.backoffice.screens import entries_for
from core.contracts.family import FamilyContext
from core.contracts.navigation import Tile
from core.contracts.plugin import Plugin
from core.families.selectors import context_of
from core.kernel import calls, clock, jobs, manager
from core.kernel.gates import PluginURLResolver
from core.kernel.models import PluginState
from core.pages.models import HomePage
from core.pages.plugin_pages import PluginPage, live_pages
from core.testing.conformance.context import People, rule
from core.testing.routes import Route, belongs, links, routes_of

__all__ = ["test_it_hears_no_signal_by_itself", "test_off_leaves_no_trace_and_on_brings_everything_back"]

PUBLIC = ("/", "/espace-famille/", "/plan-du-site/", "/sitemap.xml", "/recherche/", "/contacts/")
FAMILY = ("/espace-famille/", *(f"/espace-famille/{tile.value}/" for tile in Tile))


@dataclass(frozen=True)
class Watch:
    """What to look for: the plugin, who looks, at which family, and the titles of its panels."""

    plugin: Plugin
    people: People
    family: FamilyContext
    titles: set[str] = field(default_factory=set)

    @property
    def routes(self) -> list[Route]:
        return [route for route in routes_of(self.plugin.slug) if route.is_plain]


def _page_types(plugin: Plugin) -> list[type[PluginPage]]:
    return [model for model in _subclasses(PluginPage) if model._meta.app_label == plugin.slug]


def _subclasses(model: type[Any]) -> Iterator[type[Any]]:
    for child in model.__subclasses__():
        yield child
        yield from _subclasses(child)


def _shows(client: Client, address: str) -> bool:
    answer = client.get(address)
    asks_who = answer.status_code == 302 and answer["Location"].startswith("/connexion/")
    return answer.status_code not in (401, 404) and not asks_who


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    return answer.content.decode() if answer.status_code == 200 else ""


def addresses(watch: Watch) -> Iterable[str]:
    """Pages and API; but for what a plugin leaves open so that a payment may end."""
    people = watch.people
    for route in watch.routes:
        if not _stays_open(route) and any(
            _shows(client, route.address) for client in (people.visitor, people.parent, people.admin)
        ):
            yield route.address


def _stays_open(route: Route) -> bool:
    return any(
        route.name in getattr(gate.urlconf_module, "open_while_off", ())
        for gate in get_resolver().url_patterns
        if isinstance(gate, PluginURLResolver) and gate.slug == route.slug
    )


def _on(client: Client, watch: Watch, shells: Iterable[str]) -> Iterable[str]:
    """Links to the plugin's addresses and pages, and titles of its panels."""
    pages = {page.url for model in _page_types(watch.plugin) for page in model.objects.all()}
    for shell in shells:
        text = _read(client, shell)
        for link in links(text):
            if link in pages or belongs(watch.plugin.slug, link):
                yield f"{shell}: {link}"
        for title in watch.titles:
            if re.search(rf"<h[1-6][^>]*>\s*{re.escape(title)}", text):
                yield f"{shell}: « {title} »"


def public_pages(watch: Watch) -> Iterable[str]:
    """Menu of the site, doors and panels of the home page, reception, plan and map of the site."""
    yield from _on(watch.people.visitor, watch, PUBLIC)
    if watch.plugin.summary in _read(watch.people.visitor, "/espace-famille/"):
        yield "/espace-famille/: its summary"


def family_space(watch: Watch) -> Iterable[str]:
    """Bar, tiles and panels of the Espace Famille, page of a child."""
    child = reverse("portal:child", args=[watch.family.children[0].id])
    yield from _on(watch.people.parent, watch, (*FAMILY, child))


def back_office(watch: Watch) -> Iterable[str]:
    """Menu and first page of the back office, family sheet."""
    sheet = reverse("backoffice:family", args=[watch.family.id])
    yield from _on(watch.people.admin, watch, ("/gestion/", sheet))
    admin = User.objects.get(username="admin")
    for entries in entries_for(admin).values():
        yield from (f"menu: {entry.url}" for entry in entries if entry.slug == watch.plugin.slug)


def api(watch: Watch) -> Iterable[str]:
    """Index of the API and OpenAPI document."""
    client = watch.people.parent
    for resource in client.get("/api/v1/").json()["ressources"]:
        if belongs(watch.plugin.slug, resource["adresse"]):
            yield f"index: {resource['adresse']}"
    for path in client.get("/api/v1/schema/?format=json").json()["paths"]:
        if belongs(watch.plugin.slug, re.sub(r"\{\w+\}", str(watch.family.id), path)):
            yield f"schema: {path}"


def page_types(watch: Watch) -> Iterable[str]:
    """What editors may create, and what is served or listed of what they wrote."""
    home = HomePage.objects.get()
    for model in _page_types(watch.plugin):
        if model.can_create_at(home):
            yield f"{model.__name__} can be created"
        for page in model.objects.live():
            if page.url and _shows(watch.people.visitor, page.url):
                yield f"{page.url} is served"
            if live_pages(Page.objects.filter(pk=page.pk)).exists():
                yield f"{page.url} is listed"


def tasks(watch: Watch) -> Iterable[str]:
    """Periodic jobs, but for those that end what has begun; and events that it would hear."""
    mine = [entry for entry in jobs.entries() if entry.slug == watch.plugin.slug]
    yield from (entry.key for entry in mine if not entry.job.runs_while_off)
    for spec in manager.specifications("notify"):
        if watch.plugin.slug in calls.listeners(spec):
            yield spec.__name__


GATES: dict[str, Callable[[Watch], Iterable[str]]] = {
    "addresses": addresses,
    "public pages": public_pages,
    "family space": family_space,
    "back office": back_office,
    "API": api,
    "page types": page_types,
    "tasks": tasks,
}


def traces(watch: Watch) -> dict[str, set[str]]:
    """What is seen of a plugin now, gate by gate."""
    return {gate: set(look(watch)) for gate, look in GATES.items()}


def watch(plugin: Plugin, people: People) -> Watch:
    """Made while the plugin is on."""
    family = context_of(User.objects.get(username="parent"), clock.today())
    assert family
    return Watch(plugin, people, family, _titles(plugin, family))


def _titles(plugin: Plugin, family: FamilyContext) -> set[str]:
    asked: dict[str, Any] = {
        "home_panels": {"request": _request()},
        "family_panels": {"context": family},
        "family_sheet_panels": {"context": family},
    }
    found = set()
    for hook, arguments in asked.items():
        if call := manager.caller(hook, plugin.slug):
            found |= {str(panel.title) for answer in call(**arguments) for panel in answer}
    return found


def _request() -> HttpRequest:
    request = RequestFactory().get("/")
    request._wagtail_site = Site.objects.get(is_default_site=True)  # type: ignore[attr-defined]
    return request


@rule("switching")
@pytest.mark.django_db
def test_off_leaves_no_trace_and_on_brings_everything_back(plugin: Plugin, people: People) -> None:
    def switch(enabled: bool) -> None:
        PluginState.objects.update_or_create(slug=plugin.slug, defaults={"enabled": enabled})

    seen = watch(plugin, people)
    before = traces(seen)
    assert any(before.values()), "it is seen nowhere, so this test sees nothing"
    switch(False)
    with _unasked(plugin):
        assert {gate: found for gate, found in traces(seen).items() if found} == {}
    switch(True)
    assert traces(seen) == before


def _unasked(plugin: Plugin) -> ExitStack:
    """While it is off a plugin is not even asked: each of its hooks would stop the test."""
    stack = ExitStack()
    for name in manager.hooks_of(plugin.slug):
        asked = _asked(plugin.slug, name)
        stack.enter_context(patch.object(manager.implementation(name, plugin.slug), "function", asked))
    return stack


def _asked(slug: str, hook: str) -> Callable[..., None]:
    def stop(*args: object) -> None:
        pytest.fail(f"{slug} is off, and {hook} was called")

    return stop


@rule("switching")
def test_it_hears_no_signal_by_itself(plugin: Plugin) -> None:
    """A receiver of a signal, or a hook of Wagtail's, stands behind no gate: `notify` hooks and screens do."""
    mine = f"plugins.{plugin.slug}"
    receivers = [
        inspect.unwrap(found)
        for signal in gc.get_objects()
        if issubclass(type(signal), Signal)
        for _key, receiver, *_ in signal.receivers or ()
        if (found := receiver() if isinstance(receiver, ReferenceType) else receiver) is not None
    ]
    assert len(receivers) > 5
    functions = [*receivers, *(hook for found in wagtail_hooks._hooks.values() for hook, _order in found)]
    assert [
        f"{function.__module__}.{getattr(function, '__qualname__', function)}"
        for function in functions
        if (getattr(function, "__module__", "") or "").startswith(mine)
    ] == []
