"""What is written to whoever asked."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.notifications import Topic, Variable
from core.contracts.requests import RequestKind
from core.kernel.addresses import absolute
from core.notifications.services import notify
from core.requests.models import RequestMessage, ServiceRequest
from core.ui.formats import day

_FOLDER = "requests/mail"


def _variable(name: str, label: Any, example: Any, source: str) -> Variable:
    return Variable(name=name, label=label, example=example, source=source)


_FACTS = (
    _variable("reference", gettext_lazy("Référence de la demande"), "D-2026-00128", "request_.reference"),
    _variable("demande", gettext_lazy("Objet de la demande"), "Signaler un déménagement", "request_.title"),
    _variable("service", gettext_lazy("Service qui répond"), "Service Enfance", "request_.service"),
)
_OUTCOME = _variable(
    "reponse",
    gettext_lazy("Réponse de la mairie"),
    "Votre adresse est changée dans votre dossier.",
    "request_.outcome",
)
_QUESTION = _variable(
    "question", gettext_lazy("Question posée"), "Pouvez-vous envoyer la page 2 ?", "message.text"
)
_DUE = Variable(
    name="echeance",
    label=gettext_lazy("Dernier jour pour répondre"),  # type: ignore[arg-type]
    example=date(2026, 12, 3),
    source="request_.due_on",
    shape=day,
)


def _topic(name: str, label: Any, *variables: Variable, by_sms: bool = False) -> Topic:
    return Topic(
        code=f"core.demande-{name}",
        label=label,
        template=f"{_FOLDER}/{name}",
        by_sms=by_sms,
        variables=(*_FACTS, *variables),
    )


RECEIVED = _topic("recue", gettext_lazy("Votre demande est bien arrivée"), _DUE)
ASKED = _topic("question", gettext_lazy("La mairie vous demande quelque chose"), _QUESTION, by_sms=True)
ACCEPTED = _topic("acceptee", gettext_lazy("Votre demande est acceptée"), _OUTCOME)
REFUSED = _topic("refusee", gettext_lazy("Votre demande est refusée"), _OUTCOME)

TOPICS = (RECEIVED, ASKED, ACCEPTED, REFUSED)


def acknowledge(request: ServiceRequest, kind: RequestKind) -> None:
    _write(request, RECEIVED, "recue", kind=kind)


def ask(request: ServiceRequest, message: RequestMessage) -> None:
    _write(request, ASKED, f"question-{message.pk}", message=message, button=_("Répondre"))


def accepted(request: ServiceRequest) -> None:
    _write(request, ACCEPTED, "acceptee")


def refused(request: ServiceRequest) -> None:
    _write(request, REFUSED, "refusee")


def _write(request: ServiceRequest, topic: Topic, fact: str, **more: Any) -> None:
    if request.user is None:
        return
    url = absolute(reverse("portal:request", args=[request.pk]))
    context = {"request_": request, "url": url, "button": _("Voir ma demande"), **more}
    notify(to=request.user, topic=topic.code, context=context, key=f"demande-{request.pk}-{fact}")
