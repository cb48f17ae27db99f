"""Acts on families."""

import uuid
from collections.abc import Iterable
from datetime import date

from core.families.models import BillingTouch, Family, Quotient


def touch_billing(*, facts: Iterable[tuple[uuid.UUID, date]]) -> None:
    """Say that facts changed: (child, day) pairs, in the caller's transaction. One statement."""
    months = sorted({(child, day.replace(day=1)) for child, day in facts}, key=str)
    BillingTouch.objects.bulk_create(
        [BillingTouch(child_id=child, period=period, rev=uuid.uuid4()) for child, period in months],
        update_conflicts=True,
        unique_fields=["child", "period"],
        update_fields=["rev"],
    )


def record_quotient(
    *, family: Family, value_cents: int, kind: str, month: date, valid_from: date
) -> Quotient:
    """Add a value to the family's history; the former ones stay."""
    quotient = Quotient(
        family=family, value_cents=value_cents, kind=kind, month=month.replace(day=1), valid_from=valid_from
    )
    quotient.full_clean()
    quotient.save()
    return quotient
