"""Groups of agents, one per trade, with what core and the plugins grant them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from core.accounts.models import DefaultGrant
from core.contracts.access import Duty, Grant, Trade, grants
from core.kernel import calls

AGENT = "wagtailadmin.access_admin"

_WRITING = (
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
)
_PEOPLE = ("families.view_family", "families.view_child", "families.view_guardian")
_HOUSE = (
    "kernel.change_pluginstate",
    "kernel.view_jobrun",
    "kernel.change_delivery",
    "accounts.view_user",
    "accounts.add_user",
    "accounts.change_user",
    "accounts.view_assignment",
    "accounts.add_assignment",
    "accounts.delete_assignment",
    "auth.change_group",
    "kernel.view_journalentry",
    "kernel.export_journalentry",
    "wagtailcore.view_site",
    "wagtailcore.change_site",
    "wagtailcore.add_workflow",
    "wagtailcore.change_workflow",
    "wagtailcore.add_task",
    "wagtailcore.change_task",
    "wagtailcore.add_collection",
    "wagtailcore.change_collection",
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
)

_DOCUMENTS = ("documents.view_supportingdocument", "documents.change_supportingdocument")
_PAPERS = ("editions.add_issueddocument", "editions.view_issueddocument")
_MESSAGES = (
    "notifications.view_message",
    "notifications.add_failingaddress",
    "notifications.delete_failingaddress",
)

_TARIFFS = tuple(f"pricing.{act}_tariffversion" for act in ("view", "add", "change"))

_TABLES = (
    "site",
    "service",
    "contact",
    "openinghours",
    "schoolyear",
    "holidayperiod",
    "publicholiday",
    "closure",
)
_TOWN = tuple(f"town.{act}_{table}" for table in _TABLES for act in ("view", "add", "change", "delete"))
_NOTICES = tuple(f"town.{act}_notice" for act in ("view", "add", "change", "delete"))
_CLOSURES = tuple(f"town.{act}_closure" for act in ("view", "add", "change", "delete"))

RESERVED = frozenset(
    {
        "accounts.add_user",
        "accounts.change_user",
        "accounts.add_assignment",
        "accounts.delete_assignment",
        "auth.change_group",
    }
)
"""Acts that only Administration holds: whoever gives roles may give them all."""

CORE_GRANTS = [
    *(Grant(trade, (AGENT,)) for trade in Trade),
    Grant(Trade.WRITER, (*_WRITING, "town.view_notice")),
    Grant(Trade.EDITOR, (*_WRITING, *_NOTICES)),
    Grant(
        Trade.CHILDHOOD,
        (
            *_PEOPLE,
            "families.change_family",
            "families.export_family",
            "families.add_familyimport",
            "families.change_custodyrule",
            "families.view_courtdecision",
            "families.add_courtdecision",
            "families.change_commonproposal",
            "families.add_quotient",
            "families.view_quotient",
            "requests.change_servicerequest",
            *_DOCUMENTS,
            "documents.add_supportingdocument",
            "documents.read_health_document",
            "documents.read_money_document",
            "documents.view_documenttype",
            "documents.add_documenttype",
            "documents.change_documenttype",
            "opening.add_activationcode",
            *_PAPERS,
            *_MESSAGES,
            *_CLOSURES,
        ),
    ),
    Grant(
        Trade.BILLING,
        (
            *_PEOPLE,
            "families.view_quotient",
            "requests.change_servicerequest",
            *_DOCUMENTS,
            "documents.read_money_document",
            *_TARIFFS,
        ),
    ),
    Grant(Trade.CASHIER, _PEOPLE),
    Grant(Trade.SITE_MANAGER, _PEOPLE),
    Grant(Trade.ADMIN, (*_HOUSE, *_TOWN)),
]


def declared() -> list[Grant]:
    """What core and the installed plugins, on or off, give to trades."""
    return [*CORE_GRANTS, *(grant for _, grant in calls.boot(grants))]


def duties() -> dict[str, Duty]:
    """The side of public money of each permission that has one."""
    return {name: grant.duty for grant in declared() if grant.duty for name in grant.permissions}


def permissions_named(names: Iterable[str]) -> dict[str, Permission]:
    """Permissions by `app_label.codename`; names that no installed application has are left out. One statement."""
    query = Q(pk=None)
    for name in names:
        app_label, codename = name.split(".")
        query |= Q(content_type__app_label=app_label, codename=codename)
    found = Permission.objects.filter(query).select_related("content_type")
    return {f"{item.content_type.app_label}.{item.codename}": item for item in found}


def sync_groups(**kwargs: Any) -> None:
    """Create the groups and give them what is declared for the first time. What agents took away stays away."""
    granted = declared()
    permissions = permissions_named({name for grant in granted for name in grant.permissions})
    for trade in Trade:
        group, _ = Group.objects.get_or_create(name=trade.value)
        names = {name for grant in granted if grant.trade is trade for name in grant.permissions}
        if trade is Trade.ADMIN:
            names = set(permissions)
        wanted = {permissions[name].pk for name in names & permissions.keys()}
        known = set(DefaultGrant.objects.filter(trade=group).values_list("permission", flat=True))
        new = wanted - known
        DefaultGrant.objects.bulk_create(DefaultGrant(trade=group, permission_id=pk) for pk in new)
        group.permissions.add(*(wanted if trade is Trade.ADMIN else new))
