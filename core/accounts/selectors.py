"""What somebody reads about the safety of their own account."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from core.accounts.models import User

_BROWSERS = (
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac", "Macintosh"),
    ("Linux", "Linux|X11"),
)


def device(user_agent: str) -> str:
    """
    >>> device("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    'Firefox, Linux'
    """
    found = [
        next((name for name, pattern in names if re.search(pattern, user_agent)), "")
        for names in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or _("Appareil inconnu")


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where somebody is signed in. `id` is what a revocation names."""

    id: int
    device: str
    ip: str
    since: datetime
    seen: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class Safety:
    """`keys`: passkeys, oldest first; `codes_left`: None without recovery codes; `address` may not be confirmed yet."""

    address: str
    address_confirmed: bool
    address_awaited: str
    application: Authenticator | None
    keys: list[Any]
    codes_left: int | None

    @property
    def has_factor(self) -> bool:
        return bool(self.application or self.keys)


def safety(user: User) -> Safety:
    """Two statements."""
    addresses = list(EmailAddress.objects.filter(user=user))
    own = next((item for item in addresses if item.email == user.email), None)
    awaited = next((item.email for item in addresses if item.email != user.email and not item.verified), "")
    found = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    by_type: dict[str, list[Authenticator]] = {}
    for authenticator in found:
        by_type.setdefault(authenticator.type, []).append(authenticator)
    application = by_type.get(Authenticator.Type.TOTP)
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return Safety(
        address=user.email,
        address_confirmed=bool(own and own.verified),
        address_awaited=awaited,
        application=application[0] if application else None,
        keys=[{"key": key, "name": key.wrap().name} for key in by_type.get(Authenticator.Type.WEBAUTHN, [])],
        codes_left=len(codes[0].wrap().get_unused_codes()) if codes else None,
    )


def open_sessions(user: User, *, current: str, now: datetime) -> list[OpenSession]:
    """Where somebody is signed in, this browser first, then the last used. Two statements."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at"))
    alive = set(_alive((row.session_key for row in rows), now))
    found = [
        OpenSession(
            id=row.pk,
            device=device(row.user_agent),
            ip=row.ip,
            since=row.created_at,
            seen=row.last_seen_at,
            is_current=row.session_key == current,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda session: not session.is_current)


def _alive(keys: Iterable[str], now: datetime) -> Iterable[str]:
    return Session.objects.filter(session_key__in=list(keys), expire_date__gt=now).values_list(
        "session_key", flat=True
    )


def identifiers(email: str) -> list[str]:
    """Identifiers of the open accounts of an address, in alphabetical order. Two statements, whatever is found."""
    own = set(User.objects.filter(email__iexact=email, is_active=True).values_list("username", flat=True))
    confirmed = EmailAddress.objects.filter(email=email.lower(), verified=True, user__is_active=True)
    return sorted(own | set(confirmed.values_list("user__username", flat=True)))
