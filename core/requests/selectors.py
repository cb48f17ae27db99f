"""Reads about requests: what a person may see, what an agent may handle."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core.accounts.roles import rights_of
from core.requests import kinds
from core.requests.models import RequestMessage, ServiceRequest
from core.requests.states import CLOSED, OPEN, TO_DO, State


def mine(user: Any, households: Iterable[UUID] = ()) -> QuerySet[ServiceRequest]:
    """What a person may see: what the account asked, or somebody asked on its behalf, and what was asked for the
    households that it answers for, unless that is personal."""
    known = kinds.every()
    allowed = Q(user=user.pk) | Q(on_behalf_of__user=user.pk)
    if found := list(households):
        allowed |= Q(family__in=found, kind__in=[code for code, kind in known.items() if not kind.personal])
    return ServiceRequest.objects.filter(allowed, kind__in=list(known))


def handled_by(user: Any) -> QuerySet[ServiceRequest]:
    """What an agent may read and answer: kinds whose permission he or she holds, for the sites and services where it
    is held, once they were submitted."""
    rights, allowed = rights_of(user), Q(pk__in=())
    for code, kind in kinds.every().items():
        if rights.may(kind.permission):
            allowed |= Q(kind=code) & rights.condition(kind.permission, "site", "service__code")
    return ServiceRequest.objects.filter(allowed).exclude(submitted_at=None)


def queue(
    requests: QuerySet[ServiceRequest], *, which: str, user: Any, today: date, kind: str = "", text: str = ""
) -> QuerySet[ServiceRequest]:
    """One view of the queue, first due first: « a-faire », « miennes », « attente », « retard », « closes »."""
    found = requests.select_related("user", "assigned_to", "service")
    match which:
        case "miennes":
            found = found.filter(state__in=OPEN, assigned_to=user.pk)
        case "attente":
            found = found.filter(state=State.WAITING)
        case "retard":
            found = found.filter(state__in=TO_DO, due_on__lt=today)
        case "closes":
            found = found.filter(state__in=CLOSED)
        case _:
            found = found.filter(state__in=TO_DO)
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(Q(reference__iexact=text) | Q(title__icontains=text))
    return (
        found.order_by("-closed_at", "pk")
        if which == "closes"
        else found.order_by("due_on", "submitted_at", "pk")
    )


def counts(requests: QuerySet[ServiceRequest], *, user: Any, today: date) -> dict[str, int]:
    """How many each view of the queue holds. One statement."""
    return requests.aggregate(
        **{
            "a-faire": Count("pk", filter=Q(state__in=TO_DO)),
            "miennes": Count("pk", filter=Q(state__in=OPEN, assigned_to=user.pk)),
            "attente": Count("pk", filter=Q(state=State.WAITING)),
            "retard": Count("pk", filter=Q(state__in=TO_DO, due_on__lt=today)),
            "closes": Count("pk", filter=Q(state__in=CLOSED)),
        }
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline: a step, or a message. `author` is shown to agents only."""

    rank: int
    at: datetime
    by_agent: bool
    author: str
    state: str = ""
    label: str = ""
    text: str = ""
    internal: bool = False


def timeline(request: ServiceRequest, *, notes: bool = False) -> list[Line]:
    """What happened, in order; notes between agents only when asked for. Two statements."""
    events = request.events.select_related("actor").exclude(state=State.DRAFT)
    written: QuerySet[RequestMessage] = request.messages.select_related("author")
    if not notes:
        written = written.filter(internal=False)
    lines = [
        Line(
            event.rank,
            event.at,
            event.by_agent,
            str(event.actor or ""),
            event.state,
            event.get_state_display(),
        )
        for event in events
    ]
    lines += [
        Line(
            message.rank,
            message.at,
            message.by_agent,
            str(message.author or ""),
            text=message.text,
            internal=message.internal,
        )
        for message in written
    ]
    return sorted(lines, key=lambda line: line.rank)
