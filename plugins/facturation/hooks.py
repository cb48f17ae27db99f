"""What this plugin contributes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.access import Duty, Grant, Trade
from core.contracts.backoffice import Menu, Screen
from core.contracts.billing import InvoiceIssued
from core.contracts.demo import Demo
from core.contracts.family import Act, FamilyContext, FamilyMerge, MergeEffect
from core.contracts.jobs import Job
from core.contracts.lifecycle import Obstacle
from core.contracts.markers import hookimpl
from core.contracts.navigation import Tile, TileItem
from core.contracts.notices import Notice
from core.contracts.notifications import Topic
from core.contracts.pages import Panel
from core.contracts.payments import PaymentProvider
from core.contracts.requests import RequestKind
from core.kernel import clock, state
from core.ui.formats import euros
from plugins.facturation import backoffice, in_flight, mail, merging, questions, sandbox
from plugins.facturation import demo as demo_data
from plugins.facturation.models import Invoice
from plugins.facturation.selectors import invoices
from plugins.facturation.services.follow_up import follow_open_payments

SHEET_INVOICES = 6


@hookimpl
def family_tiles(context: FamilyContext) -> list[TileItem]:
    return [
        TileItem(
            tile=Tile.DASHBOARD,
            label=_("Consulter et payer mes factures"),
            short_label=_("Factures"),
            url=reverse("facturation:invoices"),
            icon="receipt",
            needs=Act.MONEY,
            weight=30,
        )
    ]


@hookimpl
def family_panels(context: FamilyContext) -> list[Panel]:
    owed = _owed(context)
    if not owed:
        return []
    return [
        Panel(
            title=_("À payer"),
            template="facturation/to_pay_panel.html",
            context={
                "rows": [(row, invoices.standing(row, context.today, row.pending)) for row in owed],  # type: ignore[attr-defined]
                "total": sum(row.due_cents for row in owed),
            },
            more_label=_("Toutes mes factures"),
            more_url=reverse("facturation:invoices"),
            needs=Act.MONEY,
            weight=20,
        )
    ]


def _owed(context: FamilyContext) -> list[Invoice]:
    """What the family owes now. One statement for a whole page."""
    return state.once(("facturation.to_pay", context), lambda: list(invoices.to_pay(context, clock.now())))


@hookimpl
def notices(context: FamilyContext) -> list[Notice]:
    return [
        Notice(
            key=f"facturation.facture-{row.pk}",
            label=_("Payer une facture"),
            detail=_("%(title)s : %(due)s.") % {"title": row.title, "due": euros(row.due_cents)},
            until=row.due_on,
            url=reverse("facturation:invoice", args=[row.pk]),
            needs=Act.MONEY,
            icon="receipt",
        )
        for row in _owed(context)
        if not row.pending  # type: ignore[attr-defined]
    ]


@hookimpl
def family_sheet_panels(context: FamilyContext, user: Any) -> list[Panel]:
    if not (user.has_perm("facturation.view_invoice") or user.has_perm("facturation.view_payment")):
        return []
    rows = invoices.search().filter(family__in=context.ids)[:SHEET_INVOICES]
    owed = invoices.balance(*context.ids)
    return [
        Panel(
            title=_("Facturation"),
            template="facturation/agents/family_panel.html",
            context={
                "balance": owed,
                "credit": -owed,
                "rows": [(row, invoices.standing(row, context.today)) for row in rows],
            },
            weight=40,
        )
    ]


@hookimpl
def merge_families(merge: FamilyMerge) -> Iterator[MergeEffect]:
    return merging.effects(merge)


@hookimpl
def payment_providers() -> list[PaymentProvider]:
    return [sandbox.SandboxProvider()] if sandbox.is_offered() else []


@hookimpl
def grants() -> list[Grant]:
    computes = (
        "view_run", "add_run", "change_run", "issue_run", "view_invoice",
        "view_regie", "add_regie", "change_regie",
        "view_productmapping", "add_productmapping", "change_productmapping", "delete_productmapping",
    )  # fmt: skip
    collects = ("view_payment", "change_payment", "view_receipt")
    return [
        Grant(Trade.BILLING, tuple(f"facturation.{name}" for name in computes), Duty.ORDERS),
        Grant(Trade.CASHIER, tuple(f"facturation.{name}" for name in collects), Duty.COLLECTS),
    ]


@hookimpl
def backoffice_screens() -> list[Screen]:
    def screen(menu: Menu, label: Any, icon: str, model: str, weight: int, **where: object) -> Screen:
        permission = f"facturation.view_{model}"
        return Screen(menu=menu, label=label, icon=icon, permission=permission, weight=weight, **where)  # type: ignore[arg-type]

    lazy = gettext_lazy
    return [
        screen(Menu.BILLING, lazy("Calculs du mois"), "list-ol", "run", 10, url_name="facturation:runs"),
        screen(
            Menu.BILLING, lazy("Factures"), "doc-full", "invoice", 20, url_name="facturation:agent_invoices"
        ),
        screen(Menu.BILLING, lazy("Restes à payer"), "warning", "invoice", 30, url_name="facturation:unpaid"),
        screen(
            Menu.CASHIER, lazy("Paiements"), "tick-inverse", "payment", 10, url_name="facturation:payments"
        ),
        screen(Menu.SETTINGS, lazy("Régies"), "home", "regie", 40, viewset=backoffice.RegieViewSet),
        screen(
            Menu.SETTINGS,
            lazy("Produits facturés"),
            "tag",
            "productmapping",
            41,
            viewset=backoffice.ProductViewSet,
        ),
    ]


@hookimpl
def notification_topics() -> list[Topic]:
    return [mail.INVOICE_READY]


@hookimpl
def request_kinds() -> list[RequestKind]:
    return [questions.KIND]


@hookimpl
def on_invoice_issued(event: InvoiceIssued) -> None:
    mail.announce(invoice_id=event.invoice)


@hookimpl
def jobs() -> list[Job]:
    return [
        Job(
            name="paiements",
            label=gettext_lazy("Demander où en sont les paiements en cours"),  # type: ignore[arg-type]
            schedule=timedelta(minutes=10),
            run=follow_open_payments,
            runs_while_off=True,
        )
    ]


@hookimpl
def disable_obstacles() -> list[Obstacle]:
    return in_flight.obstacles()


@hookimpl
def load_demo(demo: Demo) -> list[str]:
    return demo_data.load(demo)
