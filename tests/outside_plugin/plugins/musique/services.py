"""Acts. Each is one transaction."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from core.contracts.family import FamilyContext
from core.contracts.pricing import Price
from core.families.services import touch_billing
from core.kernel.settings import values
from core.pricing.services import store_explanations
from plugins.musique import prices, rules
from plugins.musique.models import Course, Enrolment

KEPT = timedelta(days=365)
"""How long an enrolment that was taken back is kept after its term."""


class Refused(Exception):
    """The act is not possible; `reason` is one French sentence that may be shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def enrol(
    *, course: Course, child: UUID, family: FamilyContext, instrument_lent: bool, actor: Any
) -> Enrolment:
    """Enrol a child of the family, at the price of the family's day. Whoever enrols pays. Raises Refused.

    The place is locked after pricing; the database refuses one too many, and the same child twice.
    """
    lent = instrument_lent and values("musique")["lends_instruments"]
    known = prices.versions([course], family.today)
    quote = prices.quote(family, course, known, lent=lent)
    locked = Course.objects.select_for_update(of=("self",)).select_related("term").get(pk=course.pk)
    enrolled = locked.enrolments.filter(child=child, cancelled_at__isnull=True).exists()
    if reason := rules.refusal(locked, enrolled=enrolled, quote=quote, today=family.today):
        raise Refused(reason)
    assert isinstance(quote, Price)
    on = prices.billed_on(locked, family.today)
    store_explanations([quote.explanation])
    made = Enrolment.objects.create(
        course=locked,
        child_id=child,
        family_id=family.id,
        payer_id=family.guardian.id,
        instrument_lent=lent,
        enrolled_on=family.today,
        service_date=on,
        price_cents=quote.total.cents,
        lines=[
            {"kind": line.kind, "product": line.product, "amount_cents": line.amount.cents}
            for line in quote.lines
        ],
        explanation=quote.explanation.digest,
        tariff_version=known[locked.tariff, on],
        enrolled_by=actor,
    )
    Course.objects.filter(pk=locked.pk).update(taken=F("taken") + 1)
    touch_billing(facts=[(child, on)])
    return made


@transaction.atomic
def withdraw(*, enrolment: Enrolment, now: datetime, today: date, by_family: bool) -> None:
    """Take an enrolment back and free its place; again changes nothing. A family has until some days before the term.

    Raises Refused.
    """
    course = Course.objects.select_for_update(of=("self",)).select_related("term").get(pk=enrolment.course_id)
    held = Enrolment.objects.get(pk=enrolment.pk)
    if held.cancelled_at is not None:
        return
    if by_family:
        days = values("musique")["withdrawal_days"]
        if reason := rules.withdrawal_refusal(course.term, days=days, today=today):
            raise Refused(reason)
    held.cancelled_at = now
    held.save(update_fields=["cancelled_at"])
    Course.objects.filter(pk=course.pk).update(taken=F("taken") - 1)
    touch_billing(facts=[(held.child_id, held.service_date)])


def forget(now: datetime) -> int:
    """Delete what was taken back, a year after its term: nobody needs it any more. Returns how many."""
    before = (now - KEPT).date()
    deleted, _by_model = Enrolment.objects.filter(
        cancelled_at__isnull=False, course__term__ends_on__lt=before
    ).delete()
    return deleted
