"""« Mes demandes »: what somebody asked, where it stands, what is said of it; also for an account without a family."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.documents.models import SupportingDocument
from core.documents.selectors import of_family
from core.families.access import current
from core.kernel import clock
from core.kernel.access import signed_in
from core.requests import attachments, kinds, selectors, services
from core.requests.access import requests_of
from core.requests.errors import RequestError
from core.requests.models import RequestAttachment, ServiceRequest
from core.requests.states import State
from core.requests.submissions import submission_of

PAGE_SIZE = 20


class MessageForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Votre message"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )


@signed_in
def requests(request: HttpRequest) -> HttpResponse:
    page = Paginator(requests_of(request), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "portal/requests.html", {"page": page, "has_family": current(request) is not None})


@signed_in
def detail(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _page(request, _found(request, request_id), MessageForm())


@signed_in
def submit(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Send a draft, once however often the button is pressed."""
    found = _found(request, request_id)
    if request.method == "POST":
        try:
            sent = services.submit(request_id=found.pk, actor=request.user, now=clock.now())  # type: ignore[arg-type]
        except RequestError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                _("Votre demande est envoyée. Sa référence : %(reference)s.") % {"reference": sent.reference},
            )
    return redirect("portal:request", found.pk)


@signed_in
def cancel(request: HttpRequest, request_id: UUID) -> HttpResponse:
    found = _found(request, request_id)
    if request.method == "POST":
        try:
            services.cancel(request_id=found.pk, actor=request.user, now=clock.now())  # type: ignore[arg-type]
        except RequestError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Votre demande est annulée."))
    return redirect("portal:request", found.pk)


@signed_in
def attach(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Join one of the household's documents, which stays where it is and serves elsewhere too."""
    found = _found(request, request_id)
    if request.method == "POST":
        chosen = next(
            (one for one in _joinable(request, found) if str(one.pk) == request.POST.get("piece")), None
        )
        if chosen is None:
            messages.error(request, _("Choisissez un document de la liste."))
        else:
            try:
                attachments.attach(
                    request_id=found.pk,
                    document=chosen,
                    actor=request.user,  # type: ignore[arg-type]
                    now=clock.now(),
                )
            except RequestError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("Le document est joint à votre demande."))
    return redirect("portal:request", found.pk)


def _joinable(request: HttpRequest, found: ServiceRequest) -> list[SupportingDocument]:
    context = current(request)
    if context is None or found.family_id not in context.ids:
        return []
    return attachments.joinable(found, of_family(context), context.ids)


def _attached(request: HttpRequest, found: ServiceRequest) -> list[tuple[RequestAttachment, bool]]:
    context = current(request)
    readable = of_family(context) if context else SupportingDocument.objects.none()
    return attachments.attached(found, readable)


@signed_in
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    found = _found(request, request_id)
    if request.method != "POST":
        return redirect("portal:request", found.pk)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            services.answer(
                request_id=found.pk,
                actor=request.user,  # type: ignore[arg-type]
                text=form.cleaned_data["text"],
                now=clock.now(),
                submission=submission_of(request.POST),
            )
        except RequestError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Votre message est envoyé."))
            return redirect("portal:request", found.pk)
    return _page(request, found, form)


def _found(request: HttpRequest, request_id: UUID) -> ServiceRequest:
    return get_object_or_404(requests_of(request), pk=request_id)


def _page(request: HttpRequest, found: ServiceRequest, form: MessageForm) -> HttpResponse:
    try:
        kind = kinds.find(found.kind)
    except LookupError as error:
        raise Http404 from error
    ref = services.ref_of(found)
    draft = found.state == State.DRAFT
    timeline = selectors.timeline(found)
    asked = [line for line in timeline if line.by_agent and line.text]
    context: dict[str, Any] = {
        "request_": found,
        "kind": kind,
        "sections": kind.sections(found.data),
        "timeline": timeline,
        "question": asked[-1].text if asked and found.state == State.WAITING else "",
        "form": form,
        "submission": submission_of(request.POST),
        "edit_url": kind.edit_url(ref) if draft and kind.edit_url else "",
        "draft": draft,
        "waiting": found.state == State.WAITING,
        "attached": _attached(request, found),
        "joinable": _joinable(request, found),
        "may_write": found.is_open,
        "may_cancel": found.is_open or draft,
    }
    return render(request, "portal/request.html", context)
