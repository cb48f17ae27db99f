"""Pages of the household: its composition, its children, where they live, what is common to both homes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.contracts.family import Act, ChildRef, FamilyContext
from core.families.access import choose, family_holders, family_may, family_of
from core.families.common import FACTS
from core.families.consents import Verdict
from core.families.models import Authorisation, Child, CommonProposal, CustodyException, Guardian
from core.families.selectors import contacts_of
from core.families.selectors.common import Consent, consents_of, proposals_of
from core.families.selectors.custody import calendars, exceptions_of
from core.families.services import common, custody
from core.kernel import clock
from core.kernel.access import signed_in
from core.portal.forms import ExceptionForm, FactForm

AHEAD = timedelta(weeks=10)
"""How far the custody page looks."""


@require_POST
@signed_in
def switch_household(request: HttpRequest) -> HttpResponse:
    """Serve another of this account's households from now on."""
    try:
        key = UUID(request.POST.get("famille", ""))
    except ValueError:
        raise Http404 from None
    if not choose(request, key):
        raise Http404
    return redirect("portal:home")


def composition(context: FamilyContext) -> dict[str, Any]:
    """What « Ma composition familiale » shows to this person."""
    sees_contacts = context.may(Act.CONTACTS)
    children = None if context.mandate is None else [child.id for child in context.children]
    return {
        "sees_contacts": sees_contacts,
        "contacts": contacts_of(context.id, children) if sees_contacts else [],
    }


def child_of(context: FamilyContext, child_id: UUID) -> ChildRef:
    """The one way from an address to a child of the household; another's is 404."""
    found = context.child(child_id)
    if found is None:
        raise Http404
    return found


def guardian_of(context: FamilyContext) -> Guardian:
    return Guardian.objects.select_related("family", "person").get(pk=context.guardian.id)


@family_may(Act.PLANNING)
def child(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """A child of the family, and the ways to what is known about it."""
    context = family_of(request)
    found = child_of(context, child_id)
    data: dict[str, Any] = {"family": context, "child": found}
    if context.may(Act.HEALTH):
        data["consents"] = _shown(consents_of([found.id])[found.id], context)
    if context.authority:
        data["proposals"] = proposals_of([found.id])
        data["asked"] = [
            row
            for row in exceptions_of(found.id, context.today)
            if row.state == CustodyException.State.PROPOSED
        ]
        data["person"] = Child.objects.select_related("person").get(pk=found.id).person
    return render(request, "portal/child.html", data)


@dataclass(frozen=True, slots=True)
class ShownConsent:
    """An authorisation, and which of the three buttons is this guardian's word; the other's stays between them."""

    kind: str
    label: str
    verdict: Verdict
    mine: str
    choices: tuple[tuple[str, str], ...]


WORDS = {"oui": True, "non": False, "retirer": None}


def _shown(consents: list[Consent], context: FamilyContext) -> list[ShownConsent]:
    labels = (("oui", _("J’autorise")), ("non", _("Je n’autorise pas")))
    shown = []
    for consent in consents:
        said = consent.said_by(context.guardian.id)
        mine = "" if said is None else "oui" if said else "non"
        choices = (*labels, ("retirer", _("Retirer ma réponse"))) if mine else labels
        shown.append(ShownConsent(consent.kind, consent.label, consent.verdict, mine, choices))
    return shown


@family_holders
def custody_page(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Where a child of two homes lives in the coming weeks; posted, asks the other home for an exception."""
    context = family_of(request)
    found = child_of(context, child_id)
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            custody.propose_exception(
                child=Child.objects.get(pk=found.id),
                guardian=guardian_of(context),
                first_day=form.cleaned_data["first_day"],
                last_day=form.cleaned_data["last_day"],
                mine=form.cleaned_data["where"] == "ici",
                actor=request.user,
                today=context.today,
                now=clock.now(),
            )
        except custody.CustodyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("Votre demande est enregistrée. Rien ne change avant la réponse de l’autre parent."),
            )
            return redirect("portal:custody", found.id)
    known = calendars([found.id], context.today, context.today + AHEAD)
    data = {
        "family": context,
        "child": found,
        "shared": len(known.custody[found.id].homes) > 1,
        "stays": known.stays(found.id, context.today, context.today + AHEAD),
        "exceptions": exceptions_of(found.id, context.today),
        "home": next(rank for rank, home in known.custody[found.id].homes.items() if home == context.id),
        "form": form,
    }
    return render(request, "portal/custody.html", data)


@require_POST
@family_holders
def custody_answer(request: HttpRequest, child_id: UUID, exception_id: UUID) -> HttpResponse:
    """Accept, refuse or take back an exception."""
    context = family_of(request)
    found = child_of(context, child_id)
    exception = CustodyException.objects.filter(pk=exception_id, child=found.id).first()
    answer = request.POST.get("reponse")
    if exception is None or answer not in ("accepter", "refuser", "retirer"):
        raise Http404
    guardian = guardian_of(context)
    try:
        if answer == "retirer":
            custody.withdraw_exception(exception=exception, guardian=guardian, actor=request.user)
        else:
            custody.answer_exception(
                exception=exception,
                guardian=guardian,
                agreed=answer == "accepter",
                actor=request.user,
                today=context.today,
                now=clock.now(),
            )
    except custody.CustodyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Votre réponse est enregistrée."))
    return redirect("portal:custody", found.id)


@require_POST
@family_holders
def say(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Give, refuse or take back one authorisation."""
    context = family_of(request)
    found = child_of(context, child_id)
    kind, word = request.POST.get("objet", ""), request.POST.get("reponse", "")
    if kind not in Authorisation.Kind.values or word not in WORDS:
        raise Http404
    try:
        common.say(
            child=Child.objects.get(pk=found.id),
            guardian=guardian_of(context),
            kind=kind,
            allowed=WORDS[word],
            actor=request.user,
            now=clock.now(),
        )
    except common.CommonError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Votre réponse est enregistrée. L’autre parent la voit aussi."))
    return redirect("portal:child", found.id)


@family_holders
def identity(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Propose to both homes another value of something that they have in common."""
    context = family_of(request)
    found = child_of(context, child_id)
    record = Child.objects.select_related("person").get(pk=found.id)
    form = FactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            common.propose_change(
                child=record,
                guardian=guardian_of(context),
                fact=form.cleaned_data["fact"],
                value=form.cleaned_data["value"],
                actor=request.user,
                now=clock.now(),
            )
        except (common.CommonError, ValidationError) as error:
            form.add_error("value", error if isinstance(error, ValidationError) else str(error))
        else:
            messages.success(
                request,
                _("Votre proposition est enregistrée. L’autre parent ou le service y répond d’abord."),
            )
            return redirect("portal:child", found.id)
    known = Child.objects.select_related("person").get(pk=found.id).person
    facts = [(fact.label, getattr(known, fact.field)) for fact in FACTS.values()]
    data = {"family": context, "child": found, "facts": facts, "form": form}
    return render(request, "portal/identity.html", data)


@require_POST
@family_holders
def proposal_answer(request: HttpRequest, child_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Agree with, contest or take back a proposal."""
    context = family_of(request)
    found = child_of(context, child_id)
    proposal = CommonProposal.objects.filter(pk=proposal_id, child=found.id).first()
    answer = request.POST.get("reponse")
    if proposal is None or answer not in ("accepter", "contester", "retirer"):
        raise Http404
    guardian = guardian_of(context)
    try:
        if answer == "retirer":
            common.withdraw_proposal(proposal=proposal, guardian=guardian, actor=request.user)
        else:
            common.answer_proposal(
                proposal=proposal,
                guardian=guardian,
                agreed=answer == "accepter",
                actor=request.user,
                now=clock.now(),
            )
    except common.CommonError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("Votre réponse est enregistrée. Le service vous appellera tous les deux.")
            if answer == "contester"
            else _("Votre réponse est enregistrée."),
        )
    return redirect("portal:child", found.id)
