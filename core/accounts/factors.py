"""The second factor: who must have one, who has one, and whether this session proved it."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from core.accounts.models import User
from core.contracts.journal import Act
from core.kernel import journal
from core.kernel.access import is_agent

WITHDRAWN = Act("accounts.factors_withdrawn", "Second facteur retiré", shown_to_family=False)
ACTS = (WITHDRAWN,)

REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes only stand in for one of these."""


def must_have(user: Any) -> bool:
    """Agents, everywhere but in the demo (`PARVIS_SECOND_FACTOR`)."""
    return settings.PARVIS_SECOND_FACTOR and is_agent(user)


def has_factor(user: Any) -> bool:
    return Authenticator.objects.filter(user=user, type__in=REAL).exists()


def is_last_needed(authenticator: Authenticator) -> bool:
    """Would its owner be left without the factor that their trade demands?"""
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=REAL)
    return must_have(authenticator.user) and not others.exclude(pk=authenticator.pk).exists()


def proved(request: HttpRequest) -> bool:
    """Did whoever is signed in prove a second factor in this session? No statement."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def on_added(*, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """A factor that was just set up was proved by it. The first one closes the sessions opened without any."""
    if authenticator.type not in REAL:
        return
    if not proved(request):
        end_sessions(user=user, but=request.session.session_key or "")
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def end_sessions(*, user: User, but: str = "") -> int:
    """Sign somebody out of every session but one; how many were ended."""
    with transaction.atomic():
        sessions = UserSession.objects.filter(user=user).exclude(session_key=but)
        keys = list(sessions.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        sessions.delete()
    return len(keys)


@transaction.atomic
def reset(*, user: User, actor: Any, reason: str) -> int:
    """Take every factor away from somebody who lost theirs, and close their sessions; how many were taken.

    `actor` is None for the command line. Whoever acts has checked who is asking: `reason` says how.
    """
    taken, _by_model = Authenticator.objects.filter(user=user).delete()
    end_sessions(user=user)
    journal.record(
        actor=actor, act=WITHDRAWN.code, object=user, changes={"factors": [taken, 0]}, reason=reason
    )
    return taken
