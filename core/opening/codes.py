"""Activation codes: how they look, and what may become of one. Pure.

« K7PM-2XQD-9RTB »: the first four signs find the row, the eight others prove it. So a wrong code is counted on the row
that it aims at, whatever the process that is asked: five tries for one chance in 6·10¹¹.
"""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.kernel.transitions import Machine
from core.requests.references import ALPHABET

SELECTOR = 4
SECRET = 8
ATTEMPTS = 5
LETTER_LIFE = timedelta(days=30)
DESK_LIFE = timedelta(days=2)


class State(TextChoices):
    ISSUED = "issued", _("Donné")
    USED = "used", _("Utilisé")
    EXPIRED = "expired", _("Périmé")
    REVOKED = "revoked", _("Annulé")
    LOCKED = "locked", _("Bloqué")


MACHINE = Machine[State]({State.ISSUED: {State.USED, State.EXPIRED, State.REVOKED, State.LOCKED}})


class Code(NamedTuple):
    """A code in its two parts, both in capitals."""

    selector: str
    secret: str

    def __str__(self) -> str:
        signs = self.selector + self.secret
        return "-".join(signs[i : i + 4] for i in range(0, len(signs), 4))


def draw() -> Code:
    signs = "".join(secrets.choice(ALPHABET) for _ in range(SELECTOR + SECRET))
    return Code(signs[:SELECTOR], signs[SELECTOR:])


def read(typed: str) -> Code | None:
    """The code that somebody typed, with or without hyphens, spaces and capitals; None when it cannot be one."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != SELECTOR + SECRET or not set(signs) <= set(ALPHABET):
        return None
    return Code(signs[:SELECTOR], signs[SELECTOR:])


def state_at(state: str, expires_at: datetime, now: datetime) -> State:
    """The state that holds at an instant: a code that was given expires by itself."""
    if state == State.ISSUED and now >= expires_at:
        return State.EXPIRED
    return State(state)


def after_failure(attempts: int) -> State:
    """The state after so many wrong tries."""
    return State.LOCKED if attempts >= ATTEMPTS else State.ISSUED
