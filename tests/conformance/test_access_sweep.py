"""Every route of the house, core's and those that it mounts of others, answers each profile as its rule says.

The routes of plugins are swept by their own kit (`test_plugins.py`), with the same profiles.
"""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, path

from core.accounts.models import User
from core.families.reach import reached
from core.kernel.access import agent
from core.testing.conformance.addresses import expected
from core.testing.conformance.context import ELSEWHERE, HERE, PROFILES, People, fresh_memory, people, town
from core.testing.routes import AT_MOST, Route, answer, every_route, objects, shown
from parvis import urls as root
from tests.conformance.test_access_rules import is_third_party

__all__ = ["fresh_memory", "people", "town"]

SHELLS = ("/espace-famille/", "/espace-famille/ma-famille/", "/espace-famille/mon-espace/", "/gestion/")

OF_OTHERS = (
    ("/gestion/", "office"),
    ("/connexion/", "door"),
    ("/deconnexion/", "door"),
    ("/compte/", "door"),
    ("/_util/", "door"),
    ("/documents/", "public"),
    ("/images/", "public"),
    ("/api/v1/", "public"),
    ("/", "public"),
)
"""What we mount of Wagtail and of allauth, by the beginning of its address: the first that fits. An office is closed to
whoever is no agent, and Wagtail asks agents for its own rights; behind a door, allauth asks who one is."""


STRANGERS = ("parent", "neighbour", "newcomer", "second", "delegate")

OFFICE = ("visitor", *STRANGERS)
"""Those whom Wagtail's own screens are closed to; what it shows to agents is its affair."""


def rule_of(route: Route) -> str:
    if route.rule:
        return route.rule.name
    return next(name for prefix, name in OF_OTHERS if route.address.startswith(prefix))


def faults(route: Route, people: People) -> Iterator[str]:
    """How the answers of a route differ from its rule, for each profile."""
    address, name = route.sample(), rule_of(route)
    asked = OFFICE if name == "office" else PROFILES
    got = {who: answer(getattr(people, who), address) for who in asked}
    if name == "office":
        allowed = {who: {"nowhere"} for who in STRANGERS} | {"visitor": {"sign in"}}
    elif name in ("door", "public"):
        allowed = {}
    else:
        allowed = expected(route)
    for who, word in got.items():
        if word.startswith("error") or (who in allowed and word not in allowed[who]):
            yield f"{name} {address}: {who} gets “{word}”"


@pytest.fixture(autouse=True)
def errors_are_answers(people: People) -> None:
    for who in PROFILES:
        getattr(people, who).raise_request_exception = False


def core_routes() -> list[Route]:
    """But a page of Wagtail that shows what an error looks like. Those that sign out come last."""
    found = [route for route in every_route() if route.slug is None and not route.is_pattern]
    kept = [route for route in found if route.address != "/gestion/failwhale/"]
    return sorted(kept, key=lambda route: "logout" in route.name)


def test_every_route_of_core_answers_each_profile_as_its_rule_says(people: People) -> None:
    routes = core_routes()
    assert [fault for route in routes for fault in faults(route, people)] == []
    ours = [route for route in routes if not is_third_party(route.view)]
    assert len(PROFILES) == 10
    assert len(ours) >= 60
    assert len(routes) >= 250, "Wagtail's and allauth's are swept too"


def test_a_planted_route_that_forgets_its_guard_turns_the_sweep_red(people: People) -> None:
    def forgetful(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    guarded = agent("families.view_family")(lambda request: HttpResponse())
    forgetful.access_rule = guarded.access_rule  # type: ignore[attr-defined]
    root.urlpatterns[:0] = [path("plante/", forgetful), path("garde/", guarded)]
    clear_url_caches()
    try:
        found = {
            route.address: list(faults(route, people))
            for route in core_routes()
            if route.address in ("/plante/", "/garde/")
        }
    finally:
        del root.urlpatterns[:2]
        clear_url_caches()
    assert len(found["/plante/"]) == 7, "all but those who hold the right"
    assert found["/garde/"] == []


def test_objects_of_core_belong_to_one_family_and_to_the_agents_of_their_site(people: People) -> None:
    ours = [route for route in core_routes() if not is_third_party(route.view)]

    def seen(who: str, kind: str) -> set[str]:
        routes = [r for r in ours if rule_of(r).removeprefix("api:").startswith(kind)]
        return objects(routes, getattr(people, who), SHELLS)

    hers = seen("parent", "family") - seen("neighbour", "family")
    assert len(hers) >= 2
    for outsider in ("neighbour", "newcomer", "bystander", "admin"):
        assert [
            address for address in sorted(hers) if answer(getattr(people, outsider), address) == "here"
        ] == []
    assert shown(hers, people.neighbour) == []
    offices = seen("admin", "agent:")
    assert len(offices) >= 5
    for outsider in ("parent", "delegate", "second", "bystander"):
        assert shown(offices, getattr(people, outsider)) == []
    assert_families_of_a_site_are_nothing_on_another(ours, people)


def assert_families_of_a_site_are_nothing_on_another(ours: list[Route], people: People) -> None:
    here, elsewhere = (reached(User.objects.get(username=f"agent-{code}")) for code in (HERE, ELSEWHERE))
    theirs = list(here.exclude(pk__in=elsewhere.values("pk")).values_list("pk", flat=True)[:AT_MOST])
    about_families = [
        route for route in ours if "<uuid:family_id>" in route.address and route.address.count("<") == 1
    ]
    addresses = {route.filled(str(pk)) for route in about_families for pk in theirs}
    assert len(addresses) >= AT_MOST
    assert shown(addresses, people.elsewhere) == []
    assert [
        word for word in (answer(people.here, address) for address in addresses) if word == "nowhere"
    ] == []
