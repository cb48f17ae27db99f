"""Messages leave here: on commit by a task, and what a stop or a refusal left behind by `parvis tick`.

An attempt is counted before it is made, and the next one put off, so that two processes never make the same. What
stopped between the sending and its mark is sent again: the message keeps one identifier, by which a mailbox knows it.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from core.contracts.jobs import Job
from core.kernel import clock
from core.kernel.addresses import absolute
from core.kernel.retries import ATTEMPTS, class_of, delay
from core.notifications import sms, topics
from core.notifications.models import Message

PER_TICK = 500


def send_on_commit(message: Message) -> None:
    transaction.on_commit(lambda: send.enqueue(str(message.pk)), robust=True)


@task()
def send(message_id: str) -> None:
    """Make one attempt, if it is due."""
    attempt(pk=UUID(message_id), now=clock.now())


def send_due(now: datetime) -> None:
    """Attempt what is due, oldest first, a bounded number."""
    due = Message.objects.filter(state=Message.State.QUEUED, next_attempt_at__lte=now)
    for pk in list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:PER_TICK]):
        attempt(pk=pk, now=now)


def attempt(*, pk: UUID, now: datetime) -> bool | None:
    """Whether a message left; None when there is nothing to do, now or here."""
    if (claimed := _claim(pk, now)) is None:
        return None
    mine = Message.objects.filter(pk=pk, state=Message.State.QUEUED, attempts=claimed.attempts)
    try:
        _send(claimed)
    except Exception as error:  # a server that refuses, or does not answer: later again
        last = claimed.attempts >= ATTEMPTS
        mine.update(error=class_of(error), state=Message.State.FAILED if last else Message.State.QUEUED)
        return False
    forget = {} if _keeps_text(claimed) else {"text": "", "html": ""}
    mine.update(state=Message.State.SENT, sent_at=now, error="", **forget)
    return True


def _send(message: Message) -> None:
    if message.channel == Message.Channel.SMS:
        sms.send(to=message.address, text=message.subject)
    else:
        email_of(message).send()


@transaction.atomic
def _claim(pk: UUID, now: datetime) -> Message | None:
    found = (
        Message.objects.select_for_update(skip_locked=True)
        .filter(pk=pk, state=Message.State.QUEUED, next_attempt_at__lte=now)
        .first()
    )
    if found is None:
        return None
    if found.attempts >= ATTEMPTS:
        found.state = Message.State.FAILED
        found.save(update_fields=["state"])
        return None
    found.attempts += 1
    found.next_attempt_at = now + delay(found.attempts)
    found.save(update_fields=["attempts", "next_attempt_at"])
    return found


def _keeps_text(message: Message) -> bool:
    try:
        return topics.find(message.topic).keeps_text
    except LookupError:  # its plugin is gone: nobody says that the text may stay
        return False


def email_of(message: Message) -> EmailMultiAlternatives:
    """Text and HTML say the same. Sent twice, it is the same message: its identifier is that of the fact."""
    host = urlsplit(absolute("/")).hostname
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.address],
        headers={"Message-ID": f"<{message.key or message.pk}@{host}>"},
    )
    email.attach_alternative(message.html, "text/html")
    return email


JOBS = (
    Job(
        name="messages",
        label=_("Envoyer les messages en attente"),  # type: ignore[arg-type]
        schedule=timedelta(minutes=1),
        run=send_due,
    ),
)
