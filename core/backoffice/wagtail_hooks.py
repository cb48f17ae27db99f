"""The only bridge to Wagtail's own hooks: plugins speak to `core.contracts.backoffice`, never to Wagtail."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, path, reverse
from django.urls.resolvers import RoutePattern
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.menu import Menu as WagtailMenu
from wagtail.admin.menu import MenuItem, SubmenuMenuItem, settings_menu
from wagtail.admin.search import SearchArea
from wagtail.admin.ui.components import Component

from core.backoffice.inline import hide_what_is_denied, start_choosers_by_attribute
from core.backoffice.screens import Entry, entries, entries_for
from core.backoffice.viewsets import NATIVE_WIDGETS
from core.contracts.backoffice import Menu
from core.kernel.gates import PluginURLResolver

ICONS = {
    Menu.COMMUNICATION: "edit",
    Menu.FAMILIES: "group",
    Menu.CHILDHOOD: "calendar-alt",
    Menu.BILLING: "doc-full",
    Menu.CASHIER: "desktop",
    Menu.TOWN: "site",
}
HIDDEN = {"help", "reports"}
"""Wagtail's manual is in English and outside; its reports name every object that was ever touched."""

CLOSED = {"users", "groups"}
"""Agents and trades have screens of ours (`core.backoffice.views_roles`), that write in the journal."""

start_choosers_by_attribute()
hide_what_is_denied()
for _field, _widget in NATIVE_WIDGETS.items():
    register_form_field_override(_field, override={"widget": _widget})


class ScreenItem(MenuItem):
    """One screen, shown while its plugin is on and to whoever holds its permission."""

    def __init__(self, entry: Entry) -> None:
        screen = entry.screen
        super().__init__(
            screen.label, entry.url, name=entry.url.strip("/"), icon_name=screen.icon, order=screen.weight
        )
        self.entry = entry

    def is_shown(self, request: HttpRequest) -> bool:
        return self.entry.is_shown(request.user)


def _items(menu: Menu) -> list[MenuItem]:
    return [ScreenItem(entry) for entry in entries() if entry.screen.menu is menu]


def _submenu(menu: Menu, order: int) -> SubmenuMenuItem:
    return SubmenuMenuItem(
        menu.value,
        WagtailMenu(items=_items(menu)),
        name=menu.name.lower(),
        icon_name=ICONS[menu],
        order=order,
    )


for _order, _menu in enumerate(ICONS, start=1):
    hooks.register("register_admin_menu_item", lambda menu=_menu, order=_order: _submenu(menu, order))


@hooks.register("register_admin_menu_item")
def security() -> MenuItem:
    return MenuItem(
        gettext_lazy("Sécurité de mon compte"), reverse("accounts:security"), icon_name="lock", order=10100
    )


@hooks.register("construct_main_menu")
def trades_only(request: HttpRequest, items: list[MenuItem]) -> None:
    """One menu for settings, ours and Wagtail's; a menu of one screen becomes that screen; the rest is hidden."""
    for rank, item in enumerate(items):
        if item.name == "settings":
            items[rank] = SubmenuMenuItem(
                Menu.SETTINGS.value, settings_menu, name="settings", icon_name="cogs", order=10000
            )
        elif isinstance(item, SubmenuMenuItem):
            shown = item.menu.menu_items_for_request(request)
            if len(shown) == 1 and isinstance(shown[0], ScreenItem):
                alone = shown[0]
                items[rank] = MenuItem(
                    alone.label, alone.url, name=item.name, icon_name=alone.icon_name, order=item.order
                )
    items[:] = [item for item in items if item.name not in HIDDEN]


@hooks.register("construct_settings_menu")
def our_settings(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in CLOSED]
    items += [item for item in _items(Menu.SETTINGS) if item.is_shown(request)]


class FamilySearchArea(SearchArea):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("families.view_family")


@hooks.register("register_admin_search_area")
def family_search() -> SearchArea:
    """The search of the side bar looks for families first."""
    return FamilySearchArea(
        _("Familles"), reverse("backoffice:families"), name="families", icon_name="group", order=1
    )


class ViewSetResolver(PluginURLResolver):
    """Addresses of a plugin's viewset: nothing there while the plugin is off."""

    def __init__(
        self, slug: str, prefix: str, namespace: str, patterns: Iterable[URLPattern | URLResolver]
    ) -> None:
        URLResolver.__init__(
            self, RoutePattern(prefix), list(patterns), app_name=namespace, namespace=namespace
        )
        self.slug = slug


@hooks.register("register_admin_urls")
def viewset_urls() -> list[URLPattern | URLResolver]:
    routes: list[URLPattern | URLResolver] = []
    for entry in entries():
        if entry.viewset is None:
            continue
        entry.viewset.on_register()
        prefix, namespace = f"{entry.viewset.name}/", entry.viewset.url_namespace
        patterns = entry.viewset.get_urlpatterns()
        if entry.slug is None:
            routes.append(path(prefix, (patterns, namespace, namespace)))
        else:
            routes.append(ViewSetResolver(entry.slug, prefix, namespace, patterns))
    return routes


@hooks.register("insert_global_admin_css")
def look() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("backoffice/gestion.css"))


class Doors(Component):
    """The agent's own screens, by menu: the first thing on the first page."""

    order = 10
    template_name = "backoffice/doors.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        found = entries_for(parent_context["request"].user)
        return {"menus": [(menu.value, shown) for menu, shown in found.items()]}


@hooks.register("insert_global_admin_js")
def starter() -> str:
    return format_html('<script src="{}"></script>', static("backoffice/start.js"))


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Panels about pages are for those who write pages."""
    if not user_has_any_page_permission(request.user):
        panels.clear()
    panels.append(Doors())
