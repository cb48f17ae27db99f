"""A form that is sent twice is one act: each carries the identifier that it was given when it was shown."""

from collections.abc import Mapping
from uuid import UUID, uuid4

FIELD = "envoi"


def submission_of(posted: Mapping[str, str]) -> UUID:
    """The identifier of the form that was sent; a new one for a form that has none."""
    try:
        return UUID(posted.get(FIELD, ""))
    except ValueError:
        return uuid4()
