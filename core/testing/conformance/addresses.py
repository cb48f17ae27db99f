"""Every address declares its rule, and answers each person as the rule says."""

from collections.abc import Iterable

from django.test import Client

from core.accounts.roles import EVERYWHERE
from core.accounts.trades import AGENT
from core.contracts.plugin import Plugin
from core.testing.conformance.context import PROFILES, People, rule
from core.testing.routes import Route, answer, objects, routes_of, shown

__all__ = [
    "test_each_address_answers_each_person_as_its_rule_says",
    "test_each_address_declares_its_rule",
    "test_what_one_agent_sees_is_nothing_to_another",
    "test_what_one_family_sees_is_nothing_to_another",
]

SHELLS = ("/espace-famille/", "/gestion/")


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
    got = {name: answer(getattr(people, name), address) for name in PROFILES}
    for who, answers in expected(route).items():
        if got[who] not in answers:
            yield f"{who} gets “{got[who]}”, not “{' or '.join(sorted(answers))}”"
    name = route.rule.name.removeprefix("api:")
    if name.startswith("agent:"):
        entitled = answer(people.agent(name.removeprefix("agent:").removesuffix(EVERYWHERE)), address)
        if entitled not in _open(route):
            yield f"entitled gets “{entitled}”"


def _open(route: Route) -> set[str]:
    """What somebody gets who may open it, where the object may be missing."""
    return {"here", "elsewhere"} if route.is_plain else {"nowhere", "here", "elsewhere"}


def expected(route: Route) -> dict[str, set[str]]:
    """The answers that the rule of a route allows to each profile."""
    assert route.rule
    known, refused = _open(route), {"unauthorised" if route.in_api else "sign in"}
    kind, _, what = route.rule.name.removeprefix("api:").partition(":")
    if kind == "public":
        return dict.fromkeys(PROFILES, known)
    if kind == "signed-in":  # what is asked for may be missing from the form
        return dict.fromkeys(PROFILES, known | {"nowhere"}) | {"visitor": refused}
    if kind == "family":
        lost = {"forbidden"} if route.in_api else {"elsewhere"}
        found = dict.fromkeys(PROFILES, lost) | {"visitor": refused, "parent": known, "neighbour": known}
        # The kit's second guardian and its delegate were given the planning and booking, nothing else.
        may = known if what in ("planning", "reserver") else {"nowhere"}
        return found | {"second": known if not what else may, "delegate": may}
    sited = set() if what.endswith(EVERYWHERE) else {"here", "elsewhere"}
    entitled = sited | {"admin"} | ({"bystander"} if what == AGENT else set())
    return {who: known if who in entitled else {"nowhere"} for who in PROFILES} | {"visitor": refused}


@rule("access")
def test_what_one_family_sees_is_nothing_to_another(plugin: Plugin, people: People) -> None:
    """What a parent's pages lead or post to, and the neighbour's do not, is 404 to the neighbour."""
    theirs = _objects(plugin, people.parent, "family") - _objects(plugin, people.neighbour, "family")
    assert shown(theirs, people.neighbour) == []


@rule("access")
def test_what_one_agent_sees_is_nothing_to_another(plugin: Plugin, people: People) -> None:
    """Screens of agents, found as the administrator, are 404 to a parent and to an agent without the right."""
    theirs = _objects(plugin, people.admin, "agent:")
    assert shown(theirs, people.parent) == []
    assert shown(theirs, people.bystander) == []


def _objects(plugin: Plugin, client: Client, rule_name: str) -> set[str]:
    """Addresses of single objects of a plugin, under one kind of rule, that somebody's own pages and answers show."""
    routes = [
        route
        for route in routes_of(plugin.slug)
        if route.rule and route.rule.name.removeprefix("api:").startswith(rule_name)
    ]
    return objects(routes, client, SHELLS)
