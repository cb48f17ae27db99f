"""What the agenda and the menus add to the pages of others; `hooks` calls it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.contracts.family import FamilyContext
from core.contracts.navigation import MenuItem
from core.contracts.open_data import DataFile, DataSet
from core.contracts.pages import Panel
from core.contracts.search import SearchResult
from core.kernel import clock
from core.pages.audiences import audiences
from core.pages.search import matching
from plugins.actualites import selectors_events, selectors_menus
from plugins.actualites.models import EventsPage
from plugins.actualites.selectors import index_urls

MENUS, EVENTS = 50, 60
"""On the home page, after the documents. In a family's space, the meals stand before the news."""


def menu_items(request: HttpRequest) -> list[MenuItem]:
    agenda = index_urls().get(EventsPage, "")
    menus = MenuItem(
        label=_("Menus"),
        description=_("Les repas de la cantine, jour par jour."),
        url=reverse("actualites:menus"),
        icon="cup-hot",
        weight=40,
    )
    events = MenuItem(
        label=_("Agenda"),
        description=_("Fêtes, réunions et sorties dans la commune."),
        url=agenda,
        icon="calendar-event",
        weight=30,
    )
    return [events, menus] if agenda else [menus]


def home_panels(request: HttpRequest) -> list[Panel]:
    today = clock.today()
    found = [
        Panel(
            title=_("Cette semaine à la cantine"),
            template="actualites/panels/menus.html",
            context={"briefs": selectors_menus.in_brief(today)},
            more_label=_("Tous les menus"),
            more_url=reverse("actualites:menus"),
            weight=MENUS,
        )
    ]
    if agenda := index_urls().get(EventsPage, ""):
        events = selectors_events.to_come(today, audiences(request))[: selectors_events.ON_HOME]
        found.append(
            Panel(
                title=_("À l’agenda"),
                template="actualites/panels/events.html",
                context={"events": events},
                more_label=_("Tout l’agenda"),
                more_url=agenda,
                weight=EVENTS,
            )
        )
    return found


def family_panels(context: FamilyContext, weight: int) -> list[Panel]:
    """The meals of the schools of the children; nothing while no menu is written for them."""
    sites = {child.site_id for child in context.children if child.site_id}
    briefs = selectors_menus.in_brief(context.today, sorted(sites)) if sites else []
    if not briefs:
        return []
    return [
        Panel(
            title=_("Cette semaine à la cantine"),
            template="actualites/panels/menus.html",
            context={"briefs": briefs},
            more_label=_("Tous les menus"),
            more_url=reverse("actualites:menus"),
            weight=weight,
        )
    ]


def found(query: str) -> list[SearchResult]:
    """The menus, for who looks for what is eaten; pages and documents are found by core."""
    menus = SearchResult(
        kind=_("Pages"),
        title=_("Menus de la cantine"),
        url=reverse("actualites:menus"),
        summary=_("Les repas servis aux enfants, jour par jour, avec leurs allergènes et leurs labels."),
        weight=10,
    )
    return matching([menus], query)


def data_sets() -> list[DataSet]:
    def files(name: str, **others: str) -> tuple[DataFile, ...]:
        more = tuple(DataFile(form=form, url=reverse(url)) for form, url in others.items())
        return (DataFile(form="JSON", url=reverse(f"api:actualites:{name}")), *more)

    often = _("À chaque publication.")
    feeds = (
        DataFile(form="RSS", url=reverse("actualites:feed", args=["rss"])),
        DataFile(form="Atom", url=reverse("actualites:feed", args=["atom"])),
    )
    return [
        DataSet(
            title=_("Actualités"),
            description=_("Les nouvelles de la commune : titre, résumé, texte, date et rubrique."),
            updated=often,
            files=(*files("news"), *feeds),
            weight=10,
        ),
        DataSet(
            title=_("Documents"),
            description=_("La bibliothèque des documents publics : règlements, formulaires, délibérations."),
            updated=often,
            files=files("documents"),
            weight=20,
        ),
        DataSet(
            title=_("Menus de la cantine"),
            description=_(
                "Les plats de chaque repas, leurs allergènes et leurs labels, par groupe de convives."
            ),
            updated=_("Chaque semaine."),
            files=files("menus"),
            weight=30,
        ),
        DataSet(
            title=_("Agenda"),
            description=_("Les évènements publics : jours, heures, lieu et prix."),
            updated=often,
            files=files("events", iCal="actualites:events_feed"),
            weight=40,
        ),
    ]
