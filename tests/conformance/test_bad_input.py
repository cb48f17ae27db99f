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
from django.apps import apps
from django.db import connection, transaction
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
    """A form of a page: where it is, where it posts, its fields as a browser would send them, their types."""

    page: str
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
                self._form = Form(
                    self.address, unescape(given.get("action", "")).partition("#")[0] or self.address
                )
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


# Twice, and too late --------------------------------------------------------------------------------------------------

PLAUSIBLE = {
    "date": "2026-12-03", "month": "2026-11", "time": "10:00", "datetime-local": "2026-12-03T10:00", "number": "3",
    "email": "essai@example.org", "tel": "05 57 80 81 81", "url": "https://example.org/", "text": "3",
    "textarea": "Essai",
}  # fmt: skip
MACHINERY = (
    "sessions",
    "usersessions",
    "wagtailcore",
    "django_tasks_database",
    "modelsearch",
    "wagtailsearch",
)
"""Applications whose rows say that something was tried, not what came of it."""
AGAIN = {
    "compte/jetons/": "each time a token of its own, shown once, listed and revoked",
    "gestion/facturation/calculs/nouveau/": "a month is computed again; what one run drafted no other drafts",
    "gestion/tarifs/composer/": "each time a sketch of its own",
    "gestion/tarifs/<uuid:version_id>/reprendre/": "each time a sketch of its own",
    "gestion/agents/<uuid:user_id>/second-facteur/": "an act of safety is journalled each time",
    "gestion/activations/<uuid:guardian_id>/": "a code takes the place of the former one",
    "gestion/activations/<uuid:guardian_id>/lettre/": "a code takes the place of the former one",
    "gestion/familles/<uuid:family_id>/enfants/<uuid:child_id>/decisions/": "each reading is journalled",
}
"""Forms by which the same thing may be wanted twice, by the route that they post to, and why."""
OVERTAKEN = re.compile(r"a changé|a modifié|entre-temps|pendant que vous")


def filled(form: Form) -> dict[str, str]:
    """As somebody would send it who fills only what is empty and asked for."""
    empty = {name for name in form.required if not form.values.get(name)}
    return form.values | {name: PLAUSIBLE.get(form.types.get(name, ""), "") for name in empty}


def rows() -> dict[str, int]:
    """How many rows each table of the house has."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in MACHINERY and model._meta.managed and not model._meta.proxy
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', COUNT(*) FROM {name}" for name in tables))
        return dict(cursor.fetchall())


def twice(client: Client, form: Form) -> tuple[bool, str]:
    """Whether a form writes something, and what is wrong when it is sent a second time."""
    sent = filled(form)
    with transaction.atomic():
        before = rows()
        first = client.post(form.action, sent)
        once = rows()
        again = client.post(form.action, sent)
        after = rows()
        transaction.set_rollback(True)
    more = {name: after[name] - once[name] for name in after if after[name] > once[name]}
    broken = max(first.status_code, again.status_code) >= 500
    fault = f"{form.action}: {first.status_code}, {again.status_code}, {more}" if more or broken else ""
    return once != before, fault


def changes(form: Form) -> Iterator[tuple[str, str, str]]:
    """A field that shows something, and two other things that one may write there."""
    for name, value in form.values.items():
        kind = form.types.get(name, "")
        if kind in ("text", "textarea") and value and not value.replace(",", "").isdigit():
            yield name, f"{value} bis", f"{value} ter"


def shows(client: Client, form: Form) -> dict[str, str]:
    """What the same form of the page holds now."""
    parser = Forms(form.page)
    parser.feed(client.get(form.page).content.decode())
    same = (
        one for one in parser.found if one.action == form.action and one.types.keys() == form.types.keys()
    )
    return next((one.values for one in same), {})


def late(client: Client, form: Form) -> tuple[bool, str]:
    """Whether a form changes something (what it wrote is what it shows next), and what is wrong when it is sent again
    from a page that was made before."""
    for name, one, other in changes(form):
        with transaction.atomic():
            taken = client.post(form.action, form.values | {name: one})
            kept = taken.status_code in (302, 303) and shows(client, form).get(name) == one
            if kept:
                answer = client.post(form.action, form.values | {name: other})
                lost = shows(client, form).get(name) == other
                told = OVERTAKEN.search(unescape(answer.content.decode()))
            transaction.set_rollback(True)
        if kept:
            return True, f"{form.action} {name}: {answer.status_code}" if lost or not told else ""
    return False, ""


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "writing", "changing"), [("parent", 3, 0), ("admin", 25, 15)])
def test_a_form_that_is_sent_twice_or_too_late_does_no_harm(
    people: People, who: str, writing: int, changing: int
) -> None:
    """One act however often it is sent; nothing written over that somebody else wrote meanwhile."""
    client: Client = getattr(people, who)
    client.raise_request_exception = False
    found = [
        form
        for form in forms_of(client, DOORS[who])
        if not form.files and _route(form.action) not in AGAIN and "search" not in form.types.values()
    ]
    sent = [twice(client, form) for form in found]
    shown = [late(client, form) for form in found]
    assert "\n".join(fault for _did, fault in (*sent, *shown) if fault) == ""
    assert sum(did for did, _fault in sent) >= writing
    assert sum(did for did, _fault in shown) >= changing
