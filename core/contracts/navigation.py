"""Where one can go: the menu of the town's site and the tiles of the Espace Famille."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.contracts.family import Act
from core.contracts.markers import collect_hook

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.contracts.family import FamilyContext


class Tile(StrEnum):
    """The three tiles of the leaflet, in its order."""

    MY_SPACE = "mon-espace"
    DASHBOARD = "tableau-de-bord"
    MY_FAMILY = "ma-famille"


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One entry of a menu. Entries are shown by weight, then by plugin.

    `description` is one short sentence, shown where the entry is a door of the home page.
    """

    label: str
    url: str
    icon: str = ""
    description: str = ""
    weight: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TileItem:
    """One line of a tile: an act that a parent can do there, as the leaflet words it.

    `short_label`, when given, also puts it in the bar of the Espace Famille (four entries at most, by weight).
    `needs` is the act that it leads to: a delegate sees only lines that name one, and those that he or she may do.
    """

    tile: Tile
    label: str
    url: str
    icon: str
    description: str = ""
    short_label: str = ""
    needs: Act | None = None
    weight: int = 100


@collect_hook
def site_menu_items(request: "HttpRequest") -> list[MenuItem]:  # type: ignore[empty-body]
    """Entries of the public site's menu.

    When: each public page. Returns: the entries, in any order.
    On failure: the other entries are shown. Since: 1.0.
    """


@collect_hook
def family_tiles(context: "FamilyContext") -> list[TileItem]:  # type: ignore[empty-body]
    """Lines of the tiles of the Espace Famille, and through `short_label` of its bar.

    When: each page of the Espace Famille, once a request. Returns: the lines, in any order; no query is expected.
    On failure: the other lines are shown. Since: 1.0.
    """
