"""Documents that an agent makes for a family, and papers that somebody brings to be checked."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.screens import render_screen
from core.editions import services
from core.editions.models import IssuedDocument
from core.families.models import Family
from core.families.reach import reached
from core.families.selectors import context_for_agent
from core.kernel import clock
from core.kernel.access import agent

ISSUE = "editions.add_issueddocument"
CHECK = "editions.view_issueddocument"
SHOWN = 20


class CheckForm(forms.Form):
    reference = forms.CharField(
        label=gettext_lazy("Référence imprimée sur le document"),
        max_length=20,
        help_text=gettext_lazy("Par exemple « 7K3M-92QX »."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@agent(ISSUE)
def editions(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """What may be made for a family, and the papers that were, whoever asked for them."""
    family = get_object_or_404(reached(request.user, ISSUE), pk=family_id)
    context = context_for_agent(family.pk, clock.today())
    data = {
        "family": family,
        "documents": services.offered(context) if context else [],
        "issued": IssuedDocument.objects.filter(family=family).select_related("issued_by")[:SHOWN],
    }
    trail = [(_("Familles"), reverse("backoffice:families")), (family.name, _sheet(family))]
    return render_screen(
        request, "backoffice/editions.html", data, title=_("Éditer un document"), icon="doc-full", trail=trail
    )


@agent(ISSUE)
def issue(request: HttpRequest, family_id: UUID, code: str) -> HttpResponse:
    """Make one: the answer is the file."""
    family = get_object_or_404(reached(request.user, ISSUE), pk=family_id)
    context = context_for_agent(family.pk, clock.today())
    document = services.find(context, code) if context else None
    if context is None or document is None:
        raise Http404
    if request.method != "POST":
        return redirect("backoffice:editions", family.pk)
    made = services.issue(
        context=context,
        document=document,
        actor=request.user,  # type: ignore[arg-type]
        now=clock.now(),
        by_agent=True,
    )
    return services.as_file(made)


@agent(CHECK)
def check(request: HttpRequest) -> HttpResponse:
    """Is a paper ours, and would it say the same today? A family out of reach is not named."""
    form = CheckForm(request.GET or None)
    verdict, family = None, None
    asked = form.is_bound and form.is_valid()
    if asked:
        verdict = services.check(reference=form.cleaned_data["reference"], now=clock.now())
    if verdict:
        family = reached(request.user, CHECK).filter(pk=verdict.row.family_id).first()
    data = {
        "form": form,
        "asked": asked,
        "verdict": verdict,
        "family": family,
        "sees_sheet": family is not None and request.user.has_perm("families.view_family"),
    }
    return render_screen(
        request, "backoffice/edition_check.html", data, title=_("Vérifier un document"), icon="doc-full"
    )


def _sheet(family: Family) -> str:
    return reverse("backoffice:family", args=[family.pk])


routes = [
    path("editions/verifier/", check, name="check_edition"),
    path("familles/<uuid:family_id>/editions/", editions, name="editions"),
    path("familles/<uuid:family_id>/editions/<str:code>/", issue, name="issue_document"),
]
