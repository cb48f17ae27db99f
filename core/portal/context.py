"""What every page's frame needs, asked only when a template uses it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from core.contracts import navigation
from core.contracts.navigation import MenuItem
from core.families.access import current
from core.kernel import state
from core.kernel.access import is_agent
from core.kernel.calls import collect
from core.portal import tiles
from core.ui import appearance


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of all pages."""

    def family_menu() -> list[MenuItem]:
        context = current(request)
        return tiles.bar(tiles.items_for(request, context)) if context else []

    def failures() -> list[state.Failure]:
        found = state.failures()
        return found if found and is_agent(request.user) else []

    def footer_links() -> list[MenuItem]:
        return [MenuItem(label=_("Contacts"), url=reverse("contacts"))]

    return {
        "account": getattr(request, "user", None),
        "commune": SimpleLazyObject(appearance.commune),
        "theme_url": SimpleLazyObject(appearance.address),
        "demo": settings.PARVIS_DEMO,
        "space_enabled": SimpleLazyObject(lambda: state.serves("families")),
        "site_menu": SimpleLazyObject(lambda: collect(navigation.site_menu_items, request=request)),
        "family_menu": SimpleLazyObject(family_menu),
        "footer_links": SimpleLazyObject(footer_links),
        "plugin_failures": SimpleLazyObject(failures),
    }
