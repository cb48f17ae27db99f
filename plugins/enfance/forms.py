"""What pages send: ticks of the calendar, read into what is wanted. Nothing here is trusted."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import QueryDict

from plugins.enfance.offers import Choice
from plugins.enfance.services import Wanted

TICKED, BEFORE = "jour", "avant"
"""Boxes that are ticked now, and those that were when the page was made: what differs is what is wanted, so a day
that the other parent changed meanwhile is left alone."""

ADD, REMOVE = "ajouter", "retirer"
"""The same, once the summary has told them apart."""


def wanted(data: QueryDict) -> Wanted:
    """What a page asks for. Raises BadRequest for what no page of ours sends."""
    ticked, before = _choices(data.getlist(TICKED)), _choices(data.getlist(BEFORE))
    return Wanted(
        add=(ticked - before) | _choices(data.getlist(ADD)),
        remove=(before - ticked) | _choices(data.getlist(REMOVE)),
    )


def _choices(values: Iterable[str]) -> frozenset[Choice]:
    return frozenset(_choice(value) for value in values)


def _choice(value: str) -> Choice:
    child, _dot, session = value.partition(".")
    try:
        return UUID(child), UUID(session)
    except ValueError:
        raise BadRequest("not a child and a session") from None
