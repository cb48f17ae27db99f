"""A parent asks about an invoice: a request of the household, answered by the agents who see its invoices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core.contracts.family import FamilyContext
from core.requests import services as requests
from core.requests.models import ServiceRequest
from core.requests.states import State
from plugins.facturation import questions
from plugins.facturation.models import Invoice


@transaction.atomic
def ask(
    *,
    invoice: Invoice,
    family: FamilyContext,
    actor: Any,
    subject: str,
    text: str,
    now: datetime,
    submission: UUID | None = None,
) -> ServiceRequest:
    """Write and send a question in one act. The same `submission` gives back the same request, wherever it is."""
    asked = requests.draft(
        kind=questions.CODE,
        user=actor,
        title=questions.title_of(invoice, subject),
        data={
            "invoice": str(invoice.pk),
            "reference": invoice.reference,
            "subject": subject,
            "text": text.strip(),
        },
        now=now,
        submission=submission,
        family_id=family.id,
        on_behalf_of_id=family.guardian.person_id if family.mandate else None,
    )
    if asked.state != State.DRAFT:
        return asked
    return requests.submit(request_id=asked.pk, actor=actor, now=now)
