"""What is written to whoever asked."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.notifications import Topic
from core.contracts.requests import RequestKind
from core.kernel.addresses import absolute
from core.notifications.services import notify
from core.requests.models import RequestMessage, ServiceRequest

_FOLDER = "requests/mail"


def _topic(name: str, label: Any) -> Topic:
    return Topic(code=f"core.demande-{name}", label=label, template=f"{_FOLDER}/{name}")


RECEIVED = _topic("recue", gettext_lazy("Votre demande est bien arrivée"))
ASKED = _topic("question", gettext_lazy("La mairie vous demande quelque chose"))
ACCEPTED = _topic("acceptee", gettext_lazy("Votre demande est acceptée"))
REFUSED = _topic("refusee", gettext_lazy("Votre demande est refusée"))

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
