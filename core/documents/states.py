"""The life of a supporting document, and until when one counts. Pure."""

from calendar import monthrange
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.kernel.transitions import Machine


class State(TextChoices):
    RECEIVED = "received", _("Reçu, à vérifier")
    CHECKED = "checked", _("Vérifié")
    REFUSED = "refused", _("Refusé")
    EXPIRED = "expired", _("Périmé")


MACHINE = Machine[State](
    {
        State.RECEIVED: {State.CHECKED, State.REFUSED},
        State.CHECKED: {State.EXPIRED},
    }
)

STANDING = (State.RECEIVED, State.CHECKED)
"""What need not be sent again."""

TONES = {
    State.RECEIVED: "info",
    State.CHECKED: "success",
    State.REFUSED: "error",
    State.EXPIRED: "attention",
}


def valid_until(*, counted_from: date, months: int | None, fixed_end: str) -> date | None:
    """The last day on which a document counts; None when it always does.

    `months` run from the day it is counted from: three months from 30 November end on 28 February. `fixed_end` is a day
    of the year, « 31/08 »: the first one that is not before that day.
    """
    if months:
        year, month = divmod(counted_from.month - 1 + months, 12)
        year, month = counted_from.year + year, month + 1
        return date(year, month, min(counted_from.day, monthrange(year, month)[1]))
    if fixed_end:
        day, month = (int(part) for part in fixed_end.split("/"))
        end = date(counted_from.year, month, day)
        return end if end >= counted_from else end.replace(year=end.year + 1)
    return None


def asked_at(*, birth_date: date, today: date, from_age: int | None, to_age: int | None) -> bool:
    """Whether a child is of the ages, both included, at which a document is asked for."""
    had = (today.month, today.day) >= (birth_date.month, birth_date.day)
    age = today.year - birth_date.year - (not had)
    return (from_age is None or age >= from_age) and (to_age is None or age <= to_age)
