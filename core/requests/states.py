"""The life of a request: one table for every kind. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.kernel.transitions import Machine


class State(TextChoices):
    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", _("Envoyée")
    IN_PROGRESS = "in_progress", _("En cours")
    WAITING = "waiting", _("En attente de votre réponse")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")
    CANCELLED = "cancelled", _("Annulée")


_DECIDED = {State.ACCEPTED, State.REFUSED, State.CANCELLED}

MACHINE = Machine[State](
    {
        State.DRAFT: {State.SUBMITTED, State.CANCELLED},
        State.SUBMITTED: {State.IN_PROGRESS, State.WAITING, *_DECIDED},
        State.IN_PROGRESS: {State.WAITING, *_DECIDED},
        State.WAITING: {State.IN_PROGRESS, *_DECIDED},
    }
)

TO_DO = (State.SUBMITTED, State.IN_PROGRESS)
"""What an agent has to do something about."""
OPEN = (*TO_DO, State.WAITING)
CLOSED = (State.ACCEPTED, State.REFUSED, State.CANCELLED)

TONES = {
    State.DRAFT: "neutral",
    State.SUBMITTED: "info",
    State.IN_PROGRESS: "info",
    State.WAITING: "attention",
    State.ACCEPTED: "success",
    State.REFUSED: "error",
    State.CANCELLED: "neutral",
}
