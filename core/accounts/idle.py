"""How long one may be away before signing in again: minutes by trade, edited by agents, kept as versions.

A session remembers when it was last used and the trades of its owner: no page costs a statement more. Both are written
again once a minute at most, so that a change of trade follows within that minute.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.contracts.access import Trade
from core.contracts.settings import Integer
from core.kernel import clock, configuration
from core.kernel.settings import Sheet

KEY = "accounts.settings"
MARK = "accounts.activity"
EXPIRED = "accounts.expired"
"""In the session of a visitor: the minutes after which they were signed out, said on the sign-in page."""
EVERY = 60.0
"""Seconds between two writings of the activity of a session."""

FAMILIES = 120
OFFICE = 30
OUTDOORS = 120
"""Minutes. On a playground one takes the telephone out between two groups."""

LONGEST = 8 * 60


@lru_cache(maxsize=1)
def sheet() -> Sheet:
    trades = (
        _minutes(trade.name.lower(), trade.value, OUTDOORS if trade is Trade.FIELD else OFFICE)
        for trade in Trade
    )
    schema = (_minutes("families", _("Parents"), FAMILIES), *trades)
    return Sheet(KEY, _("Durée des connexions"), schema)


def _minutes(name: str, label: str, default: int) -> Integer:
    help_text = _("Minutes sans rien faire avant de devoir se reconnecter.")
    return Integer(name=name, label=label, help=help_text, default=default, minimum=5, maximum=LONGEST)


def sheets() -> Iterator[Sheet]:
    yield sheet()


configuration.register(sheets)


def limit(trades: Iterable[str], minutes: Mapping[str, Any]) -> int:
    """Minutes allowed to somebody of these trades (names of `Trade`): the shortest of them, a parent's without any.

    >>> limit(["billing", "field"], {"families": 120, "billing": 30, "field": 60})
    30
    """
    own = [minutes[trade] for trade in trades if trade in minutes]
    return min(own) if own else minutes["families"]


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody was away for too long; `minutes` is what their trade allows."""

    minutes: int


def begin(request: HttpRequest, user: Any) -> None:
    """Write in the session that somebody is here now. One statement."""
    names = {trade.value: trade.name.lower() for trade in Trade}
    held = user.groups.values_list("name", flat=True)
    trades = sorted(names[name] for name in held if name in names)
    if user.is_superuser:
        trades = sorted({*trades, Trade.ADMIN.name.lower()})
    request.session[MARK] = {"at": time.time(), "trades": trades}


def follow(request: HttpRequest) -> Away | None:
    """Note that somebody is here, or say that they were away for too long. Free, but for one time a minute."""
    mark = request.session.get(MARK)
    if mark is None:
        return None
    away = time.time() - mark["at"]
    minutes = limit(mark["trades"], sheet().values())
    if away > minutes * 60:
        return Away(minutes)
    if away > EVERY:
        begin(request, request.user)
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=clock.now())
    return None


def on_signed_in(*, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    request.session.pop(EXPIRED, None)
    begin(request, user)
