"""Activation codes, given from the sheet of a family: by letter, or told at the desk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from core.backoffice import selectors
from core.backoffice.screens import render_screen
from core.families.models import Guardian
from core.kernel import clock
from core.kernel.access import agent
from core.kernel.addresses import absolute
from core.opening import services
from core.opening.codes import State, state_at
from core.opening.errors import OpeningError
from core.opening.forms import DeskForm
from core.opening.letter import activation_letter
from core.opening.models import ActivationCode

ACCESS = "opening.add_activationcode"
Channel = ActivationCode.Channel


@agent(ACCESS)
def activation(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    """Where a guardian's account stands, and the two ways to give a code; a POST at the desk shows it once."""
    guardian = _guardian(request, guardian_id)
    form = DeskForm(request.POST or None)
    given = None
    if request.method == "POST" and form.is_valid():
        try:
            given = services.issue(
                person_id=guardian.person_id,
                channel=Channel.DESK,
                actor=request.user,  # type: ignore[arg-type]
                now=clock.now(),
                identity_document=form.cleaned_data["identity_document"],
            )
        except OpeningError as error:
            form.add_error(None, str(error))
    answer = _page(request, guardian, form, given)
    if given:
        answer["Cache-Control"] = "no-store"
    return answer


@agent(ACCESS)
def letter(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    """Give a code by letter: the answer is the letter itself, to be printed now. Nobody can read it again."""
    guardian = _guardian(request, guardian_id)
    if request.method != "POST":
        return redirect("backoffice:activation", guardian.pk)
    try:
        given = services.issue(
            person_id=guardian.person_id,
            channel=Channel.LETTER,
            actor=request.user,  # type: ignore[arg-type]
            now=clock.now(),
        )
    except OpeningError as error:
        messages.error(request, str(error))
        return redirect("backoffice:activation", guardian.pk)
    answer = HttpResponse(activation_letter(given), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="lettre-activation.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@agent(ACCESS)
def revoke(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    """Take back the code that is valid."""
    guardian = _guardian(request, guardian_id)
    held = ActivationCode.objects.filter(person=guardian.person_id, state=State.ISSUED).first()
    if request.method == "POST" and held:
        services.revoke(code_id=held.pk, actor=request.user, now=clock.now())  # type: ignore[arg-type]
        messages.success(request, _("Le code n’est plus valable."))
    return redirect("backoffice:activation", guardian.pk)


def _guardian(request: HttpRequest, guardian_id: UUID) -> Guardian:
    """Of a family that the agent may open; else 404."""
    families = selectors.families_of(request.user)
    return get_object_or_404(
        Guardian.objects.filter(family__in=families).select_related("person__user", "family"), pk=guardian_id
    )


def _page(
    request: HttpRequest, guardian: Guardian, form: DeskForm, given: services.Given | None
) -> HttpResponse:
    now = clock.now()
    codes = list(ActivationCode.objects.filter(person=guardian.person_id).select_related("issued_by")[:10])
    data: dict[str, Any] = {
        "guardian": guardian,
        "form": form,
        "given": given,
        "site": absolute(reverse("opening:activate")),
        "codes": [(row, State(state_at(row.state, row.expires_at, now)).label) for row in codes],
        "held": next(
            (row for row in codes if state_at(row.state, row.expires_at, now) == State.ISSUED), None
        ),
    }
    trail = [
        (_("Familles"), reverse("backoffice:families")),
        (guardian.family.name, reverse("backoffice:family", args=[guardian.family_id])),
    ]
    title = _("Compte de %(name)s") % {"name": guardian.person}
    return render_screen(request, "backoffice/activation.html", data, title=title, icon="key", trail=trail)


routes = [
    path("activations/<uuid:guardian_id>/", activation, name="activation"),
    path("activations/<uuid:guardian_id>/lettre/", letter, name="activation_letter"),
    path("activations/<uuid:guardian_id>/annuler/", revoke, name="revoke_activation"),
]
