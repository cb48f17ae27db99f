"""Documents that are joined to a request, on both sides. A document of the family serves as many requests as it may."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from core.accounts.models import User
from core.documents.models import SupportingDocument
from core.documents.states import STANDING
from core.kernel import journal
from core.requests import acts
from core.requests.errors import NotNow
from core.requests.models import RequestAttachment, ServiceRequest
from core.requests.states import State


@transaction.atomic
def attach(
    *, request_id: UUID, document: SupportingDocument, actor: User, now: datetime, by_agent: bool = False
) -> RequestAttachment:
    """Join a document, once however often it is asked. Whoever calls knows that the actor may read both. Raises NotNow
    when the request is closed."""
    request = ServiceRequest.objects.select_for_update().get(pk=request_id)
    if known := request.attachments.filter(document=document).first():
        return known
    if not request.is_open and request.state != State.DRAFT:
        raise NotNow(request.get_state_display())
    ServiceRequest.objects.filter(pk=request.pk).update(version=F("version") + 1)
    made = RequestAttachment.objects.create(
        request=request, document=document, by_agent=by_agent, at=now, rank=request.version + 1
    )
    concerning: list[journal.Reference] = []
    if request.family_id:
        concerning.append(("families.family", request.family_id))
    journal.record(
        actor=actor,
        act=acts.ATTACHED,
        object=request,
        concerning=concerning,
        changes={"document": [None, document.pk]},
        on_behalf_of=request.on_behalf_of_id,
    )
    return made


def attached(
    request: ServiceRequest, readable: QuerySet[SupportingDocument]
) -> list[tuple[RequestAttachment, bool]]:
    """What is joined, in order, and whether the reader may open it. Two statements."""
    found = list(request.attachments.select_related("document__type", "document__child__person"))
    if not found:
        return []
    keys = [one.document_id for one in found]
    open_ = set(readable.filter(pk__in=keys).prefetch_related(None).values_list("pk", flat=True))
    return [(one, one.document_id in open_) for one in found]


def joinable(
    request: ServiceRequest, readable: QuerySet[SupportingDocument], families: Iterable[UUID]
) -> list[SupportingDocument]:
    """The documents of the household that asks that may still be joined, latest first. One statement."""
    if not request.is_open and request.state != State.DRAFT:
        return []
    there = request.attachments.values("document")
    rows = readable.filter(family__in=list(families), state__in=STANDING).exclude(pk__in=there)
    return list(rows.prefetch_related(None).order_by("-deposited_at", "pk"))
