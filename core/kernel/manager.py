"""The plugin manager of this process: specifications, implementations, and the one way to reach a single plugin."""

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pluggy

from core.contracts import (
    access,
    audiences,
    backoffice,
    billing,
    demo,
    editions,
    family,
    jobs,
    journal,
    lifecycle,
    navigation,
    notices,
    notifications,
    open_data,
    pages,
    payments,
    priced,
    requests,
    search,
    town,
)
from core.contracts.markers import PROJECT, Kind
from core.kernel import discovery

SPEC_MODULES: tuple[ModuleType, ...] = (
    navigation,
    pages,
    search,
    open_data,
    audiences,
    editions,
    family,
    backoffice,
    access,
    billing,
    priced,
    payments,
    notices,
    notifications,
    requests,
    jobs,
    journal,
    town,
    lifecycle,
    demo,
)


def build() -> pluggy.PluginManager:
    """A manager with every specification and every installed plugin's `hooks`.

    A module that cannot be imported, a name or an argument that no specification has: that plugin alone is put aside.
    """
    manager = pluggy.PluginManager(PROJECT)
    for module in SPEC_MODULES:
        manager.add_hookspecs(module)
    for plugin in discovery.usable():
        try:
            _register(manager, plugin.slug)
        except Exception as error:
            if manager.has_plugin(plugin.slug):
                manager.unregister(name=plugin.slug)
            discovery.put_aside(plugin.slug, error)
    return manager


def _register(manager: pluggy.PluginManager, slug: str) -> None:
    name = f"plugins.{slug}.hooks"
    if find_spec(name) is None:  # not `except ImportError`: that would hide a library that is missing
        return
    manager.register(import_module(name), name=slug)
    manager.check_pending()


@cache
def manager() -> pluggy.PluginManager:
    return build()


def specifications(*kinds: Kind) -> list[Callable[..., Any]]:
    """The specifications of these kinds (of all kinds without one), in the order of the contract."""
    found = [
        member
        for module in SPEC_MODULES
        for _, member in inspect.getmembers(module, inspect.isfunction)
        if hasattr(member, "parvis_kind") and member.__module__ == module.__name__
    ]
    return [spec for spec in found if not kinds or spec.parvis_kind in kinds]


def implementation(hook: str, slug: str) -> pluggy.HookImpl | None:
    """What a plugin registered for a hook: for tests that stand in its place."""
    found = getattr(manager().hook, hook).get_hookimpls()
    return next((implementation for implementation in found if implementation.plugin_name == slug), None)


@cache
def caller(hook: str, slug: str) -> Any | None:
    """The hook narrowed to one plugin, or None if that plugin does not implement it."""
    plugins = manager()
    if implementation(hook, slug) is None:
        return None
    others = [plugin for name, plugin in plugins.list_name_plugin() if name != slug and plugin is not None]
    return plugins.subset_hook_caller(hook, remove_plugins=others)


def hooks_of(slug: str) -> list[str]:
    """Names of the hooks that a plugin implements."""
    plugin = manager().get_plugin(slug)
    if plugin is None:
        return []
    return sorted(hook.name for hook in manager().get_hookcallers(plugin) or [])
