"""Groups of agents, one per trade, with what core and the plugins grant them."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from core.contracts.access import Grant, Trade, grants
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
    "auth.view_group",
    "auth.add_group",
    "auth.change_group",
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

CORE_GRANTS = [
    *(Grant(trade, (AGENT,)) for trade in Trade),
    Grant(Trade.WRITER, _WRITING),
    Grant(Trade.EDITOR, _WRITING),
    Grant(
        Trade.CHILDHOOD,
        (*_PEOPLE, "families.change_family", "families.add_quotient", "families.view_quotient"),
    ),
    Grant(Trade.BILLING, (*_PEOPLE, "families.view_quotient")),
    Grant(Trade.CASHIER, _PEOPLE),
    Grant(Trade.ADMIN, _HOUSE),
]


def sync_groups(**kwargs: Any) -> None:
    """Create the groups and add the permissions granted to them. Nothing that agents changed is taken away."""
    granted = [*CORE_GRANTS, *(grant for _, grant in calls.boot(grants))]
    wanted = {name for grant in granted for name in grant.permissions}
    query = Q(pk=None)
    for name in wanted:
        app_label, codename = name.split(".")
        query |= Q(content_type__app_label=app_label, codename=codename)
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(query).select_related("content_type")
    }
    for trade in Trade:
        group, _ = Group.objects.get_or_create(name=trade.value)
        names = {name for grant in granted if grant.trade == trade for name in grant.permissions}
        if trade is Trade.ADMIN:
            names = wanted
        group.permissions.add(*(permissions[name] for name in names if name in permissions))
