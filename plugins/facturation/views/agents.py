"""Screens of the two trades: Facturation computes and issues, Régie collects."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.backoffice import exports
from core.backoffice.progress import progress_answer
from core.backoffice.screens import render_screen
from core.backoffice.tables import Column
from core.contracts.billing import Period
from core.kernel import clock
from core.kernel.access import agent
from core.ui.formats import month as month_words
from plugins.facturation import documents, tasks
from plugins.facturation.errors import BillingError, ConfirmationNeeded
from plugins.facturation.models import Payment, Run
from plugins.facturation.selectors import invoices as invoice_reads
from plugins.facturation.selectors import payments as payment_reads
from plugins.facturation.selectors import runs as run_reads
from plugins.facturation.selectors.statement import statement
from plugins.facturation.services import issuing
from plugins.facturation.services import runs as run_acts
from plugins.facturation.services.payments import refresh_payment
from plugins.facturation.services.sources import name_of, sources_off
from plugins.facturation.views.family import as_pdf

PAGE_SIZE = 50


def _trail() -> list[tuple[str, str]]:
    return [(_("Calculs du mois"), reverse("facturation:runs"))]


# Runs ----------------------------------------------------------------------------------------------------------------


@agent("facturation.view_run")
def runs(request: HttpRequest) -> HttpResponse:
    """Every run, the last first."""
    found = (
        run_reads.runs_for(request.user)
        .select_related("created_by")
        .annotate(documents=Count("invoices"), cents=Sum("invoices__total_cents"))
        .order_by("-created_at")
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render_screen(
        request, "facturation/agents/runs.html", {"page": page}, title=_("Calculs du mois"), icon="list-ol"
    )


class RunForm(forms.Form):
    """A finished month, and the sources that are off to leave aside by name."""

    period = forms.ChoiceField(label=gettext_lazy("Mois à facturer"))
    excluded = forms.MultipleChoiceField(
        label=gettext_lazy("Modules désactivés à écarter"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leurs lignes déjà facturées resteront comme elles sont."),
    )

    def __init__(self, *args: Any, today: date, off: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (
                period.first_day.isoformat(),
                month_words(period.first_day) + (_(" (déjà facturé : corrections seules)") if issued else ""),
            )
            for period, issued in run_reads.billable_months(today)
        ]
        if off:
            self.fields["excluded"].choices = [(slug, name_of(slug)) for slug in off]  # type: ignore[attr-defined]
        else:
            del self.fields["excluded"]


@agent("facturation.add_run")
def new_run(request: HttpRequest) -> HttpResponse:
    """Choose a month; the drafting begins at once, in the background."""
    off = sources_off()
    form = RunForm(request.POST or None, today=clock.today(), off=off)
    if request.method == "POST" and form.is_valid():
        try:
            run = run_acts.create_run(
                period=Period(date.fromisoformat(form.cleaned_data["period"])),
                excluded_sources=form.cleaned_data.get("excluded", []),
                actor=request.user,
                now=clock.now(),
                today=clock.today(),
            )
        except BillingError as error:
            form.add_error(None, str(error))
        else:
            tasks.draft_run.enqueue(str(run.pk))
            return redirect("facturation:run", run.pk)
    context = {"form": form, "off": off, "submit": _("Calculer"), "cancel_url": reverse("facturation:runs")}
    return render_screen(
        request,
        "facturation/agents/new_run.html",
        context,
        title=_("Nouveau calcul"),
        icon="list-ol",
        trail=_trail(),
    )


@agent("facturation.view_run")
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """A run: its progress, then its differences to review, then what it issued."""
    return _run_screen(request, get_object_or_404(run_reads.runs_for(request.user), pk=run_id))


def _run_screen(request: HttpRequest, found: Run, confirm: str = "") -> HttpResponse:
    working = found.state in (Run.State.DRAFT, Run.State.ISSUING)
    context: dict[str, Any] = {
        "run": found,
        "working": working and not found.error,
        "excluded": [name_of(slug) for slug in found.excluded_sources],
        "confirm": confirm,
    }
    if not working and found.state != Run.State.CANCELLED:
        page = Paginator(run_reads.changed_keys(found, earlier=False), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        earlier = run_reads.changed_keys(found, earlier=True)
        shown = list(earlier[:PAGE_SIZE])
        context |= {
            "summary": run_reads.summary(found),
            "new_rows": run_reads.new_by_service(found),
            "fixes": run_reads.fixes(found, list(page)),
            "fixes_page": page,
            "earlier_fixes": run_reads.fixes(found, shown),
            "earlier_more": earlier.count() - len(shown) if len(shown) == PAGE_SIZE else 0,
        }
    title = _("Facturer %(month)s") % {"month": month_words(found.period)}
    return render_screen(
        request, "facturation/agents/run.html", context, title=title, icon="list-ol", trail=_trail()
    )


@agent("facturation.view_run")
def progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far a run is, for the script of its page."""
    found = get_object_or_404(run_reads.runs_for(request.user, "facturation.view_run"), pk=run_id)
    working = found.state in (Run.State.DRAFT, Run.State.ISSUING) and not found.error
    return progress_answer(done=found.done, total=found.total, working=working)


@agent("facturation.change_run")
@require_POST
def draft(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Go on with a run that was stopped, or compute it again from scratch."""
    found = get_object_or_404(run_reads.runs_for(request.user, "facturation.change_run"), pk=run_id)
    try:
        if not request.POST.get("reprendre"):
            run_acts.take_back(run_id=found.pk)
    except BillingError as error:
        messages.error(request, str(error))
    else:
        Run.objects.filter(pk=found.pk).update(error="")
        tasks.draft_run.enqueue(str(found.pk))
    return redirect("facturation:run", found.pk)


@agent("facturation.issue_run")
@require_POST
def issue(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Issue the invoices of a run, after a second question when it corrects much; or go on with a stopped issue."""
    found = get_object_or_404(run_reads.runs_for(request.user, "facturation.issue_run"), pk=run_id)
    try:
        if found.state != Run.State.ISSUING:
            issuing.start_issue(run_id=found.pk, today=clock.today(), confirmed="confirme" in request.POST)
    except ConfirmationNeeded as error:
        return _run_screen(request, found, confirm=str(error))
    except BillingError as error:
        messages.error(request, str(error))
    else:
        Run.objects.filter(pk=found.pk).update(error="")
        tasks.issue_run.enqueue(str(found.pk))
    return redirect("facturation:run", found.pk)


@agent("facturation.change_run")
def cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    found = get_object_or_404(run_reads.runs_for(request.user, "facturation.change_run"), pk=run_id)
    back = reverse("facturation:run", args=[found.pk])
    if request.method == "POST":
        try:
            run_acts.cancel_run(run_id=found.pk)
        except BillingError as error:
            messages.error(request, str(error))
            return redirect(back)
        messages.success(request, _("Le calcul est annulé : rien n’a été émis."))
        return redirect("facturation:runs")
    context = {
        "message": _("Annuler ce calcul efface ses brouillons. Aucune facture n’est concernée."),
        "submit": _("Annuler le calcul"),
        "cancel_url": back,
        "danger": True,
    }
    return render_screen(
        request, "backoffice/confirm.html", context, title=_("Annuler le calcul"), icon="bin", trail=_trail()
    )


# Invoices ------------------------------------------------------------------------------------------------------------


@agent("facturation.view_invoice")
def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    found = get_object_or_404(invoice_reads.invoices_for(request.user).select_related("regie"), pk=invoice_id)
    context = {
        "invoice": found,
        "standing": invoice_reads.standing(found, clock.today()),
        "statement": statement(found.pk),
        "settlements": invoice_reads.settlements(found),
    }
    trail = [(_("Factures"), reverse("facturation:agent_invoices"))]
    title = found.reference
    return render_screen(
        request, "facturation/agents/invoice.html", context, title=title, icon="doc-full", trail=trail
    )


@agent("facturation.view_invoice")
def invoice_pdf(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    found = get_object_or_404(invoice_reads.invoices_for(request.user).select_related("regie"), pk=invoice_id)
    url = request.build_absolute_uri(reverse("facturation:invoice", args=[found.pk]))
    return as_pdf(documents.invoice_pdf(found, url=url), found.reference)


# Régie ---------------------------------------------------------------------------------------------------------------


PAYMENT_COLUMNS = (
    Column(gettext_lazy("Référence"), lambda row: row.reference),
    Column(gettext_lazy("Payeur"), lambda row: str(row.payer)),
    Column(gettext_lazy("Commencé le"), lambda row: row.created_at),
    Column(gettext_lazy("État"), lambda row: row.get_state_display()),
    Column(gettext_lazy("Reçu"), lambda row: row.receipt.reference if hasattr(row, "receipt") else None),
    Column(gettext_lazy("Montant"), lambda row: row.amount, number=True),
    Column(gettext_lazy("À vérifier"), lambda row: row.alert),
)


@agent("facturation.view_payment")
def payments(request: HttpRequest) -> HttpResponseBase:
    """What came in on line, what waits, what must be looked at."""
    keep = {name: request.GET.get(name, "") for name in ("q", "etat")}
    among = payment_reads.payments_for(request.user)
    found = payment_reads.search(keep["q"], keep["etat"], among=among)
    if exports.asked(request):
        return exports.spreadsheet(request, found, PAYMENT_COLUMNS, name="paiements")
    context = {
        "keep": keep,
        "exports": exports.links(request),
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "takings": payment_reads.takings(found),
        "states": Payment.State.choices,
    }
    return render_screen(
        request, "facturation/agents/payments.html", context, title=_("Paiements"), icon="tick-inverse"
    )


@agent("facturation.change_payment")
@require_POST
def ask_again(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Ask the provider about a payment now."""
    mine = payment_reads.payments_for(request.user, "facturation.change_payment")
    if not mine.filter(pk=payment_id).exists():
        raise Http404
    found = refresh_payment(payment_id=payment_id, now=clock.now())
    messages.success(
        request,
        _("Paiement %(reference)s : %(state)s.")
        % {"reference": found.reference, "state": found.get_state_display()},
    )
    return redirect("facturation:payments")
