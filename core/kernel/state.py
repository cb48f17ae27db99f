"""Which plugins are on. Each request reads the table once, so every worker follows a switch at its next request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from core.contracts.plugin import Audience, Plugin
from core.kernel import discovery


@dataclass(frozen=True, slots=True)
class Failure:
    """A plugin that failed at a hook during this request, for agents to see in place."""

    slug: str
    hook: str


@dataclass(slots=True)
class _Snapshot:
    slugs: frozenset[str] | None = None
    failures: list[Failure] = field(default_factory=list)


_current: ContextVar[_Snapshot | None] = ContextVar("parvis_state", default=None)


def _read() -> frozenset[str]:
    from core.kernel.models import PluginState

    try:
        rows = dict(PluginState.objects.values_list("slug", "enabled"))
    except DatabaseError:  # before the first migration
        rows = {}
    on: set[str] = set()
    for plugin in discovery.usable():  # dependencies come first
        if rows.get(plugin.slug, plugin.enabled_by_default) and on.issuperset(plugin.depends_on):
            on.add(plugin.slug)
    return frozenset(on)


def enabled_slugs() -> frozenset[str]:
    """Slugs of the plugins that are on; one statement, then free until the end of the request."""
    snapshot = _current.get()
    if snapshot is None:
        return _read()
    if snapshot.slugs is None:
        snapshot.slugs = _read()
    return snapshot.slugs


def enabled() -> list[Plugin]:
    slugs = enabled_slugs()
    return [plugin for plugin in discovery.usable() if plugin.slug in slugs]


def serves(audience: Audience) -> bool:
    """Is any plugin on that speaks to this audience? Without one for families there is no Espace Famille."""
    return any(audience in plugin.audience for plugin in enabled())


def record(failure: Failure) -> None:
    if snapshot := _current.get():
        snapshot.failures.append(failure)


def failures() -> list[Failure]:
    snapshot = _current.get()
    return list(snapshot.failures) if snapshot else []


@contextmanager
def snapshot() -> Iterator[None]:
    """One consistent view of the state for the length of a request, a command or a task."""
    token = _current.set(_Snapshot())
    try:
        yield
    finally:
        _current.reset(token)


class StateMiddleware:
    """Gives each request its own snapshot; nothing is read until something asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with snapshot():
            return self.get_response(request)
