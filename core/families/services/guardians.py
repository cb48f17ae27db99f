"""Acts of agents on what the guardians of a family may do and pay."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from core.contracts.family import Act
from core.families.models import Guardian, Mandate
from core.families.services.mandates import revoke_mandate
from core.kernel import journal

_FLAGS = {Act.BOOK: "may_book", Act.CONTACTS: "may_see_contacts", Act.MONEY: "may_see_money"}

GIVEN = tuple(_FLAGS)
"""What may be given one by one to a guardian without the parental authority: health goes with it alone."""


def given_to(guardian: Guardian) -> list[Act]:
    return [act for act, flag in _FLAGS.items() if getattr(guardian, flag)]


@transaction.atomic
def set_rights(
    *, guardian: Guardian, authority: bool, acts: Collection[Act], reason: str, actor: Any, now: datetime
) -> bool:
    """Whether a guardian holds the parental authority, and what he or she may do without it. Whether it changed.

    Whoever no longer holds it lets nobody act either: the mandates that he or she gave are taken back.
    """
    row = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian.pk)
    before = {"parental_authority": row.parental_authority, "acts": sorted(given_to(row))}
    after = {"parental_authority": authority, "acts": sorted(acts)}
    if before == after:
        return False
    row.parental_authority = authority
    for act, flag in _FLAGS.items():
        setattr(row, flag, act in acts)
    row.save(update_fields=["parental_authority", *_FLAGS.values()])
    journal.record(
        actor=actor,
        act="families.rights_set",
        object=row,
        concerning=[("families.family", row.family_id)],
        changes={name: [before[name], after[name]] for name in before if before[name] != after[name]},
        reason=reason,
    )
    if not authority:
        for mandate in Mandate.objects.filter(guardian=row, state__in=("proposed", "active")):
            revoke_mandate(mandate=mandate, actor=actor, now=now)
    return True
