"""Access rules of the Espace Famille: somebody signed in, with a family, who may do there what the page does.

Nothing is open to a delegate, nor to a guardian without the parental authority, unless the view names the act:

    @family_only              guardians
    @family_may(Act.BOOK)     whoever may book for the family: guardians, delegates
    @family_holders           guardians who hold the parental authority
"""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.contracts.family import Act, FamilyContext
from core.families.selectors import Household, Reach, context_in, reach_of
from core.kernel import clock
from core.kernel.access import AccessRule, rule, sign_in

SESSION_KEY = "famille"
PARAMETER = "famille"
"""In the address of an operation of the API: the household that it is about, where the account has several."""

_UNREAD = object()


def _reach(request: HttpRequest) -> Reach:
    found: Reach | None = getattr(request, "_family_reach", None)
    if found is None:
        user = request.user
        found = reach_of(user, clock.today()) if user.is_authenticated else Reach((), ())
        request._family_reach = found  # type: ignore[attr-defined]
    return found


def households(request: HttpRequest) -> tuple[Household, ...]:
    """The households of the person who is signed in, read once per request."""
    return _reach(request).households


def _chosen(request: HttpRequest) -> UUID | None:
    session = getattr(request, "session", None)
    try:
        return UUID(session[SESSION_KEY]) if session is not None and SESSION_KEY in session else None
    except ValueError:
        return None


def current(request: HttpRequest) -> FamilyContext | None:
    """The household that this request is about, loaded once; None for a visitor or without a family.

    Where the account has several, it is the one chosen in this session, as long as it may still be.
    """
    context = getattr(request, "_family_context", _UNREAD)
    if context is _UNREAD:
        context = context_in(_reach(request), clock.today(), _chosen(request))
        request._family_context = context  # type: ignore[attr-defined]
    return context  # type: ignore[return-value]


def contexts(request: HttpRequest) -> tuple[FamilyContext, ...]:
    """Every household of the account, the one that this request is about first; none for a visitor."""
    chosen = current(request)
    if chosen is None:
        return ()
    shown = chosen.mandate.id if chosen.mandate else chosen.id
    others = (household.key for household in households(request) if household.key != shown)
    read = (context_in(_reach(request), chosen.today, key) for key in others)
    return (chosen, *(context for context in read if context))


def choose(request: HttpRequest, key: UUID) -> bool:
    """Serve another household from now on, in this session; False when it is not one of this account's."""
    if _reach(request).find(key) is None:
        return False
    request.session[SESSION_KEY] = str(key)
    return True


def forget(request: HttpRequest) -> None:
    """Read again what this account reaches: it has just changed."""
    for name in ("_family_reach", "_family_context"):
        request.__dict__.pop(name, None)


def choose_once(request: HttpRequest, key: UUID) -> bool:
    """The same for this request only: what an operation of the API names."""
    if _reach(request).find(key) is None:
        return False
    request._family_context = context_in(_reach(request), clock.today(), key)  # type: ignore[attr-defined]
    return True


def family_of(request: HttpRequest) -> FamilyContext:
    """The same as `current` inside a view under a family rule, where there is one."""
    context = current(request)
    if context is None:
        raise LookupError("this view is not under the family rule")
    return context


Admits = Callable[[FamilyContext], bool]


def admits(act: Act | None = None) -> Admits:
    """Whether somebody may do an act for the family; without one, whether he or she is one of its guardians."""
    return lambda context: context.may(act) if act else context.mandate is None


def holds_authority(context: FamilyContext) -> bool:
    return context.authority


def _family_rule(name: str, admitted: Admits) -> AccessRule:
    def check(request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return sign_in(request)
        context = current(request)
        if context is None:
            return redirect("portal:no_family")
        if not admitted(context):
            raise Http404
        return None

    return AccessRule(name, check)


FAMILY = _family_rule("family", admits())
HOLDERS = _family_rule("family:autorite", holds_authority)

family_only = rule(FAMILY)
family_holders = rule(HOLDERS)


@cache
def act_rule(act: Act) -> AccessRule:
    return _family_rule(f"family:{act}", admits(act))


def family_may(act: Act) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return rule(act_rule(act))
