"""« Mes documents »: what the town asks for, what was sent and what became of it, what the town gave."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.documents import selectors, services
from core.documents.access import document_of, documents_of, file_in, own_document
from core.documents.errors import DocumentError
from core.documents.forms import DepositForm, FilesForm
from core.documents.models import DocumentType, SupportingDocument
from core.documents.services import Refusal
from core.documents.serving import hand_over
from core.documents.states import State
from core.families.access import family_of, family_only
from core.kernel import clock
from core.requests.submissions import submission_of


@family_only
def documents(request: HttpRequest) -> HttpResponse:
    """Everything on one page. Two statements beside the family's own."""
    context = family_of(request)
    found = list(documents_of(request).prefetch_related(None))
    types = selectors.types_for(context)
    town = SupportingDocument.Origin.TOWN
    data = {
        "missing": selectors.missing(context, types, found),
        "ending": selectors.ending(found, today=context.today),
        "given": [document for document in found if document.origin == town],
        "sent": [document for document in found if document.origin != town],
        "types": types,
        "family": context,
    }
    return render(request, "portal/documents/index.html", data)


@family_only
def deposit(request: HttpRequest, code: str) -> HttpResponse:
    """Send a document of one type. Files that are right are kept, whatever the others are."""
    context = family_of(request)
    kind = next((kind for kind in selectors.types_for(context) if kind.code == code), None)
    if kind is None:
        raise Http404
    posted = request.method == "POST"
    form = DepositForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        kind=kind,
        children=[(child.id, child.first_name) for child in context.children],
        initial={"enfant": request.GET.get("enfant", "")} if request.GET.get("enfant") else None,
    )
    if posted and form.is_valid():
        try:
            made = services.deposit(
                family_id=context.id,
                child_id=form.child_id,
                type=kind,
                received=form.received,
                actor=request.user,
                now=clock.now(),
                issued_on=form.cleaned_data.get("date"),
                note=form.cleaned_data["note"],
                submission=submission_of(request.POST),
            )
        except DocumentError as error:
            form.add_error("date" if "date" in form.fields else None, str(error))
        else:
            messages.success(request, _("Votre document est envoyé. La mairie va le vérifier."))
            _say(request, form.refused)
            return redirect("portal:document", made.pk)
    data = {"form": form, "kind": kind, "submission": submission_of(request.POST)}
    return render(request, "portal/documents/deposit.html", data)


@family_only
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """One document; posted, more of its pages."""
    context = family_of(request)
    found = document_of(request, document_id)
    own = selectors.own(context, found)
    open_ = own and found.state == State.RECEIVED and found.origin == SupportingDocument.Origin.FAMILY
    posted = request.method == "POST"
    if posted and not open_:
        raise Http404
    form = FilesForm(request.POST if posted else None, request.FILES if posted else None) if open_ else None
    if posted and form and form.is_valid():
        try:
            services.add_files(
                document_id=found.pk, received=form.received, actor=request.user, now=clock.now()
            )
        except DocumentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("C’est ajouté."))
            _say(request, form.refused)
            return redirect("portal:document", found.pk)
    data: dict[str, Any] = {
        "document": found,
        "own": own,
        "form": form,
        "may_withdraw": own and _may_withdraw(found),
        "again": own
        and found.type
        and found.type.active
        and found.state in (State.REFUSED, State.EXPIRED)
        and found.type in selectors.types_for(context),
        "subject": DocumentType.Subject,
    }
    return render(request, "portal/documents/document.html", data)


def _may_withdraw(found: SupportingDocument) -> bool:
    return found.origin == SupportingDocument.Origin.FAMILY and found.state in (
        State.RECEIVED,
        State.REFUSED,
    )


@require_POST
@family_only
def withdraw(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Take back what was sent."""
    found = own_document(request, document_id)
    try:
        services.withdraw(document_id=found.pk, actor=request.user)
    except DocumentError as error:
        messages.error(request, str(error))
        return redirect("portal:document", found.pk)
    messages.success(request, _("Votre document est retiré, ses fichiers sont détruits."))
    return redirect("portal:documents")


@family_only
def file(request: HttpRequest, document_id: UUID, file_id: UUID) -> HttpResponseBase:
    """One file; `?telecharger` downloads it."""
    found = file_in(documents_of(request), document_id, file_id)
    return hand_over(found, actor=request.user, download="telecharger" in request.GET)


def _say(request: HttpRequest, refused: list[Refusal]) -> None:
    for refusal in refused:
        messages.error(request, _("Pas gardé : %(refusal)s") % {"refusal": refusal})


routes = [
    path("documents/", documents, name="documents"),
    path("documents/envoyer/<slug:code>/", deposit, name="deposit"),
    path("documents/<uuid:document_id>/", document, name="document"),
    path("documents/<uuid:document_id>/retirer/", withdraw, name="withdraw_document"),
    path("documents/<uuid:document_id>/fichiers/<uuid:file_id>/", file, name="document_file"),
]
