"""Every form of the house, filled wrongly by whoever may open it: it answers in French and keeps what was typed.

Forms are found on the pages that a visitor, a parent and an agent reach from their first ones; each is posted with text
that breaks naive code, with dates that do not exist, then with nothing at all, and by somebody whose session has ended.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from core.testing.conformance.context import People, fresh_memory, people, town
from core.testing.routes import links

__all__ = ["fresh_memory", "people", "town"]

DOORS = {
    "visitor": ("/", "/connexion/", "/espace-famille/"),
    "parent": ("/espace-famille/", "/espace-famille/ma-famille/", "/espace-famille/mon-espace/", "/compte/"),
    "admin": ("/gestion/",),
}
OURS = re.compile(
    r"^/(gestion|espace-famille|connexion|compte|demandes|ouvrir|activer|inscription|facturation)/|^/$"
)
NOT_OURS = re.compile(
    r"^/gestion/(pages|images|documents|snippets|redirects|workflows|collections|sites|locales|account|reports|"
    r"tasks|forms|composants|styleguide|searchpicks|choose-|logout|bulk|listing|sprite|jsi18n|api|search)|"
    r"/deconnexion/|/logout|/langue/|\.(pdf|csv|xlsx|css|js|ics|xml)$|/export"
)
"""Wagtail's own screens have its own tests; files have no form."""

NASTY = "O'Brien <b>é</b> 🌻 مرحبا"
WRONG = {
    "date": "2020-00-00",
    "month": "2020-00",
    "time": "25:99",
    "datetime-local": "2020-00-00T25:00",
    "email": "claire@",
    "number": "douze",
    "tel": "12",
    "url": "pas une adresse",
}
FOLLOWED = 400
"""Pages at most, per person."""

ENGLISH = re.compile(
    r"\b(This field|Enter a|Select a valid|is required|Ensure this|must be|already exists|is not a valid|Please)\b"
)
FAULT = re.compile(
    r'role="alert"|errorlist|invalid-feedback|aria-invalid="true"|help-critical|messages|toast|alert'
)


@dataclass
class Form:
    """A form of a page: where it posts, its fields as a browser would send them, their types."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    files: bool = False

    @property
    def typed(self) -> list[str]:
        return [name for name, kind in self.types.items() if kind in ("text", "textarea", "search", *WRONG)]


class Forms(HTMLParser):
    """The forms that a page posts."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found = address, []  # type: ignore[var-annotated]
        self._form: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = None
            if given.get("method", "").lower() == "post":
                self._form = Form(unescape(given.get("action", "")).partition("#")[0] or self.address)
                self.found.append(self._form)
        if self._form is None or "disabled" in given:
            return
        name = given.get("name", "")
        if "required" in given:
            self._form.required.add(name)
        if tag == "input" and name:
            kind = given.get("type", "text")
            self._form.files |= kind == "file"
            if kind in ("checkbox", "radio"):
                if "checked" in given or (kind == "radio" and name not in self._form.values):
                    self._form.values[name] = given.get("value", "on")
            elif kind not in ("submit", "button", "file", "image"):
                self._form.values[name] = given.get("value", "")
                self._form.types[name] = kind
        elif tag == "textarea" and name:
            self._area = name
            self._form.values[name], self._form.types[name] = "", "textarea"
        elif tag == "select":
            self._select = name
        elif (
            tag == "option"
            and self._select
            and ("selected" in given or (given.get("value") and not self._form.values.get(self._select)))
        ):
            self._form.values[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._form and self._area:
            self._form.values[self._area] += data


def forms_of(client: Client, doors: tuple[str, ...]) -> Iterator[Form]:
    """The forms of every page that is reached from these, one page a route, one form an address and set of fields."""
    waiting, routes, seen = deque(doors), set(), set()
    visited = 0
    while waiting and visited < FOLLOWED:
        address = waiting.popleft()
        page = client.get(address)
        if page.status_code != 200 or not page.get("Content-Type", "").startswith("text/html"):
            continue
        visited += 1
        text = page.content.decode()
        parser = Forms(address)
        parser.feed(text)
        for form in parser.found:
            key = (_route(form.action), tuple(sorted(form.types)))
            if OURS.match(form.action) and not NOT_OURS.search(form.action) and key not in seen:
                seen.add(key)
                yield form
        for link in sorted(links(text)):
            route = _route(link)
            if OURS.match(link) and not NOT_OURS.search(link) and route and route not in routes:
                routes.add(route)
                waiting.append(link)


def _route(address: str) -> str:
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return ""
    return f"{match.route}"


def faults(client: Client, form: Form) -> Iterator[str]:
    """What is wrong with the answers of one form."""
    odd = {name: WRONG.get(form.types[name], NASTY) for name in form.typed}
    nothing = dict.fromkeys(form.typed, "")
    letter = {name: WRONG.get(form.types[name], "Y") for name in form.typed}
    for typed in (odd, letter, nothing):
        with transaction.atomic():
            answer = client.post(form.action, form.values | typed)
            transaction.set_rollback(True)
        told = f"{form.action} {sorted(typed)}: {answer.status_code}"
        if answer.status_code not in (200, 302, 303, 400, 404, 409, 422):
            yield told
            continue
        if answer.status_code not in (200, 400, 409, 422):
            continue  # taken, or led elsewhere with a message
        page = answer.content.decode()
        if "<b>é</b>" in page:
            yield f"{told}: written as a tag"
        if english := ENGLISH.search(page):
            yield f"{told}: {page[english.start() - 60 : english.end() + 60]!r}"
        may_be_empty = typed is nothing and form.required.isdisjoint(typed)
        if not may_be_empty and not FAULT.search(page):
            yield f"{told}: says nothing"
        for name, value in typed.items():
            if value and form.types[name] != "search" and unescape(page).count(value) == 0:
                yield f"{told}: forgets {name}={value!r}"


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "least"), [("visitor", 5), ("parent", 5), ("admin", 40)])
def test_each_form_posted_wrongly_says_so_and_keeps_what_was_typed(
    people: People, who: str, least: int
) -> None:
    client: Client = getattr(people, who)
    client.raise_request_exception = False
    found = list(forms_of(client, DOORS[who]))
    with_text = [form for form in found if form.typed]
    assert "\n".join(fault for form in with_text for fault in faults(client, form)) == ""
    assert len(with_text) >= least


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["parent", "admin"])
def test_a_session_that_ended_in_mid_form_leads_to_the_door(people: People, who: str) -> None:
    found = list(forms_of(getattr(people, who), DOORS[who]))
    swept, wrong = 0, []
    for form in found:
        if people.visitor.get(form.action).status_code == 200:
            continue  # for everybody, signed in or not
        answer = people.visitor.post(form.action, form.values)
        swept += 1
        led = answer.status_code in (302, 303) and answer["Location"].startswith(("/connexion/", "/compte/"))
        if (
            not led
            and answer.status_code not in (404, 405)
            and not form.action.startswith(("/connexion/", "/compte/"))
        ):
            wrong.append(f"{form.action}: {answer.status_code} {answer.get('Location')}")
    assert "\n".join(wrong) == ""
    assert swept >= 5
