"""Documents of families as agents handle them: what waits, one document with its files, those of a family."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.forms import NativeDate
from core.backoffice.screens import render_screen
from core.documents import selectors, services
from core.documents.access import file_in
from core.documents.errors import DocumentError
from core.documents.forms import FilesForm
from core.documents.models import DocumentType, SupportingDocument
from core.documents.selectors import ADD, CHANGE, VIEW
from core.documents.serving import hand_over
from core.documents.states import State
from core.families.models import Child, Family
from core.families.reach import reached as families_reached
from core.kernel import clock
from core.kernel.access import agent
from core.requests.submissions import submission_of

PAGE_SIZE = 25
VIEWS = {
    "a-verifier": gettext_lazy("À vérifier"),
    "a-renouveler": gettext_lazy("Valables encore un mois au plus"),
    "toutes": gettext_lazy("Toutes"),
}
EMPTY = {
    "a-verifier": gettext_lazy("Rien à vérifier : les documents des familles arriveront ici."),
    "a-renouveler": gettext_lazy("Aucun document n’arrive à sa date de fin dans le mois."),
    "toutes": gettext_lazy("Aucune famille n’a encore envoyé de document."),
}


class CheckForm(forms.Form):
    until = forms.DateField(
        label=gettext_lazy("Valable jusqu’au"),
        required=False,
        widget=NativeDate,
        help_text=gettext_lazy("La date écrite sur le document l’emporte. Vide : sans fin."),
    )


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("La raison du refus"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("La famille la lit dans son espace : dites ce qu’il faut envoyer."),
    )


class GiveForm(FilesForm):
    """What the town gives. The files come last, once the rest is right."""

    title = forms.CharField(label=gettext_lazy("Titre"), max_length=150)
    child = forms.ModelChoiceField(
        Child.objects.none(),
        label=gettext_lazy("À propos de"),
        required=False,
        empty_label=gettext_lazy("toute la famille"),
    )
    type = forms.ModelChoiceField(
        DocumentType.objects.none(),
        label=gettext_lazy("Qui le lit, comme pour"),
        required=False,
        empty_label=gettext_lazy("tous les responsables du foyer"),
    )
    note = forms.CharField(
        label=gettext_lazy("Message à la famille"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_order = ("title", "child", "type", "note", "fichiers")

    def __init__(self, *args: Any, family: Family, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["photos"]
        child: Any = self.fields["child"]
        child.queryset = Child.objects.filter(families=family).select_related("person")
        kinds: Any = self.fields["type"]
        hidden = [
            reading
            for reading, permission in (
                (DocumentType.Reading.HEALTH, selectors.READ_HEALTH),
                (DocumentType.Reading.MONEY, selectors.READ_MONEY),
            )
            if not user.has_perm(permission)
        ]
        kinds.queryset = DocumentType.objects.filter(active=True, shared=False).exclude(reading__in=hidden)


@agent(VIEW)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, what came first on top; the view and the words searched stay in the address."""
    which = request.GET.get("vue", "a-verifier")
    which = which if which in VIEWS else "a-verifier"
    text = request.GET.get("q", "").strip()
    found = selectors.queue(selectors.reached(request.user), which=which, today=clock.today(), text=text)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    data = {
        "page": page,
        "views": [(name, label, name == which) for name, label in VIEWS.items()],
        "which": which,
        "empty": EMPTY[which],
        "query": text,
        "unscanned": selectors.waiting_for_antivirus(),
    }
    return render_screen(request, "backoffice/documents.html", data, title=_("Pièces"), icon="doc-full")


@agent(VIEW)
def detail(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """One document; a POST checks or refuses it."""
    found = get_object_or_404(
        selectors.reached(request.user)
        .select_related("deposited_by", "decided_by")
        .prefetch_related("files"),
        pk=paper_id,
    )
    changes = selectors.reached(request.user, CHANGE).filter(pk=found.pk).exists()
    act = request.POST.get("acte", "") if request.method == "POST" else ""
    shown = {
        "check": CheckForm(request.POST if act == "check" else None, initial={"until": found.valid_until}),
        "refuse": RefuseForm(request.POST if act == "refuse" else None, prefix="refus"),
    }
    if request.method == "POST":
        if not changes or act not in shown:
            raise Http404
        form = shown[act]
        if form.is_valid():
            try:
                messages.success(request, _act(request, found, act, form.cleaned_data))
            except DocumentError as error:
                if found.state == State.RECEIVED:
                    form.add_error(None, str(error))
                else:  # somebody decided meanwhile: the form is not there any more
                    messages.error(request, str(error))
            else:
                return redirect("backoffice:document", found.pk)
    data = {
        "document": found,
        "forms": shown if changes and found.state == State.RECEIVED else {},
        "readings": DocumentType.Reading,
    }
    return render_screen(
        request,
        "backoffice/document.html",
        data,
        title=str(found),
        icon="doc-full",
        trail=[(_("Pièces"), reverse("backoffice:documents"))],
    )


def _act(request: HttpRequest, found: SupportingDocument, act: str, typed: dict[str, Any]) -> str:
    who: dict[str, Any] = {"document_id": found.pk, "actor": request.user, "now": clock.now()}
    if act == "refuse":
        services.refuse(**who, reason=typed["reason"])
        return _("Le document est refusé, la famille est prévenue.")
    services.check(**who, until=typed["until"])
    if found.type and not found.type.keeps_files:
        return _("Le document est vérifié, ses fichiers sont détruits.")
    return _("Le document est vérifié.")


@agent(VIEW)
def file(request: HttpRequest, paper_id: UUID, file_id: UUID) -> HttpResponseBase:
    """One file; the journal says who opened it, and the family reads that."""
    found = file_in(selectors.reached(request.user), paper_id, file_id)
    return hand_over(found, actor=request.user, download="telecharger" in request.GET)


@agent(VIEW)
def of_family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """The documents of a family; a POST gives it one."""
    family = get_object_or_404(families_reached(request.user, VIEW), pk=family_id)
    gives = families_reached(request.user, ADD).filter(pk=family.pk).exists()
    posted = request.method == "POST"
    if posted and not gives:
        raise Http404
    form = (
        GiveForm(
            request.POST if posted else None,
            request.FILES if posted else None,
            family=family,
            user=request.user,
        )
        if gives
        else None
    )
    if posted and form and form.is_valid():
        typed = form.cleaned_data
        services.give(
            family_id=family.pk,
            title=typed["title"],
            child_id=typed["child"].pk if typed["child"] else None,
            type=typed["type"],
            note=typed["note"],
            received=form.received,
            actor=request.user,
            now=clock.now(),
            submission=submission_of(request.POST),
        )
        messages.success(request, _("Le document est déposé, la famille est prévenue."))
        for refusal in form.refused:
            messages.error(request, _("Pas gardé : %(refusal)s") % {"refusal": refusal})
        return redirect("backoffice:family_documents", family.pk)
    rows = selectors.about(selectors.reached(request.user), family.pk).order_by("-deposited_at", "pk")
    data = {
        "family": family,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "submission": submission_of(request.POST),
    }
    trail = [
        (_("Familles"), reverse("backoffice:families")),
        (family.name, reverse("backoffice:family", args=[family.pk])),
    ]
    return render_screen(
        request, "backoffice/family_documents.html", data, title=_("Pièces"), icon="doc-full", trail=trail
    )


routes = [
    path("pieces/", queue, name="documents"),
    path("pieces/<uuid:paper_id>/", detail, name="document"),
    path("pieces/<uuid:paper_id>/fichiers/<uuid:file_id>/", file, name="document_file"),
    path("familles/<uuid:family_id>/pieces/", of_family, name="family_documents"),
]
