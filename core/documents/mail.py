"""What is written about documents: never what they say, only that there is something to read."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.notifications import Topic
from core.documents.models import SupportingDocument
from core.families.models import Guardian
from core.kernel.addresses import absolute
from core.notifications.services import notify


def _topic(name: str, label: Any) -> Topic:
    return Topic(code=f"core.document-{name}", label=label, template="notifications/fact")


REFUSED = _topic("refuse", gettext_lazy("Un document que vous avez envoyé ne convient pas"))
GIVEN = _topic("depose", gettext_lazy("La mairie vous a déposé un document"))

TOPICS = (REFUSED, GIVEN)


def refused(document: SupportingDocument) -> None:
    """To whoever sent it. The reason is read on the page: it may tell what the paper tells."""
    if document.deposited_by is None:
        return
    said = {"what": str(document)}
    notify(
        to=document.deposited_by,
        topic=REFUSED.code,
        context={
            "subject": _("Votre document « %(what)s » ne convient pas") % said,
            "answer": _("Le document « %(what)s » que vous avez envoyé ne convient pas.") % said,
            "more": _("La raison est écrite dans votre espace. Envoyez-en un autre."),
            "button": _("Lire la raison"),
            "url": absolute(reverse("portal:document", args=[document.pk])),
        },
        key=f"document-refuse-{document.pk}",
    )


def given(document: SupportingDocument) -> None:
    """To the guardians of the family who may read it."""
    guardians = Guardian.objects.filter(family=document.family_id, merged_into=None).select_related(
        "person__user"
    )
    needs = document.type.needs if document.type else None
    for guardian in guardians:
        if needs is None or needs in guardian.allowed:
            notify(
                to=guardian.person,
                topic=GIVEN.code,
                context={
                    "subject": _("La mairie vous a déposé un document"),
                    "answer": _("Un document de la mairie vous attend dans votre espace."),
                    "more": "",
                    "button": _("Le lire"),
                    "url": absolute(reverse("portal:document", args=[document.pk])),
                },
                key=f"document-depose-{document.pk}-{guardian.pk}",
            )
