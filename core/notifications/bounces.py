"""Messages that come back: the address is marked, nothing more is sent to it until an agent says that it works again.

A report is that of RFC 3464 (`parvis bounce < report`), or the address that a provider gives by the API.
"""

import re
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Mail
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.contracts.journal import Act
from core.kernel import journal
from core.notifications.models import FailingAddress, Message

ACTS = (
    Act("notifications.address_failing", _("Adresse en échec signalée"), shown_to_family=False),  # type: ignore[arg-type]
    Act("notifications.address_restored", _("Adresse en échec rétablie"), shown_to_family=False),  # type: ignore[arg-type]
)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@transaction.atomic
def record(*, address: str, status: str, now: datetime, actor: User | None) -> FailingAddress:
    """Mark an address, once; the last message that was sent there is one that came back.

    A `status` that begins with 4 (a full mailbox, a server that is busy) is of the moment: it marks nothing, and this
    raises ValueError, as does one that is no status.
    """
    if status and (not _STATUS.fullmatch(status) or status[0] != "5"):
        raise ValueError(status)
    found, first = FailingAddress.objects.get_or_create(
        address=address.strip().lower(), defaults={"since": now, "status": status, "marked_by": actor}
    )
    sent = Message.objects.filter(address__iexact=found.address, state=Message.State.SENT)
    if last := sent.order_by("-sent_at").first():
        last.state, last.error = Message.State.BOUNCED, status
        last.save(update_fields=["state", "error"])
    if first:
        journal.record(actor=actor, act="notifications.address_failing", object=found)
    return found


@transaction.atomic
def restore(*, failing: FailingAddress, actor: User) -> None:
    """The address works again: messages go there from now on."""
    journal.record(actor=actor, act="notifications.address_restored", object=failing)
    failing.delete()


def read(report: bytes) -> list[tuple[str, str]]:
    """(address, status) of each recipient that a delivery report says failed for good. Empty when it is no report."""
    found = []
    for part in message_from_bytes(report).walk():
        if part.get_content_type() == "message/delivery-status":
            found += [pair for block in _blocks(part) if (pair := _failed(block))]
    return found


def _blocks(part: Mail) -> list[Any]:
    payload = part.get_payload()
    return payload if isinstance(payload, list) else []


def _failed(block: Mail) -> tuple[str, str] | None:
    recipient = str(block.get("Final-Recipient") or block.get("Original-Recipient") or "")
    status = _STATUS.search(str(block.get("Status") or ""))
    failed = str(block.get("Action") or "").strip().lower() == "failed"
    address = recipient.partition(";")[2].strip()
    if not (failed and address and status and status[0].startswith("5")):
        return None
    return address, status[0]
