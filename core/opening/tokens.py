"""Signed links and steps: they hold what was proved and when, and need no row."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing

SIGN_UP_LIFE = timedelta(days=1)
ADDRESS_LIFE = timedelta(days=7)
STEP_LIFE = timedelta(hours=2)

_SIGN_UP = "opening.sign-up"
_ADDRESS = "opening.address"
_STEP = "opening.step"


def for_sign_up(email: str) -> str:
    return signing.dumps(email, salt=_SIGN_UP)


def read_sign_up(token: str) -> str | None:
    """The address to which the link was sent; None when it is too old, or not ours."""
    found = _read(token, _SIGN_UP, SIGN_UP_LIFE)
    return found if isinstance(found, str) else None


def for_address(user_id: UUID, email: str) -> str:
    return signing.dumps([str(user_id), email], salt=_ADDRESS)


def read_address(token: str) -> tuple[UUID, str] | None:
    found = _read(token, _ADDRESS, ADDRESS_LIFE)
    return (UUID(found[0]), found[1]) if found else None


def for_step(code_id: UUID) -> str:
    """Proof that the code was presented with the right identity."""
    return signing.dumps(str(code_id), salt=_STEP)


def read_step(token: str) -> UUID | None:
    found = _read(token, _STEP, STEP_LIFE)
    return UUID(found) if found else None


def _read(token: str, salt: str, life: timedelta) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=life)
    except signing.BadSignature:
        return None
