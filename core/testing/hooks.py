"""A plugin that exists for the length of a test."""

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
    plugins = manager.manager()
    plugins.register(module, name=slug)
    _forget()
    try:
        plugins.check_pending()
        with patch.object(discovery, "installed", lambda: replace(known, plugins=(*known.plugins, plugin))):
            yield plugin
    finally:
        plugins.unregister(module)
        _forget()
