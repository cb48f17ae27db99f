"""Screens of agents: Wagtail viewsets or plain views in its frame, under one menu a trade."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.contracts.markers import boot_hook


class Menu(StrEnum):
    """The menus of the back office. The value is the menu's label."""

    COMMUNICATION = "Communication"
    FAMILIES = "Familles"
    CHILDHOOD = "Enfance"
    BILLING = "Facturation"
    CASHIER = "Régie"
    TOWN = "Commune"
    SETTINGS = "Configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One entry of a menu: the URL name of a plain view, or a viewset of `core.backoffice`.

    `permission` (`app_label.codename`) decides who sees the entry; the view checks it again.
    `icon` is one of Wagtail's.
    """

    menu: Menu
    label: str
    icon: str
    permission: str
    url_name: str = ""
    viewset: Any = None
    weight: int = 100


@boot_hook
def backoffice_screens() -> list[Screen]:  # type: ignore[empty-body]
    """The screens that a plugin brings to agents.

    When: start-up; the entries and the addresses vanish while the plugin is off. Returns: the screens.
    On failure: the plugin is quarantined. Since: 1.0.
    """
