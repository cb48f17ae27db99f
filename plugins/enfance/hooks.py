"""What this plugin contributes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.access import Grant, Trade
from core.contracts.audiences import Audience
from core.contracts.backoffice import Menu, Screen
from core.contracts.billing import BillableLine, Scope
from core.contracts.demo import Demo
from core.contracts.editions import IssuableDocument
from core.contracts.family import Act, FamilyContext, FamilyMerge, MergeEffect
from core.contracts.journal import Act as JournalAct
from core.contracts.lifecycle import Obstacle
from core.contracts.markers import hookimpl
from core.contracts.navigation import Tile, TileItem
from core.contracts.notices import Notice
from core.contracts.pages import Panel
from core.contracts.priced import PricedService
from core.contracts.search import SearchResult
from core.contracts.town import Affected, ChangedDay
from core.kernel import clock
from plugins.enfance import backoffice, editions, in_flight, merging, reminders, selectors, sold
from plugins.enfance import demo as demo_data

SHEET_DAYS = 62
"""How far back the agents' sheet shows bookings: the month that is being billed, whole."""


@hookimpl
def family_tiles(context: FamilyContext) -> list[TileItem]:
    return [
        TileItem(
            tile=Tile.MY_FAMILY,
            label=_("Faire mes réservations et annulations pendant les périodes de réservation."),
            short_label=_("Réserver"),
            url=reverse("enfance:calendar"),
            icon="calendar-check",
            needs=Act.PLANNING,
            weight=20,
        )
    ]


@hookimpl
def family_panels(context: FamilyContext) -> list[Panel]:
    days = selectors.next_days(context)
    return [
        Panel(
            title=_("Les prochains jours"),
            template="enfance/next_days.html",
            context={"days": days},
            more_label=_("Réserver ou annuler"),
            more_url=reverse("enfance:calendar"),
            needs=Act.PLANNING,
            weight=10,
        )
    ]


@hookimpl
def notices(context: FamilyContext) -> list[Notice]:
    return reminders.windows(context)


@hookimpl
def issuable_documents(context: FamilyContext) -> list[IssuableDocument]:
    return editions.documents(context)


@hookimpl
def family_sheet_panels(context: FamilyContext, user: Any) -> list[Panel]:
    if not user.has_perm("enfance.view_booking"):
        return []
    return [
        Panel(
            title=_("Enfance"),
            template="enfance/agents/family_panel.html",
            context={
                "family_id": context.id,
                "enrolments": selectors.enrolments(user, context.id, context.today),
                "bookings": selectors.upcoming(user, context.id, context.today, since=SHEET_DAYS),
                "since": context.today - timedelta(days=SHEET_DAYS),
            },
            weight=20,
        )
    ]


@hookimpl
def billable_lines(scope: Scope) -> Iterator[BillableLine]:
    return selectors.billable(scope)


@hookimpl
def priced_services(today: date, family: FamilyContext | None) -> list[PricedService]:
    return sold.services(today, family)


@hookimpl
def family_audiences(family: FamilyContext | None) -> list[Audience]:
    return selectors.audiences(family)


@hookimpl
def affected_by_calendar(days: tuple[ChangedDay, ...], user: Any) -> list[Affected]:
    return [
        Affected(
            day=session.date,
            what=f"{session.activity.name}, {session.site.name}",
            people=session.taken,
            url=reverse("enfance:session", args=[session.pk]),
            weight=session.activity.position,
        )
        for session in selectors.open_on(user, days)
    ]


@hookimpl
def search_results(query: str) -> list[SearchResult]:
    return sold.found(query, clock.today())


@hookimpl
def merge_families(merge: FamilyMerge) -> Iterator[MergeEffect]:
    return merging.merge(merge)


@hookimpl
def journal_acts() -> list[JournalAct]:
    named = {
        "bookings_changed": gettext_lazy("Réservations changées par une personne déléguée"),
        "booking_cancelled": gettext_lazy("Réservation annulée par un agent"),
        "payer_changed": gettext_lazy("Payeur d’une réservation changé"),
        "child_enrolled": gettext_lazy("Enfant inscrit à une activité"),
        "enrolments_ended": gettext_lazy("Dernier jour d’inscription changé"),
        "session_changed": gettext_lazy("Séance changée, annulée ou rouverte"),
    }
    return [JournalAct(f"enfance.{code}", label) for code, label in named.items()]  # type: ignore[arg-type]


@hookimpl
def grants() -> list[Grant]:
    everything = (
        "view_activity", "change_activity",
        "view_bookingrule", "add_bookingrule",
        "view_bookingwindow", "add_bookingwindow", "change_bookingwindow", "delete_bookingwindow",
        "view_session", "change_session",
        "view_enrolment", "add_enrolment", "change_enrolment",
        "view_booking", "change_booking",
    )  # fmt: skip
    seen = ("view_activity", "view_session", "view_enrolment", "view_booking")
    expected = ("view_session", "view_booking")
    return [
        Grant(Trade.CHILDHOOD, tuple(f"enfance.{name}" for name in everything)),
        Grant(Trade.BILLING, tuple(f"enfance.{name}" for name in seen)),
        Grant(Trade.SITE_MANAGER, tuple(f"enfance.{name}" for name in seen)),
        Grant(Trade.FIELD, tuple(f"enfance.{name}" for name in expected)),
    ]


@hookimpl
def families_at(sites: frozenset[UUID], today: date) -> list[QuerySet[Any, Any]]:
    return [selectors.families_at(sites, today)]


@hookimpl
def backoffice_screens() -> list[Screen]:
    def screen(menu: Menu, label: str | Promise, model: str, weight: int, **where: object) -> Screen:
        return Screen(
            menu=menu,
            label=label,  # type: ignore[arg-type]
            icon="calendar" if model == "session" else "list-ul",
            permission=f"enfance.view_{model}",
            weight=weight,
            **where,  # type: ignore[arg-type]
        )

    lazy = gettext_lazy
    return [
        screen(Menu.CHILDHOOD, lazy("Séances du jour"), "session", 10, url_name="enfance:sessions"),
        screen(Menu.CHILDHOOD, lazy("Inscriptions"), "enrolment", 20, viewset=backoffice.EnrolmentViewSet),
        screen(
            Menu.CHILDHOOD, lazy("Places et fermetures"), "session", 30, viewset=backoffice.SessionViewSet
        ),
        screen(Menu.CHILDHOOD, lazy("Enfants attendus"), "booking", 15, url_name="enfance:expected"),
        screen(Menu.CHILDHOOD, lazy("Remplissage"), "session", 35, url_name="enfance:filling"),
        screen(
            Menu.CHILDHOOD,
            lazy("Périodes de réservation"),
            "bookingwindow",
            40,
            viewset=backoffice.WindowViewSet,
        ),
        screen(Menu.SETTINGS, lazy("Activités"), "activity", 20, viewset=backoffice.ActivityViewSet),
        screen(
            Menu.SETTINGS, lazy("Règles de réservation"), "bookingrule", 21, viewset=backoffice.RuleViewSet
        ),
    ]


@hookimpl
def disable_obstacles() -> list[Obstacle]:
    return in_flight.obstacles(today=clock.today(), now=clock.now())


@hookimpl
def load_demo(demo: Demo) -> list[str]:
    return demo_data.load(demo)
