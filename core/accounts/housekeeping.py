"""What is kept of the sessions of people goes with the sessions."""

from datetime import datetime, time

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from core.accounts.models import CacheEntry
from core.contracts.jobs import Job


def clear_places(now: datetime) -> None:
    """Addresses and browsers of sessions that have ended; entries of the shared cache whose time is over."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    UserSession.objects.exclude(session_key__in=alive).delete()
    CacheEntry.objects.filter(expires__lt=now).delete()


JOBS = (
    Job(
        name="places",
        label=_("Oublier d’où l’on s’est connecté"),  # type: ignore[arg-type]
        schedule=time(3, 50),
        run=clear_places,
    ),
)
