"""Tags of the door: `{% load accounts %}`."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context

from core.accounts import kept
from core.accounts.idle import EXPIRED

register = template.Library()


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that was closed: the minutes that it was allowed to sleep, and whether a form of it is kept."""

    minutes: int
    kept: bool


@register.simple_tag(takes_context=True)
def ended_session(context: Context) -> Ended | None:
    """Why somebody must sign in again; None for the rest."""
    session: Any = context["request"].session
    minutes = session.get(EXPIRED)
    return Ended(minutes, kept.KEY in session) if minutes else None
