"""Every route of ours declares who may open it. A route without a rule turns this red."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from core.api.permissions import rule_of
from core.kernel.access import AccessRule, public

THIRD_PARTIES = ("wagtail", "allauth", "django.", "drf_spectacular", "modelcluster")
"""Their views carry their own checks; ours around them are tested where they are mounted."""


def routes(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from routes(pattern, address)


def is_third_party(view: Any) -> bool:
    view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
    return (view_class or view).__module__.startswith(THIRD_PARTIES)


def without_rule(found: Iterator[tuple[str, Any]]) -> tuple[int, list[str]]:
    swept, holes = 0, []
    for address, view in found:
        if is_third_party(view):
            continue
        swept += 1
        view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
        rule = getattr(view, "access_rule", None) or getattr(view_class, "access_rule", None) or rule_of(view)
        if not isinstance(rule, AccessRule):
            holes.append(f"{address} ({getattr(view, '__qualname__', view)})")
    return swept, holes


def test_every_route_declares_its_rule() -> None:
    swept, holes = without_rule(routes(get_resolver()))
    assert holes == []
    assert swept >= 40


def test_a_planted_route_without_a_rule_is_found() -> None:
    def planted(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    holes = without_rule(iter([("/x/", planted), ("/y/", public(planted))]))
    assert holes[0] == 2
    assert len(holes[1]) == 1


@pytest.mark.django_db
def test_private_addresses_tell_a_visitor_nothing(client: Any) -> None:
    swept = 0
    for address, _ in routes(get_resolver()):
        if "<" in address or "(" in address or "^" in address:
            continue
        if address.startswith(("/espace-famille/", "/gestion/")) and address not in (
            "/espace-famille/",
            "/espace-famille/tarifs/",
            "/gestion/login/",
        ):
            swept += 1
            answer = client.get(address)
            assert answer.status_code == 302, address
            assert answer.url.startswith("/connexion/"), address
    assert swept >= 15
