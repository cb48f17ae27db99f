"""What this plugin contributes."""

from collections.abc import Iterator
from datetime import date, time

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.access import Grant, Trade
from core.contracts.backoffice import Menu, Screen
from core.contracts.billing import BillableLine, Scope
from core.contracts.demo import Demo
from core.contracts.family import FamilyContext
from core.contracts.jobs import Job
from core.contracts.markers import hookimpl
from core.contracts.navigation import MenuItem, Tile, TileItem
from core.contracts.notices import Notice
from core.contracts.pages import Panel
from core.contracts.priced import PricedService
from core.contracts.search import SearchResult
from plugins.musique import backoffice, selectors, services
from plugins.musique.demo import load


@hookimpl
def site_menu_items(request: HttpRequest) -> list[MenuItem]:
    url = selectors.page_url(request)
    if not url:
        return []
    return [
        MenuItem(
            label=_("École de musique"),
            description=_("Les cours du trimestre et leurs prix."),
            url=url,
            icon="music-note-beamed",
            weight=60,
        )
    ]


@hookimpl
def family_tiles(context: FamilyContext) -> list[TileItem]:
    return [
        TileItem(
            tile=Tile.MY_FAMILY,
            label=_("Inscrire mes enfants à l’école de musique."),
            url=reverse("musique:family"),
            icon="music-note-beamed",
            weight=60,
        )
    ]


@hookimpl
def family_panels(context: FamilyContext) -> list[Panel]:
    enrolments = selectors.enrolments_of(context.id, since=context.today)
    if not enrolments:
        return []
    return [
        Panel(
            title=_("Cours de musique"),
            template="musique/panel.html",
            context={"enrolments": enrolments},
            more_label=_("Mes inscriptions"),
            more_url=reverse("musique:family"),
            weight=60,
        )
    ]


@hookimpl
def search_results(request: HttpRequest, query: str) -> list[SearchResult]:
    return selectors.found(request, query)


@hookimpl
def notices(context: FamilyContext) -> list[Notice]:
    """The terms for which one may enrol, or soon may."""
    return [
        Notice(
            key=f"musique.trimestre-{term.pk}",
            label=_("S’inscrire à l’école de musique : %s") % term.name,
            begins=term.enrolment_from if term.enrolment_from > context.today else None,
            until=term.enrolment_until,
            url=reverse("musique:family"),
            icon="music-note-beamed",
        )
        for term in selectors.terms_to_enrol(context.today)
    ]


@hookimpl
def priced_services(today: date, family: FamilyContext | None) -> list[PricedService]:
    return selectors.sold(today, family)


@hookimpl
def family_sheet_panels(context: FamilyContext) -> list[Panel]:
    return [
        Panel(
            title=_("École de musique"),
            template="musique/agents/panel.html",
            context={"enrolments": selectors.enrolments_of(context.id, since=context.today)},
            weight=60,
        )
    ]


@hookimpl
def billable_lines(scope: Scope) -> Iterator[BillableLine]:
    return selectors.billable(scope)


@hookimpl
def grants() -> list[Grant]:
    everything = (
        "view_term", "add_term", "change_term",
        "view_course", "add_course", "change_course",
        "view_enrolment", "change_enrolment",
    )  # fmt: skip
    seen = ("view_course", "view_enrolment")
    return [
        Grant(Trade.CHILDHOOD, tuple(f"musique.{name}" for name in everything)),
        Grant(Trade.BILLING, tuple(f"musique.{name}" for name in seen)),
    ]


@hookimpl
def backoffice_screens() -> list[Screen]:
    return [
        Screen(
            menu=Menu.CHILDHOOD,
            label=gettext_lazy("Musique : élèves"),  # type: ignore[arg-type]
            icon="group",
            permission="musique.view_enrolment",
            url_name="musique:rosters",
            weight=60,
        ),
        Screen(
            menu=Menu.CHILDHOOD,
            label=gettext_lazy("Musique : inscriptions"),  # type: ignore[arg-type]
            icon="list-ul",
            permission="musique.view_enrolment",
            viewset=backoffice.EnrolmentViewSet,
            weight=61,
        ),
        Screen(
            menu=Menu.SETTINGS,
            label=gettext_lazy("Musique : trimestres"),  # type: ignore[arg-type]
            icon="date",
            permission="musique.view_term",
            viewset=backoffice.TermViewSet,
            weight=60,
        ),
        Screen(
            menu=Menu.SETTINGS,
            label=gettext_lazy("Musique : cours"),  # type: ignore[arg-type]
            icon="list-ul",
            permission="musique.view_course",
            viewset=backoffice.CourseViewSet,
            weight=61,
        ),
    ]


@hookimpl
def jobs() -> list[Job]:
    return [
        Job(
            name="forget",
            label=_("École de musique : effacer les anciennes inscriptions annulées"),
            schedule=time(4, 10),
            run=services.forget,
        )
    ]


@hookimpl
def load_demo(demo: Demo) -> list[str]:
    return load(demo)
