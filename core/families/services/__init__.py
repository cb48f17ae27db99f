"""Acts on families."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.families.models import BillingTouch, Family, Guardian, Quotient
from core.kernel import journal


def touch_billing(*, facts: Iterable[tuple[uuid.UUID, date]]) -> None:
    """Say that facts changed: (child, day) pairs, in the caller's transaction. One statement."""
    months = sorted({(child, day.replace(day=1)) for child, day in facts}, key=str)
    BillingTouch.objects.bulk_create(
        [BillingTouch(child_id=child, period=period, rev=uuid.uuid4()) for child, period in months],
        update_conflicts=True,
        unique_fields=["child", "period"],
        update_fields=["rev"],
    )


@transaction.atomic
def record_quotient(
    *,
    family: Family,
    value_cents: int,
    kind: str,
    month: date,
    valid_from: date,
    proof: str = Quotient.Proof.CERTIFICATE,
    actor: Any = None,
) -> Quotient:
    """Add a value to the family's history; the former ones stay."""
    quotient = Quotient(
        family=family,
        value_cents=value_cents,
        kind=kind,
        month=month.replace(day=1),
        valid_from=valid_from,
        proof=proof,
    )
    quotient.full_clean()
    quotient.save()
    journal.record(
        actor=actor,
        act="families.quotient_recorded",
        object=("families.quotient", str(quotient.pk)),
        concerning=[family],
        changes={
            "value_cents": [None, value_cents],
            "valid_from": [None, valid_from],
            "proof": [None, proof],
        },
    )
    return quotient


@transaction.atomic
def set_payer_shares(
    *, family: Family, shares: Mapping[uuid.UUID, int], reason: str = "", actor: Any
) -> bool:
    """How much of what the family owes each guardian pays, in percent: together exactly 100. Whether it changed.

    Guardians who are not named pay nothing. What is already booked stays as it was shared. Raises ValidationError.
    """
    guardians = list(
        Guardian.objects.select_for_update(of=("self",))
        .filter(family=family, merged_into__isnull=True)
        .order_by("pk")
    )
    if shares.keys() - {guardian.pk for guardian in guardians}:
        raise ValidationError(_("Ce responsable n’est pas de cette famille."))
    if any(share < 0 for share in shares.values()) or sum(shares.values()) != 100:
        raise ValidationError(_("Les parts des payeurs font 100 % ensemble."))
    before = {str(guardian.pk): guardian.payer_share for guardian in guardians}
    if all(guardian.payer_share == shares.get(guardian.pk, 0) for guardian in guardians):
        return False
    for guardian in guardians:
        guardian.payer_share = shares.get(guardian.pk, 0)
    Guardian.objects.bulk_update(guardians, ["payer_share"])
    after = {str(guardian.pk): guardian.payer_share for guardian in guardians}
    journal.record(
        actor=actor,
        act="families.shares_set",
        object=family,
        concerning=[family],
        changes={"shares": [before, after]},
        reason=reason,
    )
    return True
