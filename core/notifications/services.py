"""One message to one person."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from core.accounts.models import User
from core.families.models import Person
from core.kernel import clock, outbox
from core.notifications import delivery, topics
from core.notifications.models import Message
from core.notifications.selectors import address_of
from core.ui import appearance
from core.ui.theme import tokens

Recipient = Person | User | str
"""A person, an account, or the bare address of somebody who has neither yet."""


@transaction.atomic
def notify(*, to: Recipient, topic: str, context: Mapping[str, Any], key: str = "") -> Message | None:
    """Write a message about a topic and send it once the caller's transaction is committed.

    With a `key` the same fact is told once: the second call gives the first message back. Somebody without an address
    has a row that says so, and nothing leaves. While the outbox is silent (the demo's past) nothing is written: None.
    Raises LookupError for a topic that nobody declares.
    """
    found = topics.find(topic)
    if outbox.is_silent():
        return None
    if key and (told := Message.objects.filter(key=key).first()):
        return told
    now = clock.now()
    address = to if isinstance(to, str) else address_of(to)
    words = {**context, "light": _colours("light"), "dark": _colours("dark"), "commune": appearance.commune()}
    values = {
        "topic": topic,
        "person": to if isinstance(to, Person) else None,
        "user": to if isinstance(to, User) else None,
        "address": address,
        "subject": _line(render_to_string(f"{found.template}.subject.txt", words)),
        "text": render_to_string(f"{found.template}.txt", words).strip() + "\n",
        "html": render_to_string(f"{found.template}.html", words),
        "state": Message.State.QUEUED if address else Message.State.UNREACHABLE,
        "next_attempt_at": now,
        "created_at": now,
    }
    if key:
        message, first = Message.objects.get_or_create(key=key, defaults=values)
        if not first:
            return message
    else:
        message = Message.objects.create(**values)
    if address:
        delivery.send_on_commit(message)
    return message


def _line(text: str) -> str:
    """A subject is one line: a name with a line break in it must not write headers."""
    return " ".join(text.split())[:300]


@cache
def _colours(mode: Any) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in tokens(mode).items()}
