"""One message to one person."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import transaction

from core.accounts.models import User
from core.contracts.notifications import Choice, Topic
from core.families.models import Person
from core.kernel import clock, outbox
from core.notifications import delivery, sms, topics, wording
from core.notifications.models import Message, TopicChoice
from core.notifications.selectors import address_of, fails
from core.ui import appearance
from core.ui.theme import tokens

Recipient = Person | User | str
"""A person, an account, or the bare address of somebody who has neither yet."""


@transaction.atomic
def notify(*, to: Recipient, topic: str, context: Mapping[str, Any], key: str = "") -> Message | None:
    """Write a message about a topic and send it once the caller's transaction is committed.

    With a `key` the same fact is told once: the second call gives the first message back. Somebody without an address,
    whose address gives messages back, or who does without this topic, has a row that says so, and nothing leaves. While
    the outbox is silent (the demo's past) nothing is written: None.
    Raises LookupError for a topic that nobody declares.
    """
    found = topics.find(topic)
    if outbox.is_silent():
        return None
    if key and (told := Message.objects.filter(key=key).first()):
        return told
    said = _choice(to, found)
    words = {**context, **frame(), "commune": appearance.commune()}
    written = wording.written(found, words)
    address = to if isinstance(to, str) else address_of(to)
    message, first = _write(to, found, key, address, written, said is None or said.by_email)
    if first and said and said.by_sms and (number := sms.number_of(to)):
        _write(to, found, f"{key}-sms" if key else "", number, written, True, Message.Channel.SMS)
    return message


def _choice(to: Recipient, topic: Topic) -> TopicChoice | None:
    """What the recipient said of an optional topic, or of one that may go by SMS; no statement for the others."""
    user = to.user if isinstance(to, Person) else to
    asked = topic.choice is Choice.OPTIONAL or (topic.by_sms and sms.is_offered())
    if not asked or not isinstance(user, User):
        return None
    found = TopicChoice.objects.filter(user=user, topic=topic.code).first()
    if found:
        found.by_email = found.by_email or topic.choice is not Choice.OPTIONAL
        found.by_sms = found.by_sms and topic.by_sms and sms.is_offered()
    return found


def _write(
    to: Recipient,
    topic: Topic,
    key: str,
    address: str,
    written: wording.Written,
    wanted: bool,
    channel: str = Message.Channel.EMAIL,
) -> tuple[Message, bool]:
    """The row of one message on one channel, and whether it is the first that tells this fact there."""
    if not address or fails(address):
        state = Message.State.UNREACHABLE
    else:
        state = Message.State.QUEUED if wanted else Message.State.UNWANTED
    now = clock.now()
    by_sms = channel == Message.Channel.SMS
    values: dict[str, Any] = {
        "topic": topic.code,
        "channel": channel,
        "person": to if isinstance(to, Person) else None,
        "user": to if isinstance(to, User) else None,
        "address": address,
        "subject": _line(written.subject),
        "text": "" if by_sms else written.text,
        "html": "" if by_sms else written.html,
        "state": state,
        "next_attempt_at": now,
        "created_at": now,
    }
    if key:
        message, first = Message.objects.get_or_create(key=key, defaults=values)
    else:
        message, first = Message.objects.create(**values), True
    if first and state == Message.State.QUEUED:
        delivery.send_on_commit(message)
    return message, first


def frame() -> dict[str, Any]:
    """The colours of the town, for the frame of messages."""
    return {"light": _colours("light"), "dark": _colours("dark")}


def _line(text: str) -> str:
    """A subject is one line: a name with a line break in it must not write headers."""
    return " ".join(text.split())[:300]


@cache
def _colours(mode: Any) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in tokens(mode).items()}
