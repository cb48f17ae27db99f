"""A plugin that exists for the length of a test."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any
from unittest.mock import patch

from django.urls import get_resolver

from core.contracts.markers import hookimpl
from core.contracts.plugin import Plugin
from core.contracts.settings import Schema
from core.kernel import calls, discovery, manager


def _forget() -> None:
    manager.caller.cache_clear()
    calls.boot.cache_clear()


class HookRaised(RuntimeError):
    """What a hook that is made to raise raises."""


@contextmanager
def hook_raises(slug: str, hook: str) -> Iterator[None]:
    """For the length of the block, one hook of an installed plugin raises `HookRaised` whenever it is called."""

    def boom(*args: object) -> None:
        raise HookRaised(f"{slug}: {hook}")

    implementation = manager.implementation(hook, slug)
    known = dict(discovery._put_aside)
    _forget()
    try:
        with patch.object(implementation, "function", boom):
            yield
    finally:
        discovery._put_aside.clear()
        discovery._put_aside.update(known)
        _forget()


@contextmanager
def fake_plugin(
    slug: str,
    *,
    depends_on: tuple[str, ...] = (),
    settings_schema: Schema = (),
    **hooks: Callable[..., Any],
) -> Iterator[Plugin]:
    """An installed plugin made of hook implementations: `fake_plugin("lent", home_panels=lambda request: […])`.

    It is on until a `PluginState` row says otherwise, and is gone after the block.
    """
    plugin = Plugin(
        slug=slug,
        name=slug,
        summary="",
        audience=frozenset({"public", "families"}),
        requires_core=">=1.0",
        owner="test",
        django_apps=(),
        depends_on=depends_on,
        settings_schema=settings_schema,
    )
    get_resolver().url_patterns  # noqa: B018 - read with the real plugins: this one brings no addresses
    known = discovery.installed()
    module = ModuleType(slug)
    vars(module).update({name: hookimpl(hook) for name, hook in hooks.items()})
    package = ModuleType(f"plugins.{slug}")
    package.__path__ = []  # a package without modules: no urls, no api
    plugins = manager.manager()
    plugins.register(module, name=slug)
    _forget()
    try:
        plugins.check_pending()
        with (
            patch.dict(sys.modules, {package.__name__: package}),
            patch.object(discovery, "installed", lambda: replace(known, plugins=(*known.plugins, plugin))),
        ):
            yield plugin
    finally:
        plugins.unregister(module)
        _forget()
