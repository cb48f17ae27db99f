"""The only way to call plugins (a test forbids `pm.hook` elsewhere).

collect(navigation.family_tiles, context=context)   # what works is shown
ask(lifecycle.disable_obstacles, slug)              # the same, of one plugin
strict(billing.billable_lines, scope=scope)         # all or nothing, with the plugin's slug
boot(payments.payment_providers)                    # once a process; gate what you show

The fourth kind, `core.kernel.outbox.notify(billing.on_invoice_issued, event)`, tells its handlers one by one with
`tell`.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from time import perf_counter
from typing import Any, ParamSpec, TypeVar, get_args

from django.db import transaction

from core.contracts.markers import Kind
from core.kernel import discovery, manager, state

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

SLOW = 0.5
"""A page that waits longer for a plugin, in seconds, is logged. The call is never cut short."""


@dataclass(slots=True)
class Tally:
    """What a plugin did at one hook in this process; `slowest` is its longest call, in seconds."""

    calls: int = 0
    failures: int = 0
    slowest: float = 0.0


tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
"""By plugin and hook, since this process started."""

_started = perf_counter()


def uptime() -> timedelta:
    """For how long this process has been counting."""
    return timedelta(seconds=perf_counter() - _started)


class ContributionFailed(Exception):
    """A plugin failed at a strict hook: the whole operation stops."""

    def __init__(self, slug: str, hook: str) -> None:
        super().__init__(f"{slug}: {hook}")
        self.slug = slug
        self.hook = hook


def _hook(spec: Callable[..., Any], kind: Kind) -> str:
    declared = getattr(spec, "parvis_kind", None)
    if declared != kind:
        raise TypeError(f"{spec.__name__} is a {declared} hook, called as {kind}")
    return spec.__name__


def _item_type(spec: Callable[..., Any]) -> type:
    item: type = get_args(spec.__annotations__["return"])[0]
    return item


def _checked(items: Iterable[T], expected: type) -> Iterator[T]:
    for item in items:
        if not isinstance(item, expected):
            raise TypeError(f"expected {expected.__name__}, got {type(item).__name__}")
        yield item


def _spent(slug: str, hook: str, seconds: float) -> None:
    tally = tallies[slug, hook]
    tally.calls += 1
    tally.slowest = max(tally.slowest, seconds)


@contextmanager
def _timed(slug: str, hook: str) -> Iterator[None]:
    started = perf_counter()
    try:
        yield
    finally:
        seconds = perf_counter() - started
        _spent(slug, hook, seconds)
        if seconds > SLOW:
            logger.warning("plugin %s took %.1f s at %s", slug, seconds, hook)


def _log(slug: str, hook: str, error: Exception) -> None:
    tallies[slug, hook].failures += 1
    logger.error("plugin %s failed at %s", slug, hook, exc_info=error)


def collect(spec: Callable[P, list[T]], *args: P.args, **kwargs: P.kwargs) -> list[T]:
    """What the enabled plugins contribute, by weight then by plugin. A plugin that fails loses its own answer only.

    Inside a transaction each call has its savepoint, so that an SQL error of one does not poison the page.
    """
    hook, expected = _hook(spec, "collect"), _item_type(spec)
    found: list[T] = []
    for plugin in sorted(state.enabled(), key=lambda plugin: plugin.slug):
        try:
            found += _answers(plugin.slug, hook, expected, kwargs)
        except ContributionFailed:  # the page is served without this plugin
            state.record(state.Failure(plugin.slug, hook))
    return sorted(found, key=lambda item: getattr(item, "weight", 0))


def ask(spec: Callable[P, list[T]], slug: str, *args: P.args, **kwargs: P.kwargs) -> list[T]:
    """What one plugin, on or off, answers to a collect hook; nothing without it. Raises `ContributionFailed`."""
    return _answers(slug, _hook(spec, "collect"), _item_type(spec), kwargs)


def _answers(slug: str, hook: str, expected: type, arguments: Mapping[str, Any]) -> list[Any]:
    if (call := manager.caller(hook, slug)) is None:
        return []
    guard = transaction.atomic() if transaction.get_connection().in_atomic_block else nullcontext()
    try:
        with _timed(slug, hook), guard:
            return [item for answer in call(**arguments) for item in _checked(answer, expected)]
    except Exception as error:
        _log(slug, hook, error)
        raise ContributionFailed(slug, hook) from error


def strict(spec: Callable[P, Iterable[T]], *args: P.args, **kwargs: P.kwargs) -> Iterator[tuple[str, T]]:
    """(slug, item) for every item of every enabled plugin, streamed. Any failure raises `ContributionFailed`."""
    hook, expected = _hook(spec, "strict"), _item_type(spec)
    for plugin in state.enabled():
        if (call := manager.caller(hook, plugin.slug)) is None:
            continue
        spent, started = 0.0, perf_counter()
        try:
            for item in (item for answer in call(**kwargs) for item in _checked(answer, expected)):
                spent += perf_counter() - started  # what the caller does with a line is not the plugin's time
                yield plugin.slug, item
                started = perf_counter()
            spent += perf_counter() - started
        except Exception as error:
            _log(plugin.slug, hook, error)
            raise ContributionFailed(plugin.slug, hook) from error
        finally:
            _spent(plugin.slug, hook, spent)


def implementers(spec: Callable[..., Any]) -> list[str]:
    """Slugs of the installed plugins that implement a hook, switched on or not."""
    return [
        plugin.slug
        for plugin in discovery.installed().plugins
        if manager.caller(spec.__name__, plugin.slug) is not None
    ]


@cache
def boot(spec: Callable[[], list[T]]) -> list[tuple[str, T]]:
    """(slug, item) of every installed plugin, asked once a process; one that fails is quarantined.

    Whoever shows the items checks that their plugin is on.
    """
    hook, expected = _hook(spec, "boot"), _item_type(spec)
    found: list[tuple[str, T]] = []
    for slug in implementers(spec):
        try:
            with _timed(slug, hook):
                answers = manager.caller(hook, slug)()  # type: ignore[misc]
                found += [(slug, item) for answer in answers for item in _checked(answer, expected)]
        except Exception as error:  # the process starts without this plugin, unless strict mode refuses
            _log(slug, hook, error)
            discovery.put_aside(slug, error)
    return found


def start() -> None:
    """Ask every boot hook, so that whoever is to be put aside is, and is named. Free after the first time."""
    for spec in manager.specifications("boot"):
        boot(spec)


def listeners(spec: Callable[..., Any]) -> list[str]:
    """Slugs of the enabled plugins that hear a notify hook, dependencies first."""
    hook = _hook(spec, "notify")
    return [plugin.slug for plugin in state.enabled() if manager.caller(hook, plugin.slug) is not None]


@cache
def heard(hook: str) -> Callable[..., Any]:
    """The specification of a notify hook, by its name. Raises LookupError when the contract has none."""
    for spec in manager.specifications("notify"):
        if spec.__name__ == hook:
            return spec
    raise LookupError(hook)


def tell(spec: Callable[..., Any], slug: str, event: object) -> None:
    """Let one plugin handle an event. A failure is counted and logged, then raised."""
    hook = _hook(spec, "notify")
    if (call := manager.caller(hook, slug)) is None:
        raise LookupError(f"{slug}: {hook}")
    try:
        with _timed(slug, hook):
            call(event=event)
    except Exception as error:
        _log(slug, hook, error)
        raise
