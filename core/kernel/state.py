"""Which plugins are on. Each request reads the table once, so every worker follows a switch at its next request.

The same statement brings the stamp of the configuration: a worker keeps what it read of it until the stamp changes.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from django.db import DatabaseError
from django.db.models import Count, DateTimeField, Max, Value
from django.http import HttpRequest, HttpResponse

from core.contracts.plugin import Audience, Plugin
from core.kernel import discovery


@dataclass(frozen=True, slots=True)
class Failure:
    """A plugin that failed at a hook during this request, for agents to see in place."""

    slug: str
    hook: str


Stamp = tuple[int, datetime] | None
"""How many versions of the configuration there are, and the instant of the last; None while there is none.

A count, since a key given earlier may be committed later."""


@dataclass(slots=True)
class _Snapshot:
    slugs: frozenset[str] | None = None
    stamp: Stamp = None
    stamp_known: bool = False
    failures: list[Failure] = field(default_factory=list)
    memory: dict[Hashable, object] = field(default_factory=dict)


_current: ContextVar[_Snapshot | None] = ContextVar("parvis_state", default=None)


def _read() -> tuple[frozenset[str], Stamp]:
    """One statement: the switches, then one row without a slug that carries the stamp."""
    from core.kernel.models import ConfigurationVersion, PluginState

    columns = ("slug", "enabled", "total", "at")
    nothing = Value(None, output_field=DateTimeField())
    switches = PluginState.objects.annotate(total=Value(0), at=nothing).values_list(*columns)
    last = (
        ConfigurationVersion.objects.annotate(slug=Value(""), enabled=Value(False))
        .values("slug", "enabled")
        .annotate(total=Count("pk"), at=Max("created_at"))
        .values_list(*columns)
    )
    try:
        found = {slug: rest for slug, *rest in switches.union(last, all=True)}
    except DatabaseError:  # before the first migration
        found = {}
    _, total, at = found.pop("", (False, None, None))
    on: set[str] = set()
    for plugin in discovery.usable():  # dependencies come first
        enabled = found[plugin.slug][0] if plugin.slug in found else plugin.enabled_by_default
        if enabled and on.issuperset(plugin.depends_on):
            on.add(plugin.slug)
    return frozenset(on), (total, at) if total else None


def _known() -> tuple[frozenset[str], Stamp]:
    """What this request's snapshot holds, read when it is first asked; outside of any, read each time."""
    snapshot = _current.get() or _Snapshot()
    if snapshot.slugs is None or not snapshot.stamp_known:
        slugs, snapshot.stamp = _read()
        snapshot.slugs = slugs if snapshot.slugs is None else snapshot.slugs
        snapshot.stamp_known = True
    return snapshot.slugs, snapshot.stamp


def enabled_slugs() -> frozenset[str]:
    """Slugs of the plugins that are on; one statement, then free until the end of the request."""
    return _known()[0]


def configuration_stamp() -> Stamp:
    """What changes with each version of the configuration that is written; it comes with the same statement."""
    return _known()[1]


def forget_stamp() -> None:
    """A version was just written: the rest of this request reads it, plugins stay as they were."""
    if snapshot := _current.get():
        snapshot.stamp_known = False


def enabled() -> list[Plugin]:
    slugs = enabled_slugs()
    return [plugin for plugin in discovery.usable() if plugin.slug in slugs]


def serves(audience: Audience) -> bool:
    """Is any plugin on that speaks to this audience? Without one for families there is no Espace Famille."""
    return any(audience in plugin.audience for plugin in enabled())


T = TypeVar("T")


def once(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, read once for the length of a snapshot: two contributions to a page share a statement.

    For what is only shown: a page that writes first reads again by itself.
    """
    snapshot = _current.get()
    if snapshot is None:
        return read()
    if key not in snapshot.memory:
        snapshot.memory[key] = read()
    return cast(T, snapshot.memory[key])


def record(failure: Failure) -> None:
    if snapshot := _current.get():
        snapshot.failures.append(failure)


def failures() -> list[Failure]:
    snapshot = _current.get()
    return list(snapshot.failures) if snapshot else []


@contextmanager
def snapshot() -> Iterator[None]:
    """One consistent view of the state for the length of a request, a command or a task; inside one, the same."""
    if _current.get() is not None:
        yield
        return
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
