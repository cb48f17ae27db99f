"""What every page's frame needs, asked only when a template uses it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from core.contracts.navigation import MenuItem
from core.families.access import current, households
from core.kernel import state
from core.kernel.access import is_agent
from core.portal import tiles
from core.ui import appearance


@dataclass(frozen=True, slots=True)
class HouseholdChoice:
    """A household that one may switch to; `behalf` is the guardian in whose name a delegate acts."""

    key: UUID
    name: str
    behalf: str
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of all pages."""

    def family_menu() -> list[MenuItem]:
        context = current(request)
        return tiles.bar(tiles.items_for(request, context)) if context else []

    def choices() -> list[HouseholdChoice]:
        found, context = households(request), current(request)
        shown = (context.mandate.id if context.mandate else context.id) if context else None
        return [
            HouseholdChoice(
                key=household.key,
                name=household.name,
                behalf=str(household.guardian.person) if household.mandate else "",
                current=household.key == shown,
            )
            for household in found
        ]

    def failures() -> list[state.Failure]:
        found = state.failures()
        return found if found and is_agent(request.user) else []

    def account_links() -> list[MenuItem]:
        return [
            MenuItem(label=_("Sécurité de mon compte"), url=reverse("accounts:security"), icon="shield-lock")
        ]

    return {
        "account": getattr(request, "user", None),
        "commune": SimpleLazyObject(appearance.commune),
        "theme_url": SimpleLazyObject(appearance.address),
        "demo": settings.PARVIS_DEMO,
        "space_enabled": SimpleLazyObject(lambda: state.serves("families")),
        "family_menu": SimpleLazyObject(family_menu),
        "households": SimpleLazyObject(choices),
        "account_links": SimpleLazyObject(account_links),
        "plugin_failures": SimpleLazyObject(failures),
    }
