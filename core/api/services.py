"""Acts on tokens."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core.api.models import ApiToken, Scope

PREFIX = "parvis_"
USE_IS_WRITTEN_EVERY = timedelta(hours=1)


@transaction.atomic
def create_token(
    *, user: Any, name: str, scopes: Iterable[Scope], now: datetime, lifetime: timedelta
) -> tuple[ApiToken, str]:
    """The token and its secret, which nobody can read again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user=user,
        name=name,
        digest=ApiToken.digest_of(secret),
        prefix=secret[:12],
        scopes=sorted(scope.value for scope in scopes),
        created_at=now,
        expires_at=now + lifetime,
    )
    token.save(force_insert=True)
    return token, secret


def revoke_token(*, token_id: UUID, user: Any, now: datetime) -> bool:
    """Close one of the user's own tokens for ever. False when it is not theirs or is closed already."""
    return bool(ApiToken.objects.filter(pk=token_id, user=user, revoked_at=None).update(revoked_at=now))


def note_use(*, token: ApiToken, now: datetime) -> None:
    """Keep when a token last served, without a write at each request."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_IS_WRITTEN_EVERY)
    if token.last_used_at is None or token.last_used_at < now - USE_IS_WRITTEN_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
