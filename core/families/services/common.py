"""Acts on what is common to both homes of a child: words of authorisation, proposals of change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.families.common import FACTS, MACHINE, State
from core.families.models import Authorisation, Child, CommonProposal, Guardian
from core.families.signals import moved
from core.kernel import journal
from core.kernel.transitions import IllegalTransition


class CommonError(Exception):
    """An act that cannot be done; the message is a French sentence that may be shown."""


def holders_of(child_id: UUID) -> list[Guardian]:
    """Who holds the parental authority over a child, in both homes. One statement."""
    return list(
        Guardian.objects.filter(
            family__child_links__child=child_id, parental_authority=True, merged_into__isnull=True
        )
        .select_related("person")
        .order_by("family__child_links__position", "position")
    )


def _check_holder(child: Child, guardian: Guardian) -> None:
    if guardian.pk not in {holder.pk for holder in holders_of(child.pk)}:
        raise CommonError(_("Seul un parent qui exerce l’autorité parentale peut le faire."))


@transaction.atomic
def say(
    *, child: Child, guardian: Guardian, kind: str, allowed: bool | None, actor: Any, now: datetime
) -> Authorisation | None:
    """What a holder says of one thing from now on; None takes the word back. What was said before stays, dated.

    Saying the same again changes nothing. Raises CommonError for anybody else.
    """
    _check_holder(child, guardian)
    Child.objects.select_for_update(of=("self",)).get(pk=child.pk)
    standing = Authorisation.objects.filter(
        child=child, guardian=guardian, kind=kind, ended_at__isnull=True
    ).first()
    if standing and standing.allowed == allowed:
        return standing
    if standing:
        Authorisation.objects.filter(pk=standing.pk).update(ended_at=now)
    journal.record(
        actor=actor,
        act="families.authorisation_said",
        object=child,
        concerning=[child],
        on_behalf_of=guardian.person_id,
        changes={kind: [standing.allowed if standing else None, allowed]},
    )
    if allowed is None:
        return None
    word = Authorisation(
        child=child, guardian=guardian, kind=kind, allowed=allowed, said_at=now, recorded_by=actor
    )
    word.full_clean()
    word.save()
    return word


@transaction.atomic
def propose_change(
    *, child: Child, guardian: Guardian, fact: str, value: str, actor: Any, now: datetime
) -> CommonProposal:
    """Propose to both homes another value of a common fact. Raises CommonError, or ValidationError on the value."""
    _check_holder(child, guardian)
    if fact not in FACTS:
        raise CommonError(_("Ce point n’est pas commun aux deux foyers."))
    value = value.strip()
    if str(getattr(child.person, FACTS[fact].field) or "") == value:
        raise CommonError(_("C’est déjà ce qui est noté."))
    _set(child, fact, value)
    if CommonProposal.objects.filter(child=child, fact=fact, state__in=CommonProposal.OPEN).exists():
        raise CommonError(_("Une proposition attend déjà une réponse sur ce point."))
    proposal = CommonProposal.objects.create(
        child=child, fact=fact, value=value, proposed_by=guardian, proposed_at=now
    )
    _journal(proposal, actor, "families.change_proposed")
    moved.send(CommonProposal, thing=proposal)
    return proposal


@transaction.atomic
def answer_proposal(
    *, proposal: CommonProposal, guardian: Guardian, agreed: bool, reason: str = "", actor: Any, now: datetime
) -> CommonProposal:
    """Another holder agrees, and it is applied, or contests, and an agent settles. Raises CommonError."""
    found = _locked(proposal)
    _check_holder(found.child, guardian)
    if found.proposed_by.person_id == guardian.person_id:
        raise CommonError(_("C’est à l’autre parent de répondre."))
    if found.state != State.PROPOSED:
        raise CommonError(_("Cette proposition a déjà sa réponse."))
    found.answered_by, found.answered_at, found.reason = guardian, now, reason.strip()[:300]
    return _move(found, State.APPLIED if agreed else State.CONTESTED, actor)


@transaction.atomic
def withdraw_proposal(*, proposal: CommonProposal, guardian: Guardian, actor: Any) -> CommonProposal:
    """Whoever proposed takes it back. Raises CommonError."""
    found = _locked(proposal)
    if found.proposed_by.person_id != guardian.person_id:
        raise CommonError(_("Cette proposition n’est pas la vôtre."))
    return _move(found, State.WITHDRAWN, actor)


@transaction.atomic
def settle_proposal(
    *, proposal: CommonProposal, accepted: bool, reason: str, actor: Any, now: datetime
) -> CommonProposal:
    """An agent decides, with the reason that both parents read. Raises CommonError."""
    if not reason.strip():
        raise CommonError(_("Donnez la raison que liront les parents."))
    found = _locked(proposal)
    found.settled_by, found.settled_at, found.reason = actor, now, reason.strip()[:300]
    return _move(found, State.APPLIED if accepted else State.REJECTED, actor)


def _locked(proposal: CommonProposal) -> CommonProposal:
    return (
        CommonProposal.objects.select_for_update(of=("self",))
        .select_related("child__person", "proposed_by")
        .get(pk=proposal.pk)
    )


def _set(child: Child, fact: str, value: str) -> None:
    """Put the value on the person, checked, without writing it."""
    known = FACTS[fact]
    try:
        setattr(child.person, known.field, known.read(value))
    except ValueError:
        raise ValidationError(_("Cette valeur ne peut pas être lue.")) from None
    child.person.clean_fields(exclude=[f.name for f in child.person._meta.fields if f.name != known.field])


def _move(proposal: CommonProposal, wanted: State, actor: Any) -> CommonProposal:
    try:
        MACHINE.check(proposal.state, wanted)
    except IllegalTransition:
        raise CommonError(_("Cette proposition a déjà sa réponse.")) from None
    proposal.state = wanted.value
    proposal.save()
    if wanted is State.APPLIED:
        _set(proposal.child, proposal.fact, proposal.value)
        proposal.child.person.save(update_fields=[FACTS[proposal.fact].field])
    _journal(proposal, actor, f"families.change_{wanted}")
    moved.send(CommonProposal, thing=proposal)
    return proposal


def _journal(proposal: CommonProposal, actor: Any, act: str) -> None:
    """Both homes read it: a common fact is theirs."""
    child = ("families.child", proposal.child_id)
    journal.record(
        actor=actor,
        act=act,
        object=proposal,
        concerning=[child],
        changes={"fact": proposal.fact},
        reason=proposal.reason,
    )
