"""A parent's invoices and receipts."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.contracts.family import Act
from core.families.access import family_may, family_of
from core.kernel import clock
from core.requests.access import requests_of
from core.requests.submissions import submission_of
from plugins.facturation import documents
from plugins.facturation.errors import PaymentInFlight, PaymentRefused
from plugins.facturation.forms import QuestionForm
from plugins.facturation.models import Invoice
from plugins.facturation.questions import DELAY_DAYS
from plugins.facturation.selectors import invoices as reads
from plugins.facturation.selectors.payments import paid_invoices, receipt_for
from plugins.facturation.selectors.questions import questions_about
from plugins.facturation.selectors.statement import statement
from plugins.facturation.services.payments import offered_providers, start_payment
from plugins.facturation.services.questions import ask

PAGE_SIZE = 24


@family_may(Act.MONEY)
def invoices(request: HttpRequest) -> HttpResponse:
    """What is owed now, then everything."""
    context, now = family_of(request), clock.now()
    owed = list(reads.to_pay(context, now))
    page = Paginator(reads.invoices_of(context, now), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "facturation/invoices.html",
        {
            "owed": [(row, reads.standing(row, context.today, row.pending)) for row in owed],  # type: ignore[attr-defined]
            "total": sum(row.due_cents for row in owed),
            "page": page,
            "rows": [(row, reads.standing(row, context.today, row.pending)) for row in page],  # type: ignore[attr-defined]
            "providers": offered_providers(),
        },
    )


def _invoice(request: HttpRequest, invoice_id: UUID) -> Invoice:
    found = reads.invoice_for(family_of(request), invoice_id, clock.now())
    if found is None:
        raise Http404
    return found


@family_may(Act.MONEY)
def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """One invoice: how much, until when, how to pay, then its lines and their reasons."""
    found = _invoice(request, invoice_id)
    state = reads.standing(found, clock.today(), found.pending)  # type: ignore[attr-defined]
    return render(
        request,
        "facturation/invoice.html",
        {
            "invoice": found,
            "standing": state,
            "statement": statement(found.pk),
            "settlements": reads.settlements(found) if found.settled_cents and not found.is_credit else [],
            "providers": offered_providers(),
            "asked": questions_about(requests_of(request), found),
        },
    )


@family_may(Act.MONEY)
def question(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Ask about an invoice; the answer is followed in « Mes demandes »."""
    found = _invoice(request, invoice_id)
    form = QuestionForm(request.POST) if request.method == "POST" else QuestionForm()
    if form.is_valid():
        sent = ask(
            invoice=found,
            family=family_of(request),
            actor=request.user,
            subject=form.cleaned_data["subject"],
            text=form.cleaned_data["text"],
            now=clock.now(),
            submission=submission_of(request.POST),
        )
        said = _("Votre question est envoyée. Sa référence : %(reference)s.") % {"reference": sent.reference}
        messages.success(request, said)
        return redirect("portal:request", sent.pk)
    return render(
        request,
        "facturation/question.html",
        {
            "invoice": found,
            "form": form,
            "days": DELAY_DAYS,
            "submission": submission_of(request.POST),
            "asked": questions_about(requests_of(request), found),
        },
    )


@family_may(Act.MONEY)
def invoice_pdf(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    found = _invoice(request, invoice_id)
    url = request.build_absolute_uri(reverse("facturation:invoice", args=[found.pk]))
    return as_pdf(documents.invoice_pdf(found, url=url), found.reference)


@require_POST
@family_may(Act.MONEY)
def pay(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """One click: to the provider's page, for what is left of this invoice."""
    found = _invoice(request, invoice_id)
    context = family_of(request)
    offered = offered_providers()
    chosen = request.POST.get("moyen") or (offered[0].code if offered else "")
    try:
        payment = start_payment(
            invoices=[found.pk],
            family=found.family_id,
            payer=context.guardian.id,
            provider=chosen,
            account=request.user,
            email=request.user.email,  # type: ignore[union-attr]
            base_url=request.build_absolute_uri("/").rstrip("/"),
            now=clock.now(),
        )
    except PaymentInFlight as error:
        messages.warning(request, str(error))
        return redirect("facturation:payment", error.payment_id)
    except PaymentRefused as error:
        messages.error(request, str(error))
        return redirect("facturation:invoice", found.pk)
    return redirect(payment.redirect_url)


@family_may(Act.MONEY)
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    found = receipt_for(family_of(request), receipt_id)
    if found is None:
        raise Http404
    return render(
        request,
        "facturation/receipt.html",
        {"receipt": found, "payment": found.payment, "paid": paid_invoices(found.payment)},
    )


@family_may(Act.MONEY)
def receipt_pdf(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    found = receipt_for(family_of(request), receipt_id)
    if found is None:
        raise Http404
    return as_pdf(documents.receipt_pdf(found), found.reference)


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """A document that the browser opens, never kept by a shared cache."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
