"""What parents are told when somebody at the town hall changed their record."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.notifications import Topic
from core.families.models import Guardian
from core.kernel.addresses import absolute
from core.notifications.services import Recipient, notify

RECORD_CHANGED = Topic(
    code="core.dossier-modifie",
    label=gettext_lazy("La mairie a modifié votre dossier"),  # type: ignore[arg-type]
    template="notifications/record",
)

TOPICS = (RECORD_CHANGED,)


def tell(guardians: Iterable[Guardian], what: str, *, also: str = "") -> None:
    """Each guardian hears what kind of thing changed, never its value; `also`, an address that is no longer theirs."""
    to: list[Recipient] = [guardian.person for guardian in guardians]
    if also:
        to.append(also)
    context = {"what": what, "url": absolute(reverse("portal:home")), "button": _("Voir mon dossier")}
    for who in to:
        notify(to=who, topic=RECORD_CHANGED.code, context=context)
