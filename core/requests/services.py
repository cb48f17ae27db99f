"""Acts on requests, of families and of agents. Each locks its row, checks the state and the version, and writes the
timeline, the journal and the message in one transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from core.accounts.models import User
from core.contracts.requests import Acceptance, RequestRef
from core.kernel import journal
from core.kernel.clock import PARIS
from core.requests import acts, kinds, mail, references
from core.requests.errors import NotNow, Stale
from core.requests.models import RequestEvent, RequestMessage, ServiceRequest
from core.requests.states import CLOSED, MACHINE, State
from core.town.models import Service, Site


def ref_of(request: ServiceRequest) -> RequestRef:
    return RequestRef(
        request.pk, request.reference, request.kind, request.user_id, request.family_id, request.child_id, request.data
    )  # fmt: skip


# The family's side -----------------------------------------------------------------------------------------------


@transaction.atomic
def draft(
    *,
    kind: str,
    user: User | None,
    title: str,
    data: Mapping[str, Any],
    now: datetime,
    submission: UUID | None = None,
    family_id: UUID | None = None,
    child_id: UUID | None = None,
    on_behalf_of_id: UUID | None = None,
    entered_by: User | None = None,
    site: Site | None = None,
) -> ServiceRequest:
    """Begin a request. The same `submission` gives the same request back. Raises LookupError for an unknown kind."""
    kinds.find(kind)
    values = {
        "kind": kind,
        "user": user,
        "title": title,
        "data": dict(data),
        "created_at": now,
        "family_id": family_id,
        "child_id": child_id,
        "on_behalf_of_id": on_behalf_of_id,
        "entered_by": entered_by,
        "site": site,
    }
    submission = submission or uuid4()
    year = now.astimezone(PARIS).year
    for _attempt in range(8):  # a reference that is taken is drawn again: one in a million
        try:
            with transaction.atomic():
                made, first = ServiceRequest.objects.get_or_create(
                    submission=submission, defaults={**values, "reference": references.draw(year)}
                )
        except IntegrityError:
            continue
        if first:
            _step(made, State.DRAFT, entered_by or user, now, by_agent=entered_by is not None)
        return made
    raise RuntimeError("no free reference")


@transaction.atomic
def rewrite(
    *, request_id: UUID, title: str, data: Mapping[str, Any], version: int | None = None
) -> ServiceRequest:
    """Change a draft. Raises NotNow once it was submitted, Stale."""
    request = _locked(request_id, version)
    if request.state != State.DRAFT:
        raise NotNow(request.get_state_display())
    request.title, request.data = title, dict(data)
    return _saved(request, "title", "data")


@transaction.atomic
def submit(*, request_id: UUID, actor: User, now: datetime, version: int | None = None) -> ServiceRequest:
    """Send a draft to the service of its kind, and acknowledge it. Submitted already, it is given back as it is."""
    request = _locked(request_id, None)
    if request.state == State.SUBMITTED:
        return request
    _check(request, State.SUBMITTED, version)
    kind = kinds.find(request.kind)
    request.service = Service.objects.filter(code=kind.service).first()
    request.submitted_at = now
    request.due_on = now.astimezone(PARIS).date() + timedelta(days=kind.delay_days)
    _enter(request, State.SUBMITTED, actor, now, "service", "submitted_at", "due_on")
    _note(request, acts.SUBMITTED, actor)
    mail.acknowledge(request, kind)
    return request


@transaction.atomic
def cancel(*, request_id: UUID, actor: User, now: datetime, version: int | None = None) -> ServiceRequest:
    """The family gives up. Cancelled already, it is given back as it is."""
    request = _locked(request_id, None)
    if request.state == State.CANCELLED:
        return request
    _check(request, State.CANCELLED, version)
    request.closed_at, request.closed_by = now, actor
    _enter(request, State.CANCELLED, actor, now, "closed_at", "closed_by")
    _note(request, acts.CANCELLED, actor)
    return request


@transaction.atomic
def answer(
    *, request_id: UUID, actor: User, text: str, now: datetime, submission: UUID | None = None
) -> RequestMessage:
    """The family writes. What waited for its answer is in progress again. Raises NotNow when the request is closed."""
    request = _locked(request_id, None)
    if submission and (sent := _sent_before(request, submission)):
        return sent
    if not request.is_open:
        raise NotNow(request.get_state_display())
    message = _message(request, actor, text, now, submission, by_agent=False)
    if request.state == State.WAITING:
        _enter(request, State.IN_PROGRESS, actor, now)
    return message


# The agents' side ------------------------------------------------------------------------------------------------


@transaction.atomic
def take(*, request_id: UUID, actor: User, now: datetime, version: int | None = None) -> ServiceRequest:
    """An agent takes charge of a request, also of one that another agent held."""
    request = _locked(request_id, version)
    if not request.is_open:
        raise NotNow(request.get_state_display())
    request.assigned_to = actor
    if request.state == State.SUBMITTED:
        _enter(request, State.IN_PROGRESS, actor, now, "assigned_to", by_agent=True)
    else:
        _saved(request, "assigned_to")
    _note(request, acts.TAKEN, actor)
    return request


@transaction.atomic
def assign(
    *,
    request_id: UUID,
    actor: User,
    service: Service | None,
    agent: User | None,
    version: int | None = None,
) -> ServiceRequest:
    """Hand a request over to a service, and to one of its agents or to nobody in particular."""
    request = _locked(request_id, version)
    if not request.is_open:
        raise NotNow(request.get_state_display())
    request.service, request.assigned_to = service, agent
    _saved(request, "service", "assigned_to")
    _note(request, acts.ASSIGNED, actor)
    return request


@transaction.atomic
def ask(
    *,
    request_id: UUID,
    actor: User,
    text: str,
    now: datetime,
    version: int | None = None,
    submission: UUID | None = None,
) -> RequestMessage:
    """An agent asks the family for something: the request waits for its answer, and the family is told by message."""
    request = _locked(request_id, None)
    if submission and (sent := _sent_before(request, submission)):
        return sent
    if request.state == State.WAITING:
        _check_version(request, version)
    else:
        _check(request, State.WAITING, version)
        request.assigned_to = request.assigned_to or actor
        _enter(request, State.WAITING, actor, now, "assigned_to", by_agent=True)
    message = _message(request, actor, text, now, submission, by_agent=True)
    _note(request, acts.ASKED, actor)
    mail.ask(request, message)
    return message


@transaction.atomic
def remark(
    *, request_id: UUID, actor: User, text: str, now: datetime, submission: UUID | None = None
) -> RequestMessage:
    """A note between agents."""
    request = _locked(request_id, None)
    if submission and (sent := _sent_before(request, submission)):
        return sent
    return _message(request, actor, text, now, submission, by_agent=True, internal=True)


@transaction.atomic
def accept(
    *,
    request_id: UUID,
    actor: User,
    choices: Mapping[str, Any],
    now: datetime,
    version: int | None = None,
) -> ServiceRequest:
    """Accept, and let the kind write what follows from it: both happen, once, or none.

    Accepted already, the request is given back as it is. Raises Obstacle (of the kind), NotNow, Stale.
    """
    request = _locked(request_id, None)
    if request.state == State.ACCEPTED:
        return request
    _check(request, State.ACCEPTED, version)
    kind = kinds.find(request.kind)
    request.outcome = kind.accept(Acceptance(ref_of(request), choices, actor.pk, now))
    request.closed_at, request.closed_by = now, actor
    _enter(request, State.ACCEPTED, actor, now, "outcome", "closed_at", "closed_by", by_agent=True)
    _note(request, acts.ACCEPTED, actor)
    mail.accepted(request)
    return request


@transaction.atomic
def refuse(
    *, request_id: UUID, actor: User, reason: str, now: datetime, version: int | None = None
) -> ServiceRequest:
    """Refuse, with the reason that the family reads. Refused already, the request is given back as it is."""
    request = _locked(request_id, None)
    if request.state == State.REFUSED:
        return request
    _check(request, State.REFUSED, version)
    request.outcome = reason.strip()
    request.closed_at, request.closed_by = now, actor
    _enter(request, State.REFUSED, actor, now, "outcome", "closed_at", "closed_by", by_agent=True)
    _note(request, acts.REFUSED, actor)
    mail.refused(request)
    return request


@transaction.atomic
def settle(*, request_id: UUID, actor: User, outcome: str, now: datetime) -> ServiceRequest:
    """What was asked has happened by another way: accepted without its effect, since there is none left to have."""
    request = _locked(request_id, None)
    if request.state in CLOSED:
        return request
    if request.state == State.DRAFT:
        return cancel(request_id=request_id, actor=actor, now=now)
    request.outcome, request.closed_at, request.closed_by = outcome, now, actor
    _enter(request, State.ACCEPTED, actor, now, "outcome", "closed_at", "closed_by")
    _note(request, acts.ACCEPTED, actor)
    return request


# Common ----------------------------------------------------------------------------------------------------------


def _locked(request_id: UUID, version: int | None) -> ServiceRequest:
    request = ServiceRequest.objects.select_for_update().get(pk=request_id)
    _check_version(request, version)
    return request


def _check_version(request: ServiceRequest, version: int | None) -> None:
    if version is not None and version != request.version:
        raise Stale


def _check(request: ServiceRequest, wanted: State, version: int | None) -> None:
    if not MACHINE.allows(request.state, wanted):
        raise NotNow(request.get_state_display())
    _check_version(request, version)


def _enter(
    request: ServiceRequest,
    wanted: State,
    actor: User | None,
    now: datetime,
    *fields: str,
    by_agent: bool = False,
) -> None:
    MACHINE.check(request.state, wanted)
    request.state = wanted
    _saved(request, "state", *fields)
    _step(request, wanted, actor, now, by_agent=by_agent)


def _saved(request: ServiceRequest, *fields: str) -> ServiceRequest:
    request.version += 1
    request.save(update_fields=["version", *fields])
    return request


def _step(
    request: ServiceRequest, entered: State, actor: User | None, now: datetime, *, by_agent: bool
) -> None:
    RequestEvent.objects.create(
        request=request, state=entered, at=now, actor=actor, by_agent=by_agent, rank=request.version
    )


def _sent_before(request: ServiceRequest, submission: UUID) -> RequestMessage | None:
    return request.messages.filter(submission=submission).first()


def _message(
    request: ServiceRequest,
    author: User,
    text: str,
    now: datetime,
    submission: UUID | None,
    *,
    by_agent: bool,
    internal: bool = False,
) -> RequestMessage:
    request.version += 1
    request.save(update_fields=["version"])
    return RequestMessage.objects.create(
        request=request,
        author=author,
        text=text.strip(),
        at=now,
        rank=request.version,
        submission=submission or uuid4(),
        by_agent=by_agent,
        internal=internal,
    )


def _note(request: ServiceRequest, act: str, actor: User) -> None:
    """In the journal: the family's when there is one, else that of the request alone."""
    concerning: list[journal.Reference] = []
    if request.family_id:
        concerning.append(("families.family", request.family_id))
    if request.child_id:
        concerning.append(("families.child", request.child_id))
    journal.record(
        actor=actor,
        act=act,
        object=request,
        concerning=concerning,
        on_behalf_of=request.on_behalf_of_id,
        service=request.service.name if request.service else "",
    )
