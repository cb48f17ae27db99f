"""Reads about the questions of families."""

from django.db.models import QuerySet

from core.requests.models import ServiceRequest
from core.requests.states import OPEN, State
from plugins.facturation.models import Invoice
from plugins.facturation.questions import CODE


def questions_about(seen: QuerySet[ServiceRequest], invoice: Invoice) -> QuerySet[ServiceRequest]:
    """What was asked about a document, the last first, among the requests that somebody sees."""
    about = seen.filter(kind=CODE, data__invoice=str(invoice.pk)).exclude(state=State.DRAFT)
    return about.order_by("-submitted_at", "pk")


def waiting() -> int:
    """How many questions have no answer yet. One statement."""
    return ServiceRequest.objects.filter(kind=CODE, state__in=OPEN).count()
