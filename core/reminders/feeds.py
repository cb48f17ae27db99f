"""The private calendar of a household, for the diary of a telephone: days and what to do, nobody's name nor amounts."""

from datetime import datetime, time, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.contracts.family import FamilyContext
from core.families.selectors import context_in, reach_of
from core.kernel.addresses import absolute
from core.kernel.clock import PARIS
from core.reminders import selectors
from core.reminders.models import CalendarFeed
from core.ui import ical

OFTEN = timedelta(hours=1)
"""How often it is written that a calendar was read: telephones ask all day long."""


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def key_of(context: FamilyContext) -> UUID:
    """The household of a context, as an account chooses it."""
    return context.mandate.id if context.mandate else context.id


def standing(*, user: User, context: FamilyContext) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(user=user, household=key_of(context)).first()


@transaction.atomic
def make(*, user: User, context: FamilyContext, now: datetime) -> str:
    """The secret of a new address; the former one, if any, leads nowhere any more."""
    secret = token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user,
        household=key_of(context),
        defaults={"digest": _digest(secret), "made_at": now, "read_at": None},
    )
    return secret


def revoke(*, user: User, context: FamilyContext) -> bool:
    """Whether there was one to take back."""
    return CalendarFeed.objects.filter(user=user, household=key_of(context)).delete()[0] > 0


def read(*, secret: str, now: datetime) -> str | None:
    """The calendar of a secret, as a file; None when it leads nowhere: revoked, account closed, household left."""
    feed = CalendarFeed.objects.select_related("user").filter(digest=_digest(secret)).first()
    if feed is None or not feed.user.is_active:
        return None
    today = now.astimezone(PARIS).date()
    reach = reach_of(feed.user, today)
    context = context_in(reach, today, feed.household) if reach.find(feed.household) else None
    if context is None:
        return None
    if feed.read_at is None or now - feed.read_at >= OFTEN:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    return calendar(context)


def calendar(context: FamilyContext) -> str:
    """What has a day, that day, from « key » to a lasting identifier. What waits without a date stays on the pages."""
    host = urlsplit(absolute("/")).hostname
    changed = datetime.combine(context.today, time(), PARIS)
    entries = []
    for reminder in selectors.of_family(context):
        notice = reminder.notice
        to_come = notice.begins is not None and notice.begins > context.today
        if day := notice.begins if to_come else notice.until:
            words = _("%s (ouverture)") if to_come else _("%s (dernier jour)")
            entries.append(
                ical.Entry(
                    uid=f"{notice.key}@{host}",
                    summary=words % notice.label,
                    starts=day,
                    ends=day,
                    changed=changed,
                    url=absolute(notice.url),
                )
            )
    return ical.calendar(_("Je pense à"), entries)
