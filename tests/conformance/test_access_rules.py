"""Every route of ours declares who may open it. A route without a rule turns this red."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from core.kernel.access import public
from core.testing.routes import Route, every_route, rule_declared_by

THIRD_PARTIES = ("wagtail", "allauth", "django.", "drf_spectacular", "modelcluster")
"""Their views carry their own checks; ours around them are tested where they are mounted."""


def is_third_party(view: Any) -> bool:
    view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
    return (view_class or view).__module__.startswith(THIRD_PARTIES)


def without_rule(routes: Iterable[Route]) -> tuple[int, list[str]]:
    ours = [route for route in routes if not is_third_party(route.view)]
    return len(ours), [route.address for route in ours if route.rule is None]


def test_every_route_declares_its_rule() -> None:
    swept, holes = without_rule(every_route())
    assert holes == []
    assert swept >= 40


def test_a_planted_route_without_a_rule_is_found() -> None:
    def planted(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    views = {"/x/": planted, "/y/": public(planted)}
    found = [Route(address, "", view, None, rule_declared_by(view)) for address, view in views.items()]
    assert without_rule(found) == (2, ["/x/"])


@pytest.mark.django_db
def test_private_addresses_tell_a_visitor_nothing(client: Any) -> None:
    swept = 0
    for address in (route.address for route in every_route() if route.is_plain):
        if address.startswith(("/espace-famille/", "/gestion/")) and address not in (
            "/espace-famille/",
            "/espace-famille/tarifs/",
            "/espace-famille/tarifs/simulateur/",
            "/gestion/login/",
        ):
            swept += 1
            answer = client.get(address)
            assert answer.status_code == 302, address
            assert answer.url.startswith("/connexion/"), address
    assert swept >= 15
