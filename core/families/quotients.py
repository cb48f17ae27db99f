"""Which quotient counts on a day: a pure rule."""

from collections.abc import Iterable
from datetime import date

from core.contracts.family import QuotientRef


def quotient_on(quotients: Iterable[QuotientRef], day: date) -> QuotientRef | None:
    """The last one whose `valid_from` is on or before the day, or None: a missing proof is the tariff's business."""
    return max((q for q in quotients if q.valid_from <= day), key=lambda q: q.valid_from, default=None)
