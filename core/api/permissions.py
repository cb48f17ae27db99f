"""Who may call an operation. Each class carries its access rule, so that a sweep over the routes finds it."""

from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from core.accounts.roles import ALL, EVERYWHERE, sites_of
from core.api.problems import Problem
from core.contracts.family import Act, FamilyContext
from core.families.access import PARAMETER, admits, choose_once, current, holds_authority
from core.kernel.access import AccessRule, is_agent


def _named(name: str) -> AccessRule:
    """For the tables of routes; what it says is done by `has_permission`."""
    return AccessRule(name, lambda request: None)


class Public(BasePermission):
    """Anybody may read what the commune publishes."""

    access_rule: ClassVar[AccessRule] = _named("api:public")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS


class PublicQuestion(Public):
    """Anybody may ask what is too long, or too private, for an address; nothing is written."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return True


class SignedIn(BasePermission):
    access_rule: ClassVar[AccessRule] = _named("api:signed-in")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated)


class FamilyPermission(SignedIn):
    """A guardian, for a household of the account: the view finds it in `request.family`.

    An account that has several says which one in the parameter `famille`; without it, the first one, or the one chosen
    in the session. What an account may not do for that household does not exist: 404.
    """

    access_rule: ClassVar[AccessRule] = _named("api:family")

    def admits(self, family: FamilyContext) -> bool:
        return admits()(family)

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        if key := request.query_params.get(PARAMETER):
            try:
                chosen = choose_once(request, UUID(key))
            except ValueError:
                chosen = False
            if not chosen:
                raise Http404
        family = current(request)
        if family is None:
            raise Problem(
                status=403,
                code="sans-famille",
                title=_("Ce compte n’est relié à aucune famille"),
                detail=_("Appelez le service Enfance : il relie votre compte à votre famille."),
            )
        if not self.admits(family):
            raise Http404
        request.family = family  # type: ignore[attr-defined]
        return True


class HoldersPermission(FamilyPermission):
    """A guardian who holds the parental authority."""

    access_rule: ClassVar[AccessRule] = _named("api:family:autorite")

    def admits(self, family: FamilyContext) -> bool:
        return holds_authority(family)


@cache
def FamilyMay(act: Act) -> type[FamilyPermission]:  # noqa: N802 - used as a class
    """Whoever may do an act for the household: guardians, and delegates to whom it was given."""

    class May(FamilyPermission):
        access_rule: ClassVar[AccessRule] = _named(f"api:family:{act}")

        def admits(self, family: FamilyContext) -> bool:
            return family.may(act)

    return May


@cache
def AgentPermission(permission: str) -> type[BasePermission]:  # noqa: N802 - used as a class
    """Agents who hold a permission; the others learn nothing: 404."""

    class Agent(SignedIn):
        access_rule: ClassVar[AccessRule] = _named(f"api:agent:{permission}")

        def has_permission(self, request: Request, view: APIView) -> bool:
            if not super().has_permission(request, view):
                return False
            if not (is_agent(request.user) and request.user.has_perm(permission)):
                raise Http404
            return True

    return Agent


@cache
def EverywherePermission(permission: str) -> type[BasePermission]:  # noqa: N802 - used as a class
    """Agents who hold a permission in the whole town: a role on one site is not enough."""

    class Everywhere(AgentPermission(permission)):  # type: ignore[misc]
        access_rule: ClassVar[AccessRule] = _named(f"api:agent:{permission}{EVERYWHERE}")

        def has_permission(self, request: Request, view: APIView) -> bool:
            if not super().has_permission(request, view):
                return False
            if sites_of(request.user, permission) is not ALL:
                raise Http404
            return True

    return Everywhere


def rule_of(callback: Any) -> AccessRule | None:
    """The access rule of a route of the API, from its permission classes; None when one of them declares none."""
    classes = getattr(getattr(callback, "cls", None), "permission_classes", ())
    rules = [getattr(cls, "access_rule", None) for cls in classes]
    return rules[0] if rules and all(rules) else None
