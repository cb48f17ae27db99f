"""The three tiles of the leaflet, filled by core and by the plugins that are on; and the bar made from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.contracts import navigation
from core.contracts.family import Act, FamilyContext
from core.contracts.navigation import MenuItem, Tile, TileItem
from core.kernel.calls import collect
from core.pricing.offered import is_open

BAR_LENGTH = 4


class Needing(Protocol):
    @property
    def needs(self) -> Act | None: ...


Shown = TypeVar("Shown", bound=Needing)


def shown_to(context: FamilyContext, items: Iterable[Shown]) -> list[Shown]:
    """What this person may do or read. What names no act is for guardians only."""
    return [item for item in items if context.is_shown(item.needs)]


@dataclass(frozen=True, slots=True)
class Section:
    """One tile as the pages show it."""

    id: str
    title: str
    url: str
    items: list[TileItem]


def titles() -> dict[Tile, str]:
    return {
        Tile.MY_SPACE: _("Mon espace"),
        Tile.DASHBOARD: _("Mon tableau de bord"),
        Tile.MY_FAMILY: _("Ma famille"),
    }


def _core_items(context: FamilyContext) -> list[TileItem]:
    household = TileItem(
        tile=Tile.MY_SPACE,
        label=_("Lire ma composition familiale"),
        url=tile_url(Tile.MY_SPACE) + "#composition",
        icon="people",
        description=_("Adultes, enfants et personnes à prévenir."),
        weight=10,
    )
    children = [
        TileItem(
            tile=Tile.MY_FAMILY,
            label=child.first_name,
            url=reverse("portal:child", args=[child.id]),
            icon="person-circle",
            needs=Act.PLANNING,
            description=" · ".join(filter(None, [child.site_name, child.level])),
            weight=200 + rank,
        )
        for rank, child in enumerate(context.children)
    ]
    requests = TileItem(
        tile=Tile.MY_SPACE,
        label=_("Suivre mes demandes"),
        url=reverse("portal:requests"),
        icon="chat-left-text",
        weight=20,
    )
    documents = TileItem(
        tile=Tile.MY_SPACE,
        label=_("Envoyer et retrouver mes documents"),
        url=reverse("portal:documents"),
        icon="file-earmark-text",
        description=_("Justificatifs, attestations, ce que la mairie vous a déposé."),
        weight=30,
    )
    delegations = TileItem(
        tile=Tile.MY_SPACE,
        label=_("Confier des démarches à une personne de confiance"),
        url=reverse("portal:mandates"),
        icon="people",
        description=_("Un grand-parent, une assistante maternelle, un travailleur social."),
        weight=40,
    )
    journal = TileItem(
        tile=Tile.MY_SPACE,
        label=_("Voir qui a consulté ou modifié mon dossier"),
        url=reverse("portal:journal"),
        icon="clock-history",
        weight=90,
    )
    prices = TileItem(
        tile=Tile.DASHBOARD,
        label=_("Calculer mon tarif"),
        url=reverse("portal:tariffs"),
        icon="calculator",
        description=_("Ce que vous payez, pourquoi, et ce qui changerait."),
        needs=Act.MONEY,
        weight=60,
    )
    think = TileItem(
        tile=Tile.DASHBOARD,
        label=_("Voir ce que j’ai à faire"),
        url=reverse("portal:reminders"),
        icon="bell",
        description=_("Ce qui vous attend, jusqu’à quand ; dans votre agenda aussi."),
        needs=Act.PLANNING,
        weight=10,
    )
    papers = TileItem(
        tile=Tile.DASHBOARD,
        label=_("Éditer un document"),
        url=reverse("portal:editions"),
        icon="printer",
        description=_("Composition du foyer, récapitulatif du dossier."),
        weight=70,
    )
    messages = TileItem(
        tile=Tile.MY_SPACE,
        label=_("Choisir les messages que je reçois"),
        url=reverse("portal:preferences"),
        icon="envelope",
        weight=80,
    )
    own = [household, requests, documents, journal, *([delegations] if context.authority else [])]
    return [*own, papers, messages, think, *([prices] if is_open() else []), *children]


def items_for(request: HttpRequest, context: FamilyContext) -> list[TileItem]:
    """All lines of the tiles for this family, read once per request."""
    found: list[TileItem] | None = getattr(request, "_tile_items", None)
    if found is None:
        found = shown_to(context, [*_core_items(context), *collect(navigation.family_tiles, context=context)])
        found.sort(key=lambda item: item.weight)
        request._tile_items = found  # type: ignore[attr-defined]
    return found


def sections(items: Sequence[TileItem]) -> list[Section]:
    """The three tiles in the leaflet's order; one that nobody fills is left out."""
    filled = [
        Section(
            tile.value,
            title,
            tile_url(tile),
            [item for item in items if item.tile is tile],
        )
        for tile, title in titles().items()
    ]
    return [section for section in filled if section.items]


def bar(items: Sequence[TileItem]) -> list[MenuItem]:
    """« Accueil », then what plugins put forward, then « Ma famille »: four entries at most."""
    forward = [
        MenuItem(label=item.short_label, url=item.url, icon=item.icon) for item in items if item.short_label
    ]
    return [
        MenuItem(label=_("Accueil"), url=home_url(), icon="house"),
        *forward[: BAR_LENGTH - 2],
        MenuItem(label=_("Ma famille"), url=tile_url(Tile.MY_FAMILY), icon="people"),
    ]


def home_url() -> str:
    return reverse("portal:home")


def tile_url(tile: Tile) -> str:
    return reverse("portal:tile", args=[tile])
