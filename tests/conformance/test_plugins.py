"""The conformance suite on every plugin that is installed here; and each gate left open, to see that it sees."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.signals import request_finished
from django.urls import URLResolver
from wagtail import hooks as wagtail_hooks

from core.api import schema
from core.backoffice import screens
from core.contracts.backoffice import Menu, Screen
from core.contracts.jobs import Job
from core.contracts.navigation import MenuItem, Tile, TileItem
from core.contracts.plugin import Plugin
from core.contracts.requests import RequestKind
from core.kernel import discovery, state
from core.kernel.gates import PluginURLResolver
from core.pages.plugin_pages import PluginPage
from core.testing.conformance import *  # noqa: F403
from core.testing.conformance.context import People
from core.testing.conformance.gates import GATES, Watch
from core.testing.conformance.switching import switch
from core.testing.hooks import fake_plugin
from core.testing.routes import belongs, routes_of

Patch = pytest.MonkeyPatch


def _addresses(patch: Patch, slug: str) -> None:
    patch.setattr(PluginURLResolver, "resolve", URLResolver.resolve)


def _asked(patch: Patch, slug: str) -> None:
    patch.setattr(state, "enabled", lambda: list(discovery.usable()))


def _asked_for_pages(patch: Patch, slug: str) -> None:
    """Its menu leads to its own pages, which have a gate too."""
    _asked(patch, slug)
    _page_types(patch, slug)


def _state(patch: Patch, slug: str) -> None:
    patch.setattr(state, "enabled_slugs", lambda: frozenset(plugin.slug for plugin in discovery.usable()))


def _asked_at_its_addresses(patch: Patch, slug: str) -> None:
    """The pages of tariffs exist while some plugin sells."""
    _asked(patch, slug)
    _state(patch, slug)


def _openapi(patch: Patch, slug: str) -> None:
    patch.setattr(schema, "plugin_of", lambda callback: None)


def _menu(patch: Patch, slug: str) -> None:
    patch.setattr(screens.Entry, "is_shown", lambda entry, user: user.has_perm(entry.screen.permission))


def _page_types(patch: Patch, slug: str) -> None:
    patch.setattr(PluginPage, "is_on", classmethod(lambda model: True))


def _signal(patch: Patch, slug: str) -> None:
    patch.setattr(
        request_finished, "receivers", [*request_finished.receivers, ((0, 0), _of(slug), None, False)]
    )


def _wagtails_hook(patch: Patch, slug: str) -> None:
    patch.setitem(wagtail_hooks._hooks, "planted", [(_of(slug), 0)])


def _of(slug: str) -> Callable[..., None]:
    def planted(*args: object, **kwargs: object) -> None: ...

    planted.__module__ = f"plugins.{slug}.signals"
    return planted


OPENED: dict[str, Callable[[Patch, str], None]] = {
    "addresses": _addresses,
    "feeds": _addresses,
    "API": _addresses,
    "API index": _asked,
    "OpenAPI": _openapi,
    "site menu": _asked_for_pages,
    "home page": _asked,
    "search": _asked_for_pages,
    "open data": _asked,
    "map of the site": _asked_for_pages,
    "reception": _asked,
    "tiles": _asked,
    "family home": _asked,
    "reminders": _asked,
    "editions": _asked,
    "messages": _state,
    "tariffs": _asked_at_its_addresses,
    "family sheet": _asked,
    "calendar changes": _asked,
    "back-office menu": _menu,
    "back-office screens": _addresses,
    "page creation": _page_types,
    "page display": _page_types,
    "page lists": _page_types,
    "page editors": _page_types,
    "requests": _state,
    "periodic jobs": _state,
    "events": _asked,
    "questions": _asked,
    "signals": _signal,
    "Wagtail's hooks": _wagtails_hook,
}
"""How each gate is left open, while the plugin is off."""


JOB = Job(name="ronde", label="Ronde", schedule=timedelta(hours=1), run=datetime.isoformat)
KIND = RequestKind(
    code="gardien.cle",
    label="Emprunter une clé",
    service="accueil",
    delay_days=5,
    permission="families.view_family",
    sections=lambda data: [],
    accept=lambda acceptance: "",
)
LENT: dict[str, dict[str, Callable[..., list[Any]]]] = {
    "periodic jobs": {"jobs": lambda: [JOB]},
    "requests": {"request_kinds": lambda: [KIND]},
}
"""Gates at which a plugin is lent: those of the tree may show nothing there."""


@contextmanager
def seen_at(gate: str, people: People) -> Iterator[Watch]:
    """A plugin that shows something at a gate, or that could; what it shows has been read."""
    watches = [Watch(plugin, people) for plugin in discovery.installed().plugins]
    if gate in LENT:
        with fake_plugin("gardien", **LENT[gate]) as plugin:
            yield Watch(plugin, people)
    else:
        yield next((watch for watch in watches if GATES[gate].traces(watch)), watches[0])


def test_every_gate_is_left_open_in_turn() -> None:
    assert OPENED.keys() == GATES.keys()


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_left_open_is_seen(gate: str, people: People, monkeypatch: Patch) -> None:
    with seen_at(gate, people) as watch:
        switch(watch.plugin, False)
        assert GATES[gate].traces(watch) == set()
        OPENED[gate](monkeypatch, watch.slug)
        assert GATES[gate].traces(watch)


@pytest.mark.parametrize("gate", ["site menu", "home page", "tiles", "family home", "back-office menu"])
def test_a_planted_entry_is_seen(gate: str, people: People, monkeypatch: Patch) -> None:
    """Something that stays leads to a plugin that is off: a menu entry that forgets its gate."""
    with seen_at(gate, people) as watch:
        url = min(watch.page_urls or {route.address for route in watch.routes})
        switch(watch.plugin, False)
        with (
            fake_plugin(
                "bavard",
                site_menu_items=lambda: [MenuItem(label="Ailleurs", url=url)],
                family_tiles=lambda: [
                    TileItem(tile=tile, label="Là", url=url, icon="house") for tile in Tile
                ],
            ),
            monkeypatch.context() as patch,
        ):
            forgetful = screens.Entry(None, _screen(watch.plugin), None)
            known = screens.entries()
            patch.setattr(screens, "entries", lambda: [*known, forgetful])
            assert GATES[gate].traces(watch)


def _screen(plugin: Plugin) -> Screen:
    name = next(route.name for route in Watch(plugin, None).routes if not route.in_api)  # type: ignore[arg-type]
    return Screen(
        menu=Menu.SETTINGS,
        label="Ailleurs",
        icon="home",
        permission="families.view_family",
        url_name=f"{plugin.slug}:{name}",
    )


def test_each_address_of_a_plugin_is_known_as_its_own() -> None:
    for plugin in discovery.installed().plugins:
        own = [route.address for route in routes_of(plugin.slug) if route.is_plain]
        assert own
        assert [address for address in own if not belongs(plugin.slug, address)] == []
        assert not belongs(plugin.slug, "/gestion/")


LATER = ("/espace-famille/messages/",)
"""Places whose room does not exist yet: the gate comes with the room."""


def test_a_place_that_opens_brings_its_gate(people: People) -> None:
    opened = [address for address in LATER if people.parent.get(address).status_code != 404]
    assert opened == [], "add its gate to GATES and to docs/reference/gates.md, then take it out of this list"
