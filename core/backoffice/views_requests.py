"""Requests of families as agents handle them: one queue, and one page a request."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.screens import render_screen
from core.contracts.requests import Obstacle, RequestKind
from core.documents.models import SupportingDocument
from core.documents.selectors import VIEW, reached
from core.kernel import clock
from core.kernel.access import agent
from core.requests import attachments, kinds, selectors, services
from core.requests.errors import RequestError
from core.requests.models import ServiceRequest
from core.requests.states import MACHINE, OPEN, State
from core.requests.submissions import submission_of

PAGE_SIZE = 25
ACCESS = "requests.change_servicerequest"

VIEWS = {
    "a-faire": gettext_lazy("À traiter"),
    "miennes": gettext_lazy("Les miennes"),
    "attente": gettext_lazy("En attente de la famille"),
    "retard": gettext_lazy("En retard"),
    "closes": gettext_lazy("Closes"),
}
EMPTY = {
    "a-faire": gettext_lazy("Rien à traiter : les demandes des familles arriveront ici."),
    "miennes": gettext_lazy("Aucune demande ne vous est confiée. Prenez-en une dans « À traiter »."),
    "attente": gettext_lazy("Aucune famille ne vous doit de réponse."),
    "retard": gettext_lazy("Aucune demande n’est en retard."),
    "closes": gettext_lazy("Aucune demande n’est encore close."),
}


class _Text(forms.Form):
    text = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, help_text


def _forms(request: HttpRequest, act: str, ref: Any, kind: RequestKind) -> dict[str, Any]:
    """The forms of the page; the one of `act` holds what was posted."""

    def posted(name: str) -> Any:
        return request.POST if act == name else None

    return {
        "ask": _Text(
            posted("ask"),
            prefix="question",
            label=_("Ce que vous demandez à la famille"),
            help_text=_("Elle le reçoit par courriel. La demande attend sa réponse."),
        ),
        "refuse": _Text(
            posted("refuse"),
            prefix="refus",
            label=_("La raison du refus"),
            help_text=_("La famille la lit : dites aussi qui appeler."),
        ),
        "note": _Text(
            posted("note"),
            prefix="note",
            label=_("Note entre agents"),
            help_text=_("La famille ne la voit pas."),
        ),
        "decision": kind.decision(ref, posted("accept")) if kind.decision else None,
    }


@agent(ACCESS)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, what is due first on top; the view and the words searched stay in the address."""
    which = request.GET.get("vue", "a-faire")
    which = which if which in VIEWS else "a-faire"
    text = request.GET.get("q", "").strip()
    today = clock.today()
    handled = selectors.handled_by(request.user)
    found = selectors.queue(handled, which=which, user=request.user, today=today, text=text)
    counts = selectors.counts(handled, user=request.user, today=today)
    labels = {code: kind.label for code, kind in kinds.every().items()}
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    data = {
        "page": page,
        "rows": [(row, labels.get(row.kind, row.kind)) for row in page.object_list],
        "views": [(name, label, counts[name], name == which) for name, label in VIEWS.items()],
        "which": which,
        "empty": EMPTY[which],
        "query": text,
        "today": today,
    }
    return render_screen(request, "backoffice/requests.html", data, title=_("Demandes"), icon="mail")


@agent(ACCESS)
def detail(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what was asked, what is known, the timeline; a POST is one act on it."""
    found = get_object_or_404(
        selectors.handled_by(request.user).select_related("user", "assigned_to", "service", "family"),
        pk=request_id,
    )
    kind = _kind(found)
    act = request.POST.get("acte", "") if request.method == "POST" else ""
    if act == "attach":
        return _attach(request, found)
    shown = _forms(request, act, services.ref_of(found), kind)
    if request.method == "POST":
        try:
            if said := _act(request, found, act, shown):
                messages.success(request, said)
                return redirect("backoffice:request", found.pk)
        except (RequestError, Obstacle) as error:
            _tell(request, shown, act, str(error))
            found.refresh_from_db()
    return _page(request, found, kind, shown)


def _attach(request: HttpRequest, found: ServiceRequest) -> HttpResponse:
    """Join a document of the family, or one that the town gave it."""
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
                by_agent=True,
            )
        except RequestError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Le document est joint, la famille le voit."))
    return redirect("backoffice:request", found.pk)


def _joinable(request: HttpRequest, found: ServiceRequest) -> list[SupportingDocument]:
    if found.family_id is None or not request.user.has_perm(VIEW):
        return []
    return attachments.joinable(found, reached(request.user), [found.family_id])


def _kind(found: ServiceRequest) -> RequestKind:
    try:
        return kinds.find(found.kind)
    except LookupError as error:
        raise Http404 from error


def _act(request: HttpRequest, found: ServiceRequest, act: str, shown: dict[str, Any]) -> str:
    """Do what was asked and say it; "" when a form has something to correct."""
    doer: Any = request.user
    who: dict[str, Any] = {"request_id": found.pk, "actor": doer, "now": clock.now()}
    seen: dict[str, Any] = {"version": _version(request)}
    match act:
        case "take":
            services.take(**who, **seen)
            return _("Cette demande est à vous.")
        case "ask" | "note" | "refuse":
            form = shown[act]
            if not form.is_valid():
                return ""
            text = form.cleaned_data["text"]
            if act == "ask":
                services.ask(**who, **seen, text=text, submission=submission_of(request.POST))
                return _("La famille est prévenue. La demande attend sa réponse.")
            if act == "note":
                services.remark(**who, text=text, submission=submission_of(request.POST))
                return _("La note est gardée.")
            services.refuse(**who, **seen, reason=text)
            return _("La demande est refusée, la famille est prévenue.")
        case "accept":
            decision = shown["decision"]
            if decision is not None and not decision.is_valid():
                return ""
            services.accept(**who, **seen, choices=decision.cleaned_data if decision is not None else {})
            return _("La demande est acceptée, la famille est prévenue.")
    raise Http404


def _version(request: HttpRequest) -> int | None:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None


def _tell(request: HttpRequest, shown: dict[str, Any], act: str, error: str) -> None:
    """On the form where the text was typed, so that it stays; else above the page."""
    form = (
        shown["decision" if act == "accept" else act] if act in ("ask", "note", "refuse", "accept") else None
    )
    if form is not None and form.is_bound:
        form.add_error(None, error)
    else:
        messages.error(request, error)


def _page(
    request: HttpRequest, found: ServiceRequest, kind: RequestKind, shown: dict[str, Any]
) -> HttpResponse:
    ref = services.ref_of(found)
    data = {
        "request_": found,
        "kind": kind,
        "sections": kind.sections(found.data),
        "panel": kind.panel(ref) if kind.panel and found.state in OPEN else None,
        "timeline": selectors.timeline(found, notes=True),
        "forms": shown,
        "attached": attachments.attached(
            found,
            reached(request.user) if request.user.has_perm(VIEW) else SupportingDocument.objects.none(),
        ),
        "joinable": _joinable(request, found),
        "submission": submission_of(request.POST),
        "open": found.state in OPEN,
        "may_ask": found.state == State.WAITING or MACHINE.allows(found.state, State.WAITING),
        "late": found.state in (State.SUBMITTED, State.IN_PROGRESS)
        and found.due_on is not None
        and found.due_on < clock.today(),
    }
    trail = [(_("Demandes"), reverse("backoffice:requests"))]
    return render_screen(
        request, "backoffice/request.html", data, title=found.reference, icon="mail", trail=trail
    )


routes = [
    path("demandes/", queue, name="requests"),
    path("demandes/<uuid:request_id>/", detail, name="request"),
]
