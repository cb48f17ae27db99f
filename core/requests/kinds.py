"""What may be asked: kinds of core, registered by its rooms, and those of the plugins that are on."""

from collections import Counter

from core.contracts.requests import RequestKind, request_kinds
from core.kernel import calls, state

_core: dict[str, RequestKind] = {}


def register(*kinds: RequestKind) -> None:
    """Add kinds of core; called by a room when the process starts."""
    _core.update({kind.code: kind for kind in kinds})


def every() -> dict[str, RequestKind]:
    """The kinds that are on, by code: those of core, then those of the plugins."""
    on = state.enabled_slugs()
    return _core | {kind.code: kind for slug, kind in calls.boot(request_kinds) if slug in on}


def find(code: str) -> RequestKind:
    """Raises LookupError for a kind that nobody brings, or whose plugin is off."""
    return every()[code]


def shared_codes() -> list[str]:
    """Codes that two kinds share."""
    codes = [*_core, *(kind.code for _slug, kind in calls.boot(request_kinds))]
    return [code for code, count in Counter(codes).items() if count > 1]
