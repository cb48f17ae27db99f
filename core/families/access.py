"""Access rule of the Espace Famille: somebody signed in, with a family."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.contracts.family import FamilyContext
from core.families.selectors import context_of
from core.kernel import clock
from core.kernel.access import AccessRule, rule, sign_in

_UNREAD = object()


def current(request: HttpRequest) -> FamilyContext | None:
    """The household of the person who is signed in, loaded once per request; None for a visitor or without a family."""
    context = getattr(request, "_family_context", _UNREAD)
    if context is _UNREAD:
        user = request.user
        context = context_of(user, clock.today()) if user.is_authenticated else None
        request._family_context = context  # type: ignore[attr-defined]
    return context  # type: ignore[return-value]


def family_of(request: HttpRequest) -> FamilyContext:
    """The same inside a view under `family_only`, where there is one."""
    context = current(request)
    if context is None:
        raise LookupError("this view is not under the family rule")
    return context


def _check(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return sign_in(request)
    return None if current(request) else redirect("portal:no_family")


FAMILY = AccessRule("family", _check)
family_only = rule(FAMILY)
