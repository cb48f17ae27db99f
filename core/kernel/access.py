"""Who may open an address: every view carries one rule, declared beside it; a test fails on a view without one.

    @agent("enfance.view_session")
    def sessions(request): ...

A visitor gets the sign-in page; somebody who is signed in but not entitled gets 404, so that nothing is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

Check = Callable[[HttpRequest], HttpResponse | None]
"""Returns None to let the request pass, or the answer to give; may raise Http404."""


@dataclass(frozen=True, slots=True)
class AccessRule:
    """`name` is what the tables of routes show: public, signed-in, family, agent:app.codename…"""

    name: str
    check: Check


def rule(access: AccessRule) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a view function with its rule. For a class, decorate the result of `as_view()`."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            return access.check(request) or view(request, *args, **kwargs)

        guarded.access_rule = access  # type: ignore[attr-defined]
        return guarded

    return decorate


def sign_in(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path())


def _check_signed_in(request: HttpRequest) -> HttpResponse | None:
    return None if request.user.is_authenticated else sign_in(request)


PUBLIC = AccessRule("public", lambda request: None)
SIGNED_IN = AccessRule("signed-in", _check_signed_in)

public = rule(PUBLIC)
signed_in = rule(SIGNED_IN)


def is_agent(user: Any) -> bool:
    """An agent is somebody who may open the back office."""
    return bool(user.is_authenticated and user.has_perm("wagtailadmin.access_admin"))


def agent_rule(permission: str) -> AccessRule:
    def check(request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return sign_in(request)
        if not (is_agent(request.user) and request.user.has_perm(permission)):
            raise Http404
        return None

    return AccessRule(f"agent:{permission}", check)


def agent(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return rule(agent_rule(permission))
