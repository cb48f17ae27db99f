"""Trades of the town hall and what each may do."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from core.contracts.markers import boot_hook, collect_hook


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


class Duty(StrEnum):
    """The two sides of public money, kept apart: who says what is owed never handles it (domain §2.2). The value is
    the word for agents."""

    ORDERS = "ordonnateur"
    COLLECTS = "régisseur"


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions (`app_label.codename`) that a trade holds. Administration holds all of them without being named.

    `duty`: the side of public money to which these acts belong. Somebody who holds acts of both is told so.
    """

    trade: Trade
    permissions: tuple[str, ...]
    duty: Duty | None = None


@boot_hook
def grants() -> list[Grant]:  # type: ignore[empty-body]
    """What each trade may do with this plugin.

    When: after migrations. A permission is added to the group of its trade the first time that it is declared; what
    agents take away on the page of trades stays away. Returns: the grants. On failure: the plugin is quarantined.
    Since: 1.0.
    """


@collect_hook
def families_at(sites: frozenset[UUID], today: date) -> list[QuerySet]:  # type: ignore[empty-body]
    """Families that come to some sites, so that an agent of these sites reaches their sheet.

    When: an agent whose role is bound to sites looks for a family. `today`: families of the past are out of reach.
    Returns: querysets of one column, the identifiers of families; they become subqueries. On failure: the agent does
    not reach these families. Since: 1.0.
    """
