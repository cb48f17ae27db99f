"""Acts on where a child of two homes lives. A change that moves days from a family to the other touches no booking:
what is booked stays, and whoever booked it may still give it back."""

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.families.models import (
    Child,
    ChildInFamily,
    CourtDecision,
    CustodyException,
    CustodyRule,
    Guardian,
    Person,
    PickUpBan,
)
from core.families.signals import moved
from core.kernel import journal

LONGEST = 62
"""Days of one exception: more is another rule, which agents write."""


class CustodyError(Exception):
    """An act that cannot be done; the message is a French sentence that may be shown."""


def set_rule(
    *,
    child: Child,
    valid_from: date,
    kind: str,
    home: int,
    anchor: date | None = None,
    change_weekday: int = 1,
    change_hour: time = time(8, 30),
    first_half_even: int | None = None,
    decision: CourtDecision | None = None,
    actor: Any = None,
) -> CustodyRule:
    """Write the rule that holds from a day on; one that began the same day is replaced. Raises ValidationError."""
    if decision and decision.child_id != child.pk:
        raise ValidationError(_("Cette décision de justice concerne un autre enfant."))
    rule = CustodyRule.objects.filter(child=child, valid_from=valid_from).first() or CustodyRule(
        child=child, valid_from=valid_from
    )
    rule.kind, rule.home, rule.decision = kind, home, decision
    rule.anchor = anchor if kind == CustodyRule.Kind.ANCHOR else None
    rule.change_weekday, rule.change_hour, rule.first_half_even = change_weekday, change_hour, first_half_even
    rule.full_clean()
    with transaction.atomic():
        rule.save()
        written = {"kind": kind, "home": home, "valid_from": valid_from}
        _journal(child, actor, "families.custody_rule_set", rule, written)
    return rule


def home_of(child_id: Any, family_id: Any) -> int:
    """The rank of a family among the child's. Raises CustodyError where it is none of them."""
    link = ChildInFamily.objects.filter(child=child_id, family=family_id).first()
    if link is None:
        raise CustodyError(_("Cet enfant n’est pas de cette famille."))
    return link.position


@transaction.atomic
def propose_exception(
    *,
    child: Child,
    guardian: Guardian,
    first_day: date,
    last_day: date,
    mine: bool,
    actor: Any,
    today: date,
    now: datetime,
) -> CustodyException:
    """Ask the other home to have (`mine`) or to leave some days. Raises CustodyError."""
    home = home_of(child.pk, guardian.family_id)
    if not guardian.parental_authority:
        raise CustodyError(_("Seul un parent qui exerce l’autorité parentale peut le demander."))
    if not ChildInFamily.objects.filter(child=child, position=3 - home).exists():
        raise CustodyError(_("Cet enfant n’a qu’un foyer."))
    if last_day < first_day:
        raise CustodyError(_("Le dernier jour vient avant le premier."))
    if first_day < today:
        raise CustodyError(_("Ces jours sont passés."))
    if (last_day - first_day).days >= LONGEST:
        raise CustodyError(
            _("Une exception dure deux mois au plus : pour un changement durable, appelez le service.")
        )
    asked = CustodyException.objects.filter(
        child=child,
        state=CustodyException.State.PROPOSED,
        first_day__lte=last_day,
        last_day__gte=first_day,
    )
    if asked.exists():
        raise CustodyError(_("Une demande attend déjà une réponse pour une partie de ces jours."))
    exception = CustodyException.objects.create(
        child=child,
        first_day=first_day,
        last_day=last_day,
        home=home if mine else 3 - home,
        proposed_by=guardian,
        proposed_at=now,
    )
    _journal(child, actor, "families.custody_exception_proposed", exception)
    moved.send(CustodyException, thing=exception)
    return exception


def _locked(exception: CustodyException) -> CustodyException:
    found = (
        CustodyException.objects.select_for_update(of=("self",))
        .select_related("proposed_by", "child")
        .get(pk=exception.pk)
    )
    if found.state != CustodyException.State.PROPOSED:
        raise CustodyError(_("Cette demande a déjà sa réponse."))
    return found


@transaction.atomic
def answer_exception(
    *, exception: CustodyException, guardian: Guardian, agreed: bool, actor: Any, today: date, now: datetime
) -> CustodyException:
    """The other home agrees or refuses. Raises CustodyError for anybody else, or too late."""
    found = _locked(exception)
    asked_by = home_of(found.child_id, found.proposed_by.family_id)
    if not guardian.parental_authority or home_of(found.child_id, guardian.family_id) == asked_by:
        raise CustodyError(_("C’est à l’autre parent de répondre."))
    if agreed and found.last_day < today:
        raise CustodyError(_("Ces jours sont passés."))
    found.state = CustodyException.State.AGREED if agreed else CustodyException.State.REFUSED
    found.answered_by, found.answered_at = guardian, now
    found.save(update_fields=["state", "answered_by", "answered_at"])
    _journal(found.child, actor, f"families.custody_exception_{found.state}", found)
    moved.send(CustodyException, thing=found)
    return found


@transaction.atomic
def withdraw_exception(*, exception: CustodyException, guardian: Guardian, actor: Any) -> CustodyException:
    """Whoever asked takes the request back before the answer. Raises CustodyError."""
    found = _locked(exception)
    if found.proposed_by.family_id != guardian.family_id:
        raise CustodyError(_("Cette demande n’est pas la vôtre."))
    found.state = CustodyException.State.WITHDRAWN
    found.save(update_fields=["state"])
    _journal(found.child, actor, "families.custody_exception_withdrawn", found)
    moved.send(CustodyException, thing=found)
    return found


@transaction.atomic
def record_decision(
    *,
    child: Child,
    court: str,
    decided_on: date,
    starts_on: date,
    ends_on: date | None,
    summary: str,
    banned: list[tuple[str, Person | None]],
    actor: Any,
    now: datetime,
) -> CourtDecision:
    """Keep what a court decided, and whom it forbids to pick the child up. Raises ValidationError."""
    decision = CourtDecision(
        child=child,
        court=court,
        decided_on=decided_on,
        starts_on=starts_on,
        ends_on=ends_on,
        summary=summary,
        recorded_at=now,
        recorded_by=actor,
    )
    decision.full_clean()
    decision.save()
    for name, person in banned:
        ban = PickUpBan(decision=decision, name=name.strip(), person=person)
        ban.full_clean()
        ban.save()
    _journal(child, actor, "families.court_decision_recorded", decision)
    return decision


def read_decisions(*, child: Child, actor: Any, reason: str = "") -> list[CourtDecision]:
    """The decisions about a child, for an agent who holds the right: the reading is journalled before it is shown."""
    journal.read(
        actor=actor, act="families.court_decision_read", object=child, concerning=[child], reason=reason
    )
    return list(child.court_decisions.select_related("recorded_by").prefetch_related("bans"))


def _journal(child: Child, actor: Any, act: str, thing: Any, changes: dict[str, Any] | None = None) -> None:
    """Both homes read that it was done: custody is theirs in common."""
    journal.record(actor=actor, act=act, object=thing, concerning=[child], changes=changes)
