"""Agents' screens about a household: records known twice, where a child of two homes lives, parents who disagree."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.backoffice.forms_families import DecisionForm, RuleForm, SharesForm
from core.backoffice.screens import render_screen
from core.families.models import Child, ChildInFamily, CommonProposal, Family
from core.families.reach import reached
from core.families.selectors.common import contradictions, proposals_to_settle
from core.families.selectors.custody import calendars
from core.families.selectors.duplicates import suspicions
from core.families.services import custody, set_payer_shares
from core.families.services.common import CommonError, settle_proposal
from core.families.services.guardians import set_rights
from core.families.services.merging import MergeRefused, merge, plan
from core.kernel import clock
from core.kernel.access import agent
from core.kernel.calls import ContributionFailed

CHANGE = "families.change_family"
CUSTODY = "families.change_custodyrule"
READ_DECISIONS = "families.view_courtdecision"
ADD_DECISIONS = "families.add_courtdecision"
SETTLE = "families.change_commonproposal"

AHEAD = timedelta(weeks=6)


def _trail(family: Family | None = None) -> list[tuple[str, str]]:
    steps = [(_("Familles"), reverse("backoffice:families"))]
    if family:
        steps.append((family.name, reverse("backoffice:family", args=[family.pk])))
    return steps


# Known twice ---------------------------------------------------------------------------------------------------------


@agent(CHANGE)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Families that look like one, each pair once, those that share most people first."""
    allowed = set(reached(request.user, CHANGE).values_list("pk", flat=True))
    pairs = [pair for pair in suspicions() if {pair.first.pk, pair.second.pk} <= allowed]
    return render_screen(
        request,
        "backoffice/duplicates.html",
        {"pairs": pairs},
        title=_("Familles en double"),
        icon="group",
        trail=_trail(),
    )


@agent(CHANGE)
def merge_preview(request: HttpRequest, kept_id: UUID, absorbed_id: UUID) -> HttpResponse:
    """What a merge would do, line by line; posted, it is done."""
    mine = reached(request.user, CHANGE)
    kept, absorbed = get_object_or_404(mine, pk=kept_id), get_object_or_404(mine, pk=absorbed_id)
    today, now = clock.today(), clock.now()
    try:
        if request.method == "POST":
            merge(kept=kept, absorbed=absorbed, actor=request.user, today=today, now=now)
            messages.success(request, _("Les deux dossiers n’en font plus qu’un."))
            return redirect("backoffice:family", kept.pk)
        shown = plan(kept=kept, absorbed=absorbed, today=today, now=now)
    except MergeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("backoffice:duplicates")
    except ContributionFailed as failure:
        messages.error(
            request, _("Le module « %(slug)s » a échoué : rien n’a été réuni.") % {"slug": failure.slug}
        )
        return redirect("backoffice:duplicates")
    return render_screen(
        request,
        "backoffice/merge.html",
        {"plan": shown, "effects": [effect for effect in shown.effects if effect.count]},
        title=_("Réunir deux dossiers ?"),
        icon="group",
        trail=[*_trail(), (_("Familles en double"), reverse("backoffice:duplicates"))],
    )


# Who pays and who decides --------------------------------------------------------------------------------------------


@agent(CHANGE)
def shares(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """What each guardian pays of what the family owes, the parental authority, and what may be done without it."""
    family = get_object_or_404(reached(request.user, CHANGE), pk=family_id)
    guardians = list(family.guardians.filter(merged_into__isnull=True).select_related("person"))
    form = SharesForm(request.POST if request.method == "POST" else None, guardians=guardians)
    if request.method == "POST" and guardians and form.is_valid() and _saved(form, family, request.user):
        messages.success(
            request, _("Les parts et les droits sont enregistrés. Ce qui est réservé ne change pas.")
        )
        return redirect("backoffice:family", family.pk)
    return render_screen(
        request,
        "backoffice/shares.html",
        {"form": form if guardians else None, "cancel_url": reverse("backoffice:family", args=[family.pk])},
        title=_("Parts et droits des responsables"),
        icon="group",
        trail=_trail(family),
    )


def _saved(form: SharesForm, family: Family, actor: Any) -> bool:
    """All of it or nothing; False, with the reason on the form, when a guardian came or went meanwhile."""
    reason = form.cleaned_data["reason"]
    try:
        with transaction.atomic():
            set_payer_shares(family=family, shares=form.shares, reason=reason, actor=actor)
            for guardian, authority, acts in form.rights:
                set_rights(
                    guardian=guardian,
                    authority=authority,
                    acts=acts,
                    reason=reason,
                    actor=actor,
                    now=clock.now(),
                )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


# Where a child lives -------------------------------------------------------------------------------------------------


def _child(request: HttpRequest, family_id: UUID, child_id: UUID, permission: str) -> tuple[Family, Child]:
    family = get_object_or_404(reached(request.user, permission), pk=family_id)
    found = get_object_or_404(Child.objects.select_related("person"), pk=child_id, families=family)
    return family, found


@agent(CUSTODY)
def custody_sheet(request: HttpRequest, family_id: UUID, child_id: UUID) -> HttpResponse:
    """The rules of a child, the coming weeks, and the form that writes one more rule."""
    family, child = _child(request, family_id, child_id, CUSTODY)
    links = list(ChildInFamily.objects.filter(child=child).select_related("family").order_by("position"))
    today = clock.today()
    form = RuleForm(
        request.POST if request.method == "POST" else None,
        homes=[(link.position, link.family.name) for link in links],
        decisions=child.court_decisions.all() if request.user.has_perm(READ_DECISIONS) else None,
        initial={"valid_from": today},
        prefix="garde",
    )
    if request.method == "POST" and len(links) > 1 and form.is_valid():
        try:
            custody.set_rule(child=child, actor=request.user, **form.rule)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("La règle est enregistrée. Les jours déjà réservés ne changent pas."))
            return redirect("backoffice:custody", family.pk, child.pk)
    names = {link.family_id: link.family.name for link in links}
    stays = calendars([child.pk], today, today + AHEAD).stays(child.pk, today, today + AHEAD)
    data = {
        "family": family,
        "child": child,
        "shared": len(links) > 1,
        "stays": [(stay, names[stay.family]) for stay in stays],
        "rules": list(child.custody_rules.all()),
        "form": form if len(links) > 1 else None,
        "reads_decisions": request.user.has_perm(READ_DECISIONS),
    }
    return render_screen(
        request,
        "backoffice/custody.html",
        data,
        title=_("Garde de %(name)s") % {"name": child.person.first_name},
        icon="calendar",
        trail=_trail(family),
    )


@agent(READ_DECISIONS)
def decisions(request: HttpRequest, family_id: UUID, child_id: UUID) -> HttpResponse:
    """What courts decided about a child; each reading is journalled, and the parents may see that it was done."""
    family, child = _child(request, family_id, child_id, READ_DECISIONS)
    writes = request.user.has_perm(ADD_DECISIONS)
    form = DecisionForm(request.POST if request.method == "POST" else None) if writes else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            custody.record_decision(child=child, actor=request.user, now=clock.now(), **form.decision)
            messages.success(request, _("La décision est enregistrée."))
            return redirect("backoffice:decisions", family.pk, child.pk)
    data: dict[str, Any] = {
        "family": family,
        "child": child,
        "decisions": custody.read_decisions(child=child, actor=request.user),
        "form": form,
    }
    answer = render_screen(
        request,
        "backoffice/decisions.html",
        data,
        title=_("Décisions de justice, %(name)s") % {"name": child.person.first_name},
        icon="lock",
        trail=_trail(family),
    )
    answer["Cache-Control"] = "no-store"
    return answer


# Parents who disagree ------------------------------------------------------------------------------------------------


@agent(SETTLE)
def disagreements(request: HttpRequest) -> HttpResponse:
    """Proposals that wait for an agent, and children about whom two parents say opposite things."""
    mine = reached(request.user, SETTLE)
    data = {
        "proposals": [
            (row, str(getattr(row.child.person, row.fact) or ""))
            for row in proposals_to_settle().filter(child__families__in=mine).distinct()
        ],
        "children": contradictions().filter(families__in=mine).distinct().prefetch_related("families"),
    }
    return render_screen(
        request,
        "backoffice/disagreements.html",
        data,
        title=_("Désaccords entre parents"),
        icon="warning",
        trail=_trail(),
    )


@require_POST
@agent(SETTLE)
def settle(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Apply or refuse a proposal, with the reason that both parents read."""
    mine = reached(request.user, SETTLE)
    found = CommonProposal.objects.filter(child__families__in=mine).distinct()
    proposal = get_object_or_404(found, pk=proposal_id)
    try:
        settle_proposal(
            proposal=proposal,
            accepted=request.POST.get("decision") == "appliquer",
            reason=request.POST.get("reason", ""),
            actor=request.user,
            now=clock.now(),
        )
    except CommonError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("La décision est enregistrée ; les deux parents la lisent."))
    return redirect("backoffice:disagreements")


routes = [
    path("familles/doublons/", duplicates, name="duplicates"),
    path("familles/desaccords/", disagreements, name="disagreements"),
    path("familles/desaccords/<uuid:proposal_id>/", settle, name="settle"),
    path("familles/<uuid:kept_id>/reunir/<uuid:absorbed_id>/", merge_preview, name="merge"),
    path("familles/<uuid:family_id>/parts-et-droits/", shares, name="shares"),
    path("familles/<uuid:family_id>/enfants/<uuid:child_id>/garde/", custody_sheet, name="custody"),
    path("familles/<uuid:family_id>/enfants/<uuid:child_id>/decisions/", decisions, name="decisions"),
]
