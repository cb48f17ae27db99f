"""Where something of a plugin may appear, and how one looks for its traces there.

`GATES` is the table of `docs/reference/gates.md`: a test ties the two. A gate that is added here is tried on every
plugin by `switching`.
"""

import gc
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from html import unescape
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode
from uuid import UUID
from weakref import ReferenceType

from django.dispatch import Signal
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from wagtail import hooks as wagtail_hooks
from wagtail.models import Page, Site

from core.accounts.models import User
from core.backoffice.screens import entries, entries_for
from core.contracts.family import FamilyContext
from core.contracts.navigation import Tile
from core.contracts.plugin import Plugin
from core.families.selectors import context_of
from core.kernel import calls, clock, jobs, manager, state
from core.kernel.gates import PluginURLResolver
from core.pages.audiences import Reserved
from core.pages.plugin_pages import PluginPage, live_pages
from core.pages.selectors import address as page_address
from core.pages.typography import french
from core.requests import kinds
from core.testing.conformance.context import People
from core.testing.routes import Route, belongs, links, routes_of
from core.town.models import Closure
from core.town.services import written

SPACE = "/espace-famille/"
PAGES_OF_WAGTAIL = "/gestion/pages"


@dataclass
class Watch:
    """What to look for, and who looks. What is read of the plugin is read while it is on, then kept."""

    plugin: Plugin
    people: People

    @property
    def slug(self) -> str:
        return self.plugin.slug

    @cached_property
    def family(self) -> FamilyContext:
        found = context_of(User.objects.get(username="parent"), clock.today())
        assert found
        return found

    @cached_property
    def closed(self) -> UUID:
        """A closure of the whole town over the next two weeks, which an agent has written."""
        if known := Closure.objects.filter(reason="Neige").first():
            return known.pk
        first = clock.today()
        facts = {"first_day": first, "last_day": first + timedelta(days=14), "reason": "Neige"}
        made: Closure = written(
            row=Closure(), fields=facts, write=lambda: Closure.objects.create(**facts), actor=None
        )
        return made.pk

    @cached_property
    def routes(self) -> list[Route]:
        """Those with an address of their own; what stays open so that a payment may end is left out."""
        kept = _open_while_off(self.slug)
        return [route for route in routes_of(self.slug) if route.is_plain and route.name not in kept]

    @cached_property
    def offices(self) -> tuple[str, ...]:
        """Where Wagtail mounts the viewsets of the plugin."""
        mine = [entry.viewset for entry in entries() if entry.slug == self.slug and entry.viewset]
        return tuple(f"/gestion/{viewset.name}/" for viewset in mine)

    @cached_property
    def page_types(self) -> list[type[PluginPage]]:
        return [model for model in _subclasses(PluginPage) if model._meta.app_label == self.slug]

    @cached_property
    def page_urls(self) -> set[str]:
        return {page.url for model in self.page_types for page in model.objects.all() if page.url}

    @cached_property
    def sold(self) -> set[str]:
        """Codes of what it sells at a tariff."""
        call = manager.caller("priced_services", self.slug)
        answers = call(today=clock.today(), family=None) if call else ()
        return {service.code for answer in answers for service in answer}

    @cached_property
    def findable(self) -> dict[str, set[tuple[str, str]]]:
        """Questions that the search answers with something of it: (address, title) of what is found."""
        found: dict[str, set[tuple[str, str]]] = {}
        for model in self.page_types:
            for page in model.objects.live().filter(**_for_everybody(model)).order_by("path")[:1]:
                found[page.title] = {(page_address(page), french(page.title))}
        call = manager.caller("search_results", self.slug)
        for word in re.findall(r"[^\W\d_]{4,}", f"{self.plugin.name} {self.plugin.summary}") if call else ():
            answers = call(request=_request(), query=word)  # type: ignore[misc]
            if shown := {(result.url, str(result.title)) for answer in answers for result in answer}:
                found[word] = shown
        return found

    @cached_property
    def titles(self) -> dict[str, set[str]]:
        """Titles of the panels, by hook."""
        agent = User.objects.get(username="admin")
        questions: dict[str, dict[str, Any]] = {
            "home_panels": {"request": _request()},
            "family_panels": {"context": self.family},
            "family_sheet_panels": {"context": self.family, "user": agent},
        }
        return {
            hook: {str(panel.title) for answer in call(**asked) for panel in answer}
            for hook, asked in questions.items()
            if (call := manager.caller(hook, self.slug))
        }


def _for_everybody(model: type[PluginPage]) -> dict[str, str]:
    return {"readers": ""} if issubclass(model, Reserved) else {}


def _subclasses(model: type[Any]) -> Iterator[type[Any]]:
    for child in model.__subclasses__():
        yield child
        yield from _subclasses(child)


def _open_while_off(slug: str) -> frozenset[str]:
    return frozenset(
        name
        for gate in get_resolver().url_patterns
        if isinstance(gate, PluginURLResolver) and gate.slug == slug
        for name in getattr(gate.urlconf_module, "open_while_off", ())
    )


def _request() -> HttpRequest:
    request = RequestFactory().get("/")
    request._wagtail_site = Site.objects.get(is_default_site=True)  # type: ignore[attr-defined]
    return request


# Addresses ------------------------------------------------------------------------------------------------------------


def _shows(client: Client, address: str) -> bool:
    answer = client.get(address)
    asks_who = answer.status_code == 302 and answer["Location"].startswith("/connexion/")
    return answer.status_code not in (401, 404) and not asks_who


def _shown(watch: Watch, routes: Iterable[Route]) -> Iterable[str]:
    people = watch.people
    for route in routes:
        if any(_shows(client, route.address) for client in (people.visitor, people.parent, people.admin)):
            yield route.address


def addresses(watch: Watch) -> Iterable[str]:
    others = (*watch.offices, "/api/")
    yield from _shown(watch, (route for route in watch.routes if not route.address.startswith(others)))


def offices(watch: Watch) -> Iterable[str]:
    yield from _shown(watch, (route for route in watch.routes if route.address.startswith(watch.offices)))


def api(watch: Watch) -> Iterable[str]:
    yield from _shown(watch, (route for route in watch.routes if route.in_api))


def feeds(watch: Watch) -> Iterable[str]:
    visitor = watch.people.visitor
    for route in watch.routes:
        kind = visitor.get(route.address).get("Content-Type", "")
        if route.rule and route.rule.name == "public" and ("xml" in kind or "calendar" in kind):
            yield route.address


def api_index(watch: Watch) -> Iterable[str]:
    for resource in watch.people.parent.get("/api/v1/").json()["ressources"]:
        if belongs(watch.slug, resource["adresse"]):
            yield resource["adresse"]


def openapi(watch: Watch) -> Iterable[str]:
    for path in watch.people.parent.get("/api/v1/schema/?format=json").json()["paths"]:
        if belongs(watch.slug, re.sub(r"\{\w+\}", str(watch.family.id), path)):
            yield path


# Pages of the shells --------------------------------------------------------------------------------------------------


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code < 500, address
    return answer.content.decode() if answer.status_code == 200 else ""


def _links(watch: Watch, text: str) -> Iterable[str]:
    """Ways to the plugin's addresses and pages."""
    yield from (link for link in links(text) if link in watch.page_urls or belongs(watch.slug, link))


def _titles(watch: Watch, hook: str, text: str) -> Iterable[str]:
    for title in watch.titles.get(hook, ()):
        if re.search(rf"<h[1-6][^>]*>\s*{re.escape(title)}", text):
            yield f"« {title} »"


def site_menu(watch: Watch) -> Iterable[str]:
    """On a page that has no panel."""
    yield from _links(watch, _read(watch.people.visitor, "/contacts/"))


def home_page(watch: Watch) -> Iterable[str]:
    text = _read(watch.people.visitor, "/")
    yield from _links(watch, text)
    yield from _titles(watch, "home_panels", text)


def searched(watch: Watch) -> Iterable[str]:
    """What the search finds, and what it suggests."""
    for question, shown in watch.findable.items():
        asked = urlencode({"q": question})
        results = re.findall(
            r'<li><a class="fw-semibold" href="([^"]*)">([^<]*)</a>',
            _read(watch.people.visitor, f"/recherche/?{asked}"),
        )
        yield from (f"{question}: {url}" for url, title in results if (url, unescape(title)) in shown)
        suggested = watch.people.visitor.get(f"/recherche/suggestions/?{asked}").json()["suggestions"]
        yield from (
            f"{question}, suggested: {found['adresse']}"
            for found in suggested
            if (found["adresse"], found["titre"]) in shown
        )


def open_data(watch: Watch) -> Iterable[str]:
    yield from _links(watch, _read(watch.people.visitor, "/donnees-ouvertes/"))


def site_map(watch: Watch) -> Iterable[str]:
    """The one that people read, and the one of search engines."""
    yield from _links(watch, _read(watch.people.visitor, "/plan-du-site/"))
    addresses = re.findall(r"<loc>https?://[^/<]*([^<]*)</loc>", _read(watch.people.visitor, "/sitemap.xml"))
    yield from (found for found in addresses if found in watch.page_urls or belongs(watch.slug, found))


def reception(watch: Watch) -> Iterable[str]:
    text = _read(watch.people.visitor, SPACE)
    yield from _links(watch, text)
    yield from _titles(watch, "home_panels", text)
    if watch.plugin.summary in text:
        yield watch.plugin.summary


def tiles(watch: Watch) -> Iterable[str]:
    for tile in Tile:
        yield from _links(watch, _read(watch.people.parent, f"{SPACE}{tile.value}/"))


def family_home(watch: Watch) -> Iterable[str]:
    child = reverse("portal:child", args=[watch.family.children[0].id])
    for address in (SPACE, child):
        text = _read(watch.people.parent, address)
        yield from _links(watch, text)
        yield from _titles(watch, "family_panels", text)


def reminders(watch: Watch) -> Iterable[str]:
    """What it reminds a family of, on the page and by the API."""
    yield from _links(watch, _read(watch.people.parent, reverse("portal:reminders")))
    answer = watch.people.parent.get("/api/v1/famille/je-pense-a/")
    for reminder in answer.json() if answer.status_code == 200 else ():
        if belongs(watch.slug, reminder["page"]):
            yield reminder["cle"]


def papers(watch: Watch) -> Iterable[str]:
    """Documents that may be made for a family, by the family and by an agent."""
    office = reverse("backoffice:editions", args=[watch.family.id])
    for reader, page in ((watch.people.parent, reverse("portal:editions")), (watch.people.admin, office)):
        yield from re.findall(rf'action="([^"]*/editions/{watch.slug}\.[^"]*)"', _read(reader, page))


def messages(watch: Watch) -> Iterable[str]:
    """Topics that a parent is asked about."""
    answer = watch.people.parent.get("/api/v1/moi/messages/")
    for topic in answer.json()["sujets"] if answer.status_code == 200 else ():
        if topic["sujet"].startswith(f"{watch.slug}."):
            yield topic["sujet"]


def tariffs(watch: Watch) -> Iterable[str]:
    """Grids of what it sells, on the pages of a visitor and of a parent."""
    for reader, page in ((watch.people.visitor, "portal:simulator"), (watch.people.parent, "portal:tariffs")):
        text = _read(reader, reverse(page))
        yield from (
            address for code in watch.sold if (address := reverse("portal:grid", args=[code])) in text
        )


def family_sheet(watch: Watch) -> Iterable[str]:
    """Below the menu, which has its own gate."""
    text = _read(watch.people.admin, reverse("backoffice:family", args=[watch.family.id]))
    yield from _links(watch, text)
    yield from _titles(watch, "family_sheet_panels", text)


def calendar_changes(watch: Watch) -> Iterable[str]:
    """What stands on days that an agent closed."""
    text = _read(watch.people.admin, reverse("backoffice:town_change", args=[watch.closed]))
    yield from _links(watch, text)


def office_menu(watch: Watch) -> Iterable[str]:
    """The menu as Wagtail sends it, and the doors of the first page."""
    yield from _links(watch, _read(watch.people.admin, "/gestion/").replace('"url": "', 'href="'))
    for shown in entries_for(User.objects.get(username="admin")).values():
        yield from (f"entry: {entry.url}" for entry in shown if entry.slug == watch.slug)


# Page types -----------------------------------------------------------------------------------------------------------


def page_creation(watch: Watch) -> Iterable[str]:
    """What editors are offered below each page where it has a place."""
    for model in watch.page_types:
        label, name = model._meta.app_label, model._meta.model_name
        for parent in Page.objects.type(*model.allowed_parent_page_models()).specific():
            offered = _read(watch.people.admin, f"{PAGES_OF_WAGTAIL}/{parent.pk}/add_subpage/")
            form = f"{PAGES_OF_WAGTAIL}/add/{label}/{name}/{parent.pk}/"
            if model.can_create_at(parent) or form in offered or _read(watch.people.admin, form):
                yield f"{model.__name__} below {parent.title}"


def page_display(watch: Watch) -> Iterable[str]:
    for model in watch.page_types:
        for page in model.objects.live():
            if page.url and _shows(watch.people.visitor, page.url):
                yield page.url


def page_lists(watch: Watch) -> Iterable[str]:
    for model in watch.page_types:
        mine = Page.objects.filter(pk__in=model.objects.values("pk"))
        yield from (page.url or page.title for page in live_pages(mine))


def editors(watch: Watch) -> Iterable[str]:
    """Explorer, search, chooser, lists of a type, recent edits, and what one does to a page."""
    for model in watch.page_types:
        label, name = model._meta.app_label, model._meta.model_name
        for page in model.objects.order_by("path")[:1]:
            own = f"{PAGES_OF_WAGTAIL}/{page.pk}"
            shells = [
                f"{PAGES_OF_WAGTAIL}/{page.get_parent().pk}/",
                f"{PAGES_OF_WAGTAIL}/usage/{label}/{name}/",
                f"/gestion/choose-page/{page.get_parent().pk}/",
            ]
            if model is watch.page_types[0]:  # the same for all
                searched = f"search/?q={page.title}"
                shells += [f"{PAGES_OF_WAGTAIL}/{searched}", f"/gestion/choose-page/{searched}", "/gestion/"]
            for shell in shells:
                if re.search(
                    rf"{own}/|data-chooser-modal-choice[^>]*{re.escape(page.title)}", _tell(watch, shell)
                ):
                    yield f"{shell} shows {page.title}"
            for act in ("edit", "history", "move"):
                if _shows(watch.people.admin, f"{own}/{act}/"):
                    yield f"{own}/{act}/"


def _tell(watch: Watch, shell: str) -> str:
    """A page or the pieces of one that a script asks for."""
    return _read(watch.people.admin, shell).replace('\\"', '"').replace("\\n", " ")


# What runs by itself --------------------------------------------------------------------------------------------------


def periodic_jobs(watch: Watch) -> Iterable[str]:
    """But for those that end what has begun."""
    mine = [entry for entry in jobs.entries() if entry.slug == watch.slug]
    yield from (entry.key for entry in mine if not entry.job.runs_while_off)


def requests(watch: Watch) -> Iterable[str]:
    """Kinds of request that a family may make and an agent accept."""
    yield from (code for code in kinds.every() if code.startswith(f"{watch.slug}."))


def events(watch: Watch) -> Iterable[str]:
    for spec in manager.specifications("notify"):
        if watch.slug in calls.listeners(spec):
            yield spec.__name__


def questions(watch: Watch) -> Iterable[str]:
    """Hooks that would be called: what is shown, what is billed, what is exported."""
    alone = [plugin for plugin in state.enabled() if plugin.slug == watch.slug]
    for spec in manager.specifications("collect", "strict"):
        implementation = manager.implementation(spec.__name__, watch.slug)
        if implementation is None:
            continue
        asked: list[str] = []

        def answer(*args: object, told: list[str] = asked, name: str = spec.__name__) -> list[Any]:
            told.append(name)
            return []

        with patch.object(implementation, "function", answer), patch.object(state, "enabled", lambda: alone):
            nothing = dict.fromkeys(inspect.signature(spec).parameters)
            if spec.parvis_kind == "collect":  # type: ignore[attr-defined]
                calls.collect(spec, **nothing)
            else:
                list(calls.strict(spec, **nothing))
        yield from asked


@cache
def _signals() -> list[Signal]:
    return [found for found in gc.get_objects() if issubclass(type(found), Signal)]


def signals(watch: Watch) -> Iterable[str]:
    """A receiver stands behind no gate, so a plugin has none: `notify` hooks are told instead."""
    receivers = [
        found
        for signal in _signals()
        for _key, receiver, *_ in signal.receivers or ()
        if (found := receiver() if isinstance(receiver, ReferenceType) else receiver) is not None
    ]
    assert len(receivers) > 5
    return _of(watch, receivers)


def wagtails_hooks(watch: Watch) -> Iterable[str]:
    """Nor does one of Wagtail's hooks: screens stand in their place."""
    return _of(watch, [hook for found in wagtail_hooks._hooks.values() for hook, _order in found])


def _of(watch: Watch, functions: Iterable[Any]) -> Iterable[str]:
    for function in map(inspect.unwrap, functions):
        module = getattr(function, "__module__", "") or ""
        if module.startswith(f"plugins.{watch.slug}."):
            yield f"{module}.{getattr(function, '__qualname__', function)}"


# The table ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gate:
    """`closed_by` is what closes it, a dotted name. A plugin that implements `hook` shows something there while on."""

    look: Callable[[Watch], Iterable[str]]
    closed_by: str
    hook: str = ""

    def traces(self, watch: Watch) -> set[str]:
        return set(self.look(watch))


_ADDRESSES = "core.kernel.gates.PluginURLResolver"
_COLLECT = "core.kernel.calls.collect"
_PAGE = "core.pages.plugin_pages.PluginPage"
_NOBODY = "core.testing.conformance.switching"

GATES: dict[str, Gate] = {
    "addresses": Gate(addresses, _ADDRESSES),
    "feeds": Gate(feeds, _ADDRESSES),
    "API": Gate(api, _ADDRESSES),
    "API index": Gate(api_index, "core.api.views.resources"),
    "OpenAPI": Gate(openapi, "core.api.schema.api_only"),
    "site menu": Gate(site_menu, _COLLECT, "site_menu_items"),
    "home page": Gate(home_page, _COLLECT, "home_panels"),
    "search": Gate(searched, _COLLECT, "search_results"),
    "open data": Gate(open_data, _COLLECT, "open_data"),
    "map of the site": Gate(site_map, _COLLECT),
    "reception": Gate(reception, _COLLECT, "home_panels"),
    "tiles": Gate(tiles, _COLLECT, "family_tiles"),
    "family home": Gate(family_home, _COLLECT, "family_panels"),
    "reminders": Gate(reminders, _COLLECT, "notices"),
    "editions": Gate(papers, _COLLECT, "issuable_documents"),
    "messages": Gate(messages, "core.notifications.preferences.shown", "notification_topics"),
    "tariffs": Gate(tariffs, _COLLECT, "priced_services"),
    "family sheet": Gate(family_sheet, _COLLECT, "family_sheet_panels"),
    "calendar changes": Gate(calendar_changes, _COLLECT, "affected_by_calendar"),
    "back-office menu": Gate(office_menu, "core.backoffice.screens.Entry.is_shown", "backoffice_screens"),
    "back-office screens": Gate(offices, "core.backoffice.wagtail_hooks.ViewSetResolver"),
    "page creation": Gate(page_creation, f"{_PAGE}.can_create_at"),
    "page display": Gate(page_display, f"{_PAGE}.route"),
    "page lists": Gate(page_lists, "core.pages.plugin_pages.live_pages"),
    "page editors": Gate(editors, "core.pages.wagtail_hooks"),
    "requests": Gate(requests, "core.requests.kinds.every", "request_kinds"),
    "periodic jobs": Gate(periodic_jobs, "core.kernel.jobs.entries"),
    "events": Gate(events, "core.kernel.calls.listeners", "on_invoice_issued"),
    "questions": Gate(questions, "core.kernel.calls"),
    "signals": Gate(signals, _NOBODY),
    "Wagtail's hooks": Gate(wagtails_hooks, _NOBODY),
}
