"""How a hook is declared and implemented.

A *specification* is a typed function of `core/contracts/<theme>.py` decorated with its kind of call; its docstring
says *When, Returns, On failure, Since*. An *implementation* is a function of the same name in a plugin's
`hooks.py` decorated with `hookimpl`; it may take any subset of the arguments.

Kinds of call (design §3):

- boot: asked once when the process starts; what it returns is gated at each request;
- collect: something shown; a plugin that fails loses its own answer only;
- strict: money, export, erasure; a plugin that fails stops the whole operation and is named;
- notify: something happened; each plugin hears it after the transaction, again until it succeeds. The only argument is
  `event`, a frozen dataclass of identifiers and days; the handler is idempotent and runs in its own transaction.

A hook that is to go says so first (`deprecated`, above its kind), for at least one minor version.
"""

from collections.abc import Callable
from typing import Literal, ParamSpec, TypeVar

import pluggy

PROJECT = "parvis"

Kind = Literal["boot", "collect", "strict", "notify"]
P = ParamSpec("P")
R = TypeVar("R")

hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)


def _kind(kind: Kind) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def mark(spec: Callable[P, R]) -> Callable[P, R]:
        spec.parvis_kind = kind  # type: ignore[attr-defined]
        return _hookspec(spec)

    return mark


boot_hook = _kind("boot")
collect_hook = _kind("collect")
strict_hook = _kind("strict")
notify_hook = _kind("notify")


class DeprecatedHook(FutureWarning):
    """A plugin implements a hook that is to go. Shown by default, unlike a DeprecationWarning."""


def deprecated(*, since: str, removed_in: str, instead: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Announce the end of a hook: versions of `core.API_VERSION`, and what to do instead. Its docstring too says it."""

    def mark(spec: Callable[P, R]) -> Callable[P, R]:
        words = f"{spec.__name__} is deprecated since {since} and removed in {removed_in}: {instead}"
        spec.parvis_removed_in = removed_in  # type: ignore[attr-defined]
        options: dict[str, object] = getattr(spec, f"{PROJECT}_spec")
        options["warn_on_impl"] = DeprecatedHook(words)
        return spec

    return mark
