"""What the journal says of requests."""

from django.utils.translation import gettext_lazy as _

from core.contracts.journal import Act

SUBMITTED = "requests.submitted"
TAKEN = "requests.taken"
ASKED = "requests.asked"
ACCEPTED = "requests.accepted"
REFUSED = "requests.refused"
CANCELLED = "requests.cancelled"
ASSIGNED = "requests.assigned"
ATTACHED = "requests.document_attached"

ACTS = (
    Act(SUBMITTED, _("Demande envoyée")),  # type: ignore[arg-type]
    Act(TAKEN, _("Demande prise en charge")),  # type: ignore[arg-type]
    Act(ASKED, _("Précision demandée à la famille")),  # type: ignore[arg-type]
    Act(ACCEPTED, _("Demande acceptée")),  # type: ignore[arg-type]
    Act(REFUSED, _("Demande refusée")),  # type: ignore[arg-type]
    Act(CANCELLED, _("Demande annulée")),  # type: ignore[arg-type]
    Act(ATTACHED, _("Document joint à une demande")),  # type: ignore[arg-type]
    Act(ASSIGNED, _("Demande confiée à un agent ou à un service")),  # type: ignore[arg-type]
)
