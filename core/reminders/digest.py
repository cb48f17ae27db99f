"""The message « Je pense à » : what is to be done, one message a day at most, at the rhythm that each one chose.

An account is looked at once a day, whatever stops in between: `Digest.told_on` is written with the message, whose key
is the account and the day. Nothing to say, or nothing new, is no message.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.accounts.models import User
from core.contracts.jobs import Job
from core.contracts.notifications import Choice, Topic
from core.families.models import Guardian
from core.families.selectors import Household, context_in, reach_of
from core.kernel import state
from core.kernel.addresses import absolute
from core.kernel.clock import PARIS
from core.notifications.models import Message
from core.notifications.services import notify
from core.reminders import selectors
from core.reminders.models import Digest
from core.reminders.rules import Reminder

Rhythm = Digest.Rhythm

TOPIC = Topic(
    code="core.je-pense-a",
    label=gettext_lazy("Je pense à"),  # type: ignore[arg-type]
    template="reminders/mail/digest",
    choice=Choice.ELSEWHERE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One household of the message; two homes of one parent are told apart."""

    name: str
    lines: list[tuple[Reminder, str]]


def rhythm_of(user: User) -> str:
    found = Digest.objects.filter(user=user).values_list("rhythm", flat=True).first()
    return found or Rhythm.WEEKLY


def choose(*, user: User, rhythm: str) -> None:
    Digest.objects.update_or_create(user=user, defaults={"rhythm": rhythm})


def send_all(now: datetime) -> int:
    """Write to whoever is due. Returns how many messages were written."""
    if not state.serves("families"):
        return 0
    today = now.astimezone(PARIS).date()
    return sum(tell(user=user, today=today) is not None for user in list(_due(today)))


def _due(today: date) -> QuerySet[User]:
    """Guardians with an account whose day it is: each day, or the first time from Monday on."""
    monday = today - timedelta(days=today.weekday())
    guardians = Guardian.objects.filter(merged_into=None, person__user__isnull=False)
    told = Coalesce("digest__told_on", date.min)
    return (
        User.objects.filter(is_active=True, pk__in=guardians.values("person__user"))
        .annotate(told_on=told, rhythm=F("digest__rhythm"))
        .filter(
            Q(rhythm=Rhythm.DAILY, told_on__lt=today)
            | (Q(rhythm=Rhythm.WEEKLY) | Q(rhythm=None)) & Q(told_on__lt=monday)
        )
        .order_by("pk")
    )


@transaction.atomic
def tell(*, user: User, today: date) -> Message | None:
    """Look at what one account has to think of, and write it unless it was said already. One day is looked at once."""
    row, _made = Digest.objects.select_for_update().get_or_create(user=user)
    if row.rhythm == Rhythm.NEVER or row.told_on == today:
        return None
    parts = _parts(user, today)
    said = _fingerprint(parts)
    news = bool(parts) and (row.rhythm == Rhythm.WEEKLY or said != row.told)
    row.told_on, row.told = today, said
    row.save(update_fields=["told_on", "told"])
    if not news:
        return None
    return notify(
        to=user, topic=TOPIC.code, context=_words(parts), key=f"je-pense-a-{user.pk}-{today.isoformat()}"
    )


def _parts(user: User, today: date) -> list[Part]:
    reach = reach_of(user, today)
    own: list[Household] = [household for household in reach.households if household.mandate is None]
    parts = []
    for household in own:
        context = context_in(reach, today, household.key)
        if context and (found := selectors.of_family(context)):
            lines = [(reminder, absolute(reminder.notice.url)) for reminder in found]
            parts.append(Part(household.name if len(own) > 1 else "", lines))
    return parts


def _fingerprint(parts: list[Part]) -> str:
    """What was said: the facts and how urgent they were, so that a last day is told again."""
    said = [(reminder.notice.key, reminder.tone) for part in parts for reminder, _url in part.lines]
    return sha256(repr(sorted(said)).encode()).hexdigest() if said else ""


def _words(parts: list[Part]) -> dict[str, Any]:
    total = sum(len(part.lines) for part in parts)
    first = parts[0].lines[0][0].notice.label
    others = total - 1
    subject = _("Je pense à : %s") % (first[:1].lower() + first[1:])
    if others:
        subject += ngettext(", et une autre chose", ", et %(count)d autres choses", others) % {
            "count": others
        }
    return {
        "subject": subject,
        "parts": parts,
        "url": absolute(reverse("portal:reminders")),
        "button": _("Voir tout ce que j’ai à faire"),
        "preferences_url": absolute(reverse("portal:preferences")),
    }


JOBS = (
    Job(
        name="je-pense-a",
        label=gettext_lazy("Écrire aux familles ce qu’elles ont à faire"),  # type: ignore[arg-type]
        schedule=time(7, 0),
        run=send_all,
    ),
)
