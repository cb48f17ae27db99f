"""Every address declares its rule, and answers each person as the rule says."""

from collections import deque
from collections.abc import Iterable
from itertools import islice

from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve

from core.contracts.plugin import Plugin
from core.testing.conformance.context import People, rule
from core.testing.routes import Route, identifiers, links, routes_of

__all__ = [
    "test_each_address_answers_each_person_as_its_rule_says",
    "test_each_address_declares_its_rule",
    "test_what_one_agent_sees_is_nothing_to_another",
    "test_what_one_family_sees_is_nothing_to_another",
]

AT_MOST = 3
"""Objects that are looked at behind one route."""

SHELLS = ("/espace-famille/", "/gestion/")
FORM = "application/x-www-form-urlencoded"


@rule("access")
def test_each_address_declares_its_rule(plugin: Plugin) -> None:
    assert [route.address for route in routes_of(plugin.slug) if route.rule is None] == []


@rule("access")
def test_each_address_answers_each_person_as_its_rule_says(plugin: Plugin, people: People) -> None:
    wrong = [
        f"{route.rule.name} {route.address}: {reason}"
        for route in routes_of(plugin.slug)
        if route.rule and not route.is_pattern
        for reason in _wrong(route, people)
    ]
    assert wrong == []


def _wrong(route: Route, people: People) -> Iterable[str]:
    """How the answers of one route differ from its rule."""
    assert route.rule
    address = route.sample()
    got = {name: _status(getattr(people, name), address) for name in people.__dataclass_fields__}
    name = route.rule.name.removeprefix("api:")
    if name.startswith("agent:"):
        got["entitled"] = _status(people.agent(name.removeprefix("agent:")), address)
    known = {"here"} if route.is_plain else {"nowhere", "here"}
    refused = {"unauthorised" if route.in_api else "sign in"}
    expected: dict[str, set[str]] = {
        "public": dict.fromkeys(got, known),
        "signed-in": dict.fromkeys(got, known) | {"visitor": refused},
        "family": {
            "visitor": refused,
            "parent": known,
            "neighbour": known,
            "newcomer": {"forbidden"} if route.in_api else {"elsewhere"},
        },
    }.get(name) or {
        "visitor": refused,
        "parent": {"nowhere"},
        "newcomer": {"nowhere"},
        "bystander": {"nowhere"},
        "entitled": known,
    }
    for who, answers in expected.items():
        allowed = answers | {"elsewhere"} if "here" in answers else answers
        if got[who] not in allowed:
            yield f"{who} gets “{got[who]}”, not “{' or '.join(sorted(answers))}”"


def _status(client: Client, address: str) -> str:
    """What somebody gets, in a word; where GET is refused, with the method that is asked for."""
    answer = client.get(address)
    if answer.status_code == 405 and "POST" in answer.get("Allow", ""):
        answer = client.post(address, content_type="application/json" if "/api/" in address else FORM)
    return _word(answer)


def _word(answer: HttpResponseBase) -> str:
    match answer.status_code:
        case 302 if answer["Location"].startswith("/connexion/"):
            return "sign in"
        case 301 | 302 | 303:
            return "elsewhere"
        case 401:
            return "unauthorised"
        case 403:
            return "forbidden"
        case 404:
            return "nowhere"
        case status if status >= 500:
            return f"error {status}"
    return "here"


@rule("access")
def test_what_one_family_sees_is_nothing_to_another(plugin: Plugin, people: People) -> None:
    """What a parent's pages lead or post to, and the neighbour's do not, is 404 to the neighbour."""
    theirs = _objects(plugin, people.parent, "family") - _objects(plugin, people.neighbour, "family")
    assert _shown(theirs, people.neighbour) == []


@rule("access")
def test_what_one_agent_sees_is_nothing_to_another(plugin: Plugin, people: People) -> None:
    """Screens of agents, found as the administrator, are 404 to a parent and to an agent without the right."""
    theirs = _objects(plugin, people.admin, "agent:")
    assert _shown(theirs, people.parent) == []
    assert _shown(theirs, people.bystander) == []


def _shown(addresses: set[str], outsider: Client) -> list[str]:
    """Those that answer something else than 404; a method that is not allowed tells nothing."""
    return [
        address
        for address in sorted(addresses)
        for answer in (outsider.get(address), outsider.post(address, content_type=FORM))
        if answer.status_code not in (404, 405)
    ]


def _objects(plugin: Plugin, client: Client, rule_name: str) -> set[str]:
    """Addresses of single objects of a plugin, under one kind of rule, that somebody's own pages and answers show."""
    routes = [
        route
        for route in routes_of(plugin.slug)
        if route.rule and route.rule.name.removeprefix("api:").startswith(rule_name)
    ]
    plain = [route.address for route in routes if route.is_plain]
    shells = [shell for shell in SHELLS if _word(client.get(shell)) == "here"]
    waiting = deque([*shells, *(address for address in plain if not address.startswith("/api/"))])
    found: dict[str, set[str]] = {route.address: set() for route in routes}
    while waiting:
        answer = client.get(waiting.popleft())
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        for link in sorted(links(answer.content.decode())):
            known = _among(routes, link)
            if known and link not in found[known.address] and len(found[known.address]) < AT_MOST:
                found[known.address].add(link)
                waiting.append(link)
    answers = (client.get(address) for address in plain if address.startswith("/api/"))
    seen = {
        found
        for answer in answers
        if answer.status_code == 200
        for found in identifiers(answer.content.decode())
    }
    for route in routes:
        if route.in_api and route.address.count("<") == 1:
            candidates = (route.filled(identifier) for identifier in sorted(seen))
            found[route.address] = set(
                islice((a for a in candidates if client.get(a).status_code == 200), AT_MOST)
            )
    return {address for addresses in found.values() for address in addresses}


def _among(routes: list[Route], address: str) -> Route | None:
    """The route that leads to this one object, if it is one of these."""
    try:
        match = resolve(address)
    except Resolver404:
        return None
    return next((route for route in routes if match.kwargs and route.view is match.func), None)
