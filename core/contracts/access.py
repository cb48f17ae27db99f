"""Trades of the town hall and what each may do."""

from dataclasses import dataclass
from enum import StrEnum

from core.contracts.markers import boot_hook


class Trade(StrEnum):
    """The groups of agents. The value is the group's name."""

    WRITER = "Communication – rédaction"
    EDITOR = "Communication – validation"
    CHILDHOOD = "Enfance"
    BILLING = "Facturation"
    CASHIER = "Régie"
    SITE_MANAGER = "Direction de site"
    FIELD = "Animation"
    KITCHEN = "Cuisine"
    ADMIN = "Administration"


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions (`app_label.codename`) that a trade holds. Administration holds all of them without being named."""

    trade: Trade
    permissions: tuple[str, ...]


@boot_hook
def grants() -> list[Grant]:  # type: ignore[empty-body]
    """What each trade may do with this plugin.

    When: after migrations, added to the groups. Returns: the grants. On failure: the plugin is quarantined. Since: 1.0.
    """
