"""Pages of the Espace Famille that belong to no plugin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.contracts import pages
from core.contracts.family import Act, FamilyContext
from core.contracts.navigation import Tile
from core.families.access import current, family_may, family_of
from core.kernel import clock, state
from core.kernel.access import public, signed_in
from core.kernel.calls import collect
from core.opening import registration
from core.portal import household, tiles
from core.pricing.offered import is_open
from core.reminders import selectors as reminders
from core.town.selectors import help_contacts

ABOVE_TILES = 50
"""See `core.contracts.pages.Panel.weight`."""

MOST_REMINDERS = 4
"""Things to think of on the home page; the others have their page."""


@public
def home(request: HttpRequest) -> HttpResponse:
    """A parent's home; for a visitor, the reception: what it is, how it works, for whom."""
    if not request.user.is_authenticated:
        reception = {
            "services": [plugin for plugin in state.enabled() if "families" in plugin.audience],
            "panels": collect(pages.home_panels, request=request),
            "prices_open": is_open(),
            "help_contacts": help_contacts(today=clock.today(), now=clock.now().astimezone(clock.PARIS)),
        }
        return render(request, "portal/reception.html", reception)
    context = current(request)
    if context is None:
        return no_family(request)
    panels = [_reminders(context), *tiles.shown_to(context, collect(pages.family_panels, context=context))]
    data = {
        "family": context,
        "first": [panel for panel in panels if panel.weight < ABOVE_TILES],
        "sections": tiles.sections(tiles.items_for(request, context)),
        "panels": [panel for panel in panels if panel.weight >= ABOVE_TILES],
    }
    return render(request, "portal/home.html", data)


def _reminders(context: FamilyContext) -> pages.Panel:
    """« Je pense à », first of all panels: the most urgent things, and the way to the others."""
    found = reminders.of_family(context)
    more = (
        _("Tout voir (%(count)d)") % {"count": len(found)} if len(found) > MOST_REMINDERS else _("Tout voir")
    )
    return pages.Panel(
        title=_("Je pense à"),
        template="portal/reminders_panel.html",
        context={"reminders": found[:MOST_REMINDERS]},
        more_label=more,
        more_url=reverse("portal:reminders"),
        weight=0,
    )


@signed_in
def no_family(request: HttpRequest) -> HttpResponse:
    """An account that is not linked to a family yet: where its request stands, or how to make one, and whom to call."""
    context = {
        "pending": registration.pending(request.user),
        "help_contacts": help_contacts(today=clock.today()),
    }
    return render(request, "portal/no_family.html", context)


@family_may(Act.PLANNING)
def tile(request: HttpRequest, tile: Tile) -> HttpResponse:
    """One tile as a page of its own, with what core itself shows there."""
    context = family_of(request)
    here = tiles.tile_url(tile)
    items = [item for item in tiles.items_for(request, context) if item.tile is tile]
    doors = [item for item in items if not item.url.startswith(f"{here}#")]
    section = tiles.Section(tile.value, tiles.titles()[tile], here, doors)
    data = {"family": context, "section": section}
    if tile is Tile.MY_SPACE:
        data |= household.composition(context)
    return render(request, "portal/tile.html", data)
