"""What an agent may do, and where: action × service × site. Read once a request, in one statement.

    may(user, "enfance.view_session")                    # somewhere
    may(user, "enfance.view_session", site=site.pk)      # there
    sites_of(user, "enfance.view_session")               # ALL, or the sites
    within(user, "enfance.view_booking", bookings, site="session__site", service="session__activity__service")

An agent's trades (`Assignment`) are limited to a site or a service, or not at all; what a trade may do is held by its
group. A permission given to the account itself holds everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db.models import CharField, F, Model, Q, QuerySet, UUIDField, Value
from django.http import Http404, HttpRequest, HttpResponse

from core.accounts.models import Assignment
from core.kernel import clock
from core.kernel.access import AccessRule, agent_rule


class _All(Enum):
    ALL = "all"


ALL: Final = _All.ALL
Sites = Literal[_All.ALL] | frozenset[UUID]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is allowed: `site` an identifier, `service` a code; None: everywhere, for all."""

    site: UUID | None = None
    service: str | None = None

    def covers(self, site: UUID | None, service: str | None) -> bool:
        """Does it allow it there? What is asked without a site, or without a service, is not limited by it."""
        return (site is None or self.site in (None, site)) and (
            service is None or self.service in (None, service)
        )


@dataclass(frozen=True, slots=True)
class Rights:
    """By permission (`app_label.codename`), the places where it is held. `service`: in whose name the agent acts."""

    held: Mapping[str, frozenset[Place]] = field(default_factory=dict)
    everything: bool = False
    trades: tuple[str, ...] = ()
    service: str = ""

    def places(self, permission: str) -> frozenset[Place]:
        return frozenset({Place()}) if self.everything else self.held.get(permission, frozenset())

    def may(self, permission: str, site: UUID | None = None, service: str | None = None) -> bool:
        return any(place.covers(site, service) for place in self.places(permission))

    def sites(self, permission: str) -> Sites:
        found = {place.site for place in self.places(permission)}
        return ALL if None in found else frozenset(site for site in found if site)

    def condition(self, permission: str, site: str | None, service: str | None) -> Q:
        """The rows on which it is held, given the paths from a row to its site and to the code of its service."""
        found = Q(pk__in=())
        for place in self.places(permission):
            here = Q()
            if site and place.site:
                here &= Q(**{site: place.site})
            if service and place.service:
                here &= Q(**{service: place.service})
            if not here:
                return Q()
            found |= here
        return found


NOTHING = Rights()


def active(today: date) -> Q:
    """Roles that have not ended."""
    return Q(until__isnull=True) | Q(until__gte=today)


def rights_of(user: Any) -> Rights:
    """Everything that somebody may do, kept on the account for as long as it is in memory: one request."""
    if not getattr(user, "is_active", False) or not user.is_authenticated:
        return NOTHING
    if user.is_superuser:
        return Rights(everything=True)
    found = getattr(user, "_rights", None)  # `request.user` hides the account: its own dictionary is not it
    if found is None:
        found = user._rights = _read(user.pk, clock.today())
    return found


def forget(user: Any) -> None:
    """What was read of an account no longer holds."""
    if hasattr(user, "_rights"):
        del user._rights


def _read(user_id: UUID, today: date) -> Rights:
    nowhere, nothing = Value(None, output_field=UUIDField()), Value("", output_field=CharField())
    own = (
        Permission.objects.filter(user=user_id)
        .order_by()
        .values_list(
            "content_type__app_label",
            "codename",
            nowhere,
            Value(None, output_field=CharField()),
            nothing,
            nothing,
        )
    )
    given = (
        Assignment.objects.filter(active(today), user=user_id)
        .order_by()
        .values_list(
            "trade__permissions__content_type__app_label",
            "trade__permissions__codename",
            "site",
            F("service__code"),
            "trade__name",
            F("service__name"),
        )
    )
    held: dict[str, set[Place]] = {}
    trades, services = set(), set()
    for app_label, codename, site, service, trade, service_name in own.union(given, all=True):
        if codename:
            held.setdefault(f"{app_label}.{codename}", set()).add(Place(site, service))
        trades.add(trade)
        services.add(service_name or trade)
    return Rights(
        held={name: frozenset(places) for name, places in held.items()},
        trades=tuple(sorted(trades - {""})),
        service=", ".join(sorted(services - {""}))[:120],
    )


def may(user: Any, permission: str, site: UUID | None = None, service: str | None = None) -> bool:
    """May somebody do this, there, for this service (its code)? Without a place: somewhere."""
    return rights_of(user).may(permission, site, service)


def sites_of(user: Any, permission: str) -> Sites:
    """The sites on which somebody may do this: `ALL`, or their identifiers (none: nowhere)."""
    return rights_of(user).sites(permission)


EVERYWHERE = ":partout"


def everywhere_rule(permission: str) -> AccessRule:
    """For what concerns the whole town: a role on one site is not enough."""
    somewhere = agent_rule(permission)

    def check(request: HttpRequest) -> HttpResponse | None:
        if answer := somewhere.check(request):
            return answer
        if sites_of(request.user, permission) is not ALL:
            raise Http404
        return None

    return AccessRule(f"{somewhere.name}{EVERYWHERE}", check)


def within(
    user: Any, permission: str, rows: QuerySet[M], *, site: str | None = None, service: str | None = None
) -> QuerySet[M]:
    """The rows on which somebody may do this.

    `site`: path from a row to its site (`"session__site"`), `service`: to the code of its service
    (`"activity__service"`); None for rows that have none. No statement but that of the rights.
    """
    return rows.filter(rights_of(user).condition(permission, site, service))
