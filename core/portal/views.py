"""Pages of the Espace Famille that belong to no plugin."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.contracts import pages
from core.contracts.navigation import Tile
from core.families.access import current, family_of, family_only
from core.families.selectors import contacts_of
from core.kernel import clock, state
from core.kernel.access import public, signed_in
from core.kernel.calls import collect
from core.opening import registration
from core.portal import tiles
from core.town.selectors import help_contacts

ABOVE_TILES = 50
"""See `core.contracts.pages.Panel.weight`."""


@public
def home(request: HttpRequest) -> HttpResponse:
    """A parent's home; for a visitor, the reception: what it is, how it works, for whom."""
    if not request.user.is_authenticated:
        reception = {
            "services": [plugin for plugin in state.enabled() if "families" in plugin.audience],
            "panels": collect(pages.home_panels, request=request),
            "help_contacts": help_contacts(today=clock.today()),
        }
        return render(request, "portal/reception.html", reception)
    context = current(request)
    if context is None:
        return no_family(request)
    panels = collect(pages.family_panels, context=context)
    data = {
        "family": context,
        "first": [panel for panel in panels if panel.weight < ABOVE_TILES],
        "sections": tiles.sections(tiles.items_for(request, context)),
        "panels": [panel for panel in panels if panel.weight >= ABOVE_TILES],
    }
    return render(request, "portal/home.html", data)


@signed_in
def no_family(request: HttpRequest) -> HttpResponse:
    """An account that is not linked to a family yet: where its request stands, or how to make one, and whom to call."""
    context = {"pending": registration.pending(request.user), "help_contacts": help_contacts(today=clock.today())}
    return render(request, "portal/no_family.html", context)


@family_only
def tile(request: HttpRequest, tile: Tile) -> HttpResponse:
    """One tile as a page of its own, with what core itself shows there."""
    context = family_of(request)
    here = tiles.tile_url(tile)
    items = [item for item in tiles.items_for(request, context) if item.tile is tile]
    doors = [item for item in items if not item.url.startswith(f"{here}#")]
    section = tiles.Section(tile.value, tiles.titles()[tile], here, doors)
    data = {"family": context, "section": section}
    if tile is Tile.MY_SPACE:
        data["contacts"] = contacts_of(context.id)
    return render(request, "portal/tile.html", data)


@family_only
def child(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """A child of the family."""
    context = family_of(request)
    found = context.child(child_id)
    if found is None:
        raise Http404
    return render(request, "portal/child.html", {"family": context, "child": found})
