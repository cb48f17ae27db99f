"""The one way to the requests of whoever is signed in, for pages and API alike."""

from typing import Any

from django.db.models import QuerySet

from core.families.access import current
from core.requests import selectors
from core.requests.models import ServiceRequest


def requests_of(request: Any) -> QuerySet[ServiceRequest]:
    """What the account asked, and what was asked for the household of which it is a guardian's; a delegate has only
    what he or she asked."""
    context = current(request)
    households = context.ids if context and context.mandate is None else ()
    return selectors.mine(request.user, households).select_related("service")
