"""Pages where a parent lets somebody act, and where that person accepts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.families.access import choose, family_holders, family_of, forget, households
from core.families.models import Mandate
from core.families.selectors.mandates import mandate_for, mandates_of
from core.families.services.mandates import (
    MandateError,
    accept_mandate,
    mandate_of_link,
    propose_mandate,
    revoke_mandate,
)
from core.kernel import clock
from core.kernel.access import signed_in
from core.portal.forms import MandateForm
from core.portal.household import guardian_of


@never_cache
@family_holders
def mandates(request: HttpRequest) -> HttpResponse:
    """Those that this guardian gave, and the form that gives one more. The link is in the answer to the POST only."""
    context = family_of(request)
    form = MandateForm(request.POST or None, family=context)
    made: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            mandate, secret = propose_mandate(
                guardian=guardian_of(context),
                actor=request.user,
                name=form.cleaned_data["name"],
                relation=form.cleaned_data["relation"],
                children=form.children_ids,
                acts=form.acts,
                valid_to=form.cleaned_data["valid_to"],
                today=context.today,
                now=clock.now(),
            )
        except MandateError as error:
            form.add_error(None, str(error))
        else:
            link = request.build_absolute_uri(reverse("portal:accept_mandate", args=[secret]))
            made = {"made": mandate, "link": link}
            form = MandateForm(None, family=context)
    data = {"family": context, "mandates": mandates_of(context), "form": form, **made}
    return render(request, "portal/mandates.html", data)


@require_POST
@family_holders
def revoke(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """The guardian takes a mandate back."""
    context = family_of(request)
    mandate = mandate_for(context, mandate_id)
    if mandate is None:
        raise Http404
    _end(request, mandate)
    return redirect("portal:mandates")


@require_POST
@signed_in
def give_up(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """The delegate gives a mandate back."""
    found = next((home.mandate for home in households(request) if home.key == mandate_id), None)
    if found is None:
        raise Http404
    _end(request, found)
    return redirect("portal:home")


def _end(request: HttpRequest, mandate: Mandate) -> None:
    try:
        revoke_mandate(mandate=mandate, actor=request.user, now=clock.now())
    except MandateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("La délégation est retirée : elle ne permet plus rien."))


@never_cache
@signed_in
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever received the link reads what is asked, and accepts with an account of his or her own."""
    mandate = mandate_of_link(secret=secret, now=clock.now())
    if mandate is None:
        return render(request, "portal/mandate_unknown.html", status=404)
    error = ""
    if request.method == "POST":
        try:
            accepted = accept_mandate(
                mandate=mandate, user=request.user, today=clock.today(), now=clock.now()
            )
        except MandateError as refusal:
            error = str(refusal)
        else:
            forget(request)
            choose(request, accepted.pk)
            messages.success(request, _("Vous pouvez maintenant agir pour cette famille."))
            return redirect("portal:home")
    children = mandate.children.select_related("person")
    data = {"mandate": mandate, "children": children, "acts": sorted(mandate.acts), "error": error}
    return render(request, "portal/mandate_accept.html", data)
