"""Acts on mandates: each one transaction. The link is shown once and kept as a digest."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.contracts.family import Act
from core.families.mandates import MACHINE, State
from core.families.models import Guardian, Mandate, MandateChild, Person
from core.families.signals import moved
from core.kernel import journal
from core.kernel.transitions import IllegalTransition

LINK_LIVES = timedelta(days=15)
LONGEST = timedelta(days=366)
"""A mandate is given again every year."""

_FLAGS = {
    Act.BOOK: "may_book",
    Act.CONTACTS: "may_see_contacts",
    Act.MONEY: "may_see_money",
    Act.HEALTH: "may_see_health",
}


class MandateError(Exception):
    """An act that cannot be done; the message is a French sentence that may be shown."""


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def propose_mandate(
    *,
    guardian: Guardian,
    actor: Any,
    name: str,
    relation: str,
    children: Collection[UUID],
    acts: Collection[Act],
    valid_to: date,
    today: date,
    now: datetime,
) -> tuple[Mandate, str]:
    """Let somebody act on behalf of a guardian, once the link is accepted. Returns the mandate and the link's secret.

    Raises MandateError without the parental authority, or for what is not the guardian's to give.
    """
    if not guardian.parental_authority:
        raise MandateError(_("Seul un parent qui exerce l’autorité parentale peut donner une délégation."))
    own = set(guardian.family.child_links.values_list("child", flat=True))
    if not children or not own.issuperset(children):
        raise MandateError(_("Choisissez au moins un de vos enfants."))
    if valid_to < today:
        raise MandateError(_("La date de fin est passée."))
    if valid_to > today + LONGEST:
        raise MandateError(_("Une délégation dure un an au plus ; vous pourrez la donner de nouveau."))
    secret = secrets.token_urlsafe(32)
    mandate = Mandate(
        guardian=guardian,
        name=name.strip(),
        relation=relation,
        valid_to=valid_to,
        secret=digest_of(secret),
        secret_expires_at=now + LINK_LIVES,
        proposed_at=now,
        **{flag: act in acts for act, flag in _FLAGS.items()},
    )
    mandate.full_clean()
    mandate.save()
    MandateChild.objects.bulk_create(MandateChild(mandate=mandate, child_id=child) for child in set(children))
    given = {"acts": [None, sorted(mandate.acts)], "valid_to": [None, valid_to]}
    _journal(mandate, actor, "families.mandate_proposed", given)
    moved.send(Mandate, thing=mandate)
    return mandate, secret


def mandate_of_link(*, secret: str, now: datetime) -> Mandate | None:
    """The mandate that a link still opens; None when it is unknown, spent or too old."""
    return (
        Mandate.objects.filter(
            secret=digest_of(secret), state=Mandate.State.PROPOSED, secret_expires_at__gt=now
        )
        .select_related("guardian__person", "guardian__family")
        .first()
    )


@transaction.atomic
def accept_mandate(*, mandate: Mandate, user: Any, today: date, now: datetime) -> Mandate:
    """Whoever holds the link accepts with an account of his or her own. Raises MandateError."""
    found = _locked(mandate)
    if found.valid_to < today:
        raise MandateError(_("Cette délégation est terminée."))
    person = Person.objects.filter(user=user).first()
    if person and Guardian.objects.filter(family=found.guardian.family_id, person=person).exists():
        raise MandateError(_("Vous êtes déjà responsable dans cette famille."))
    _check(found, State.ACTIVE)
    if person is None:
        person = Person.objects.create(
            user=user,
            first_name=user.first_name or user.get_username(),
            last_name=user.last_name or found.name,
            email=user.email,
        )
    found.state, found.delegate, found.accepted_at, found.secret = State.ACTIVE.value, person, now, ""
    found.save(update_fields=["state", "delegate", "accepted_at", "secret"])
    _journal(found, user, "families.mandate_accepted")
    moved.send(Mandate, thing=found)
    return found


@transaction.atomic
def revoke_mandate(*, mandate: Mandate, actor: Any, now: datetime) -> Mandate:
    """The guardian takes it back, or the delegate gives it up. Raises MandateError when it has ended already."""
    found = _locked(mandate)
    _check(found, State.REVOKED)
    found.state, found.ended_at, found.ended_by, found.secret = State.REVOKED.value, now, actor, ""
    found.save(update_fields=["state", "ended_at", "ended_by", "secret"])
    _journal(found, actor, "families.mandate_revoked")
    moved.send(Mandate, thing=found)
    return found


def expire_mandates(*, today: date, now: datetime) -> int:
    """Mark those whose last day, or whose link, is past. Returns how many; twice is once."""
    over = Mandate.objects.filter(state__in=(State.PROPOSED, State.ACTIVE), valid_to__lt=today)
    unanswered = Mandate.objects.filter(state=State.PROPOSED, secret_expires_at__lte=now)
    return sum(rows.update(state=State.EXPIRED, ended_at=now, secret="") for rows in (over, unanswered))


def _locked(mandate: Mandate) -> Mandate:
    return Mandate.objects.select_for_update(of=("self",)).select_related("guardian").get(pk=mandate.pk)


def _check(mandate: Mandate, wanted: State) -> None:
    try:
        MACHINE.check(mandate.state, wanted)
    except IllegalTransition:
        raise MandateError(_("Cette délégation a déjà été acceptée ou elle est terminée.")) from None


def _journal(mandate: Mandate, actor: Any, act: str, changes: dict[str, Any] | None = None) -> None:
    family = ("families.family", mandate.guardian.family_id)
    journal.record(actor=actor, act=act, object=mandate, concerning=[family], changes=changes)
