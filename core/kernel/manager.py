"""The plugin manager of this process: specifications, implementations, and the one way to reach a single plugin."""

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import pluggy

from core.contracts import access, backoffice, billing, demo, navigation, pages, payments
from core.contracts.markers import PROJECT
from core.kernel import discovery

SPEC_MODULES: tuple[ModuleType, ...] = (navigation, pages, backoffice, access, billing, payments, demo)


def build() -> pluggy.PluginManager:
    """A manager with every specification and every installed plugin's `hooks`, checked for unknown names."""
    manager = pluggy.PluginManager(PROJECT)
    for module in SPEC_MODULES:
        manager.add_hookspecs(module)
    for plugin in discovery.installed().plugins:
        manager.register(import_module(f"plugins.{plugin.slug}.hooks"), name=plugin.slug)
    manager.check_pending()
    return manager


@cache
def manager() -> pluggy.PluginManager:
    return build()


@cache
def caller(hook: str, slug: str) -> Any | None:
    """The hook narrowed to one plugin, or None if that plugin does not implement it."""
    plugins = manager()
    if not any(impl.plugin_name == slug for impl in getattr(plugins.hook, hook).get_hookimpls()):
        return None
    others = [plugin for name, plugin in plugins.list_name_plugin() if name != slug and plugin is not None]
    return plugins.subset_hook_caller(hook, remove_plugins=others)


def hooks_of(slug: str) -> list[str]:
    """Names of the hooks that a plugin implements."""
    plugin = manager().get_plugin(slug)
    return sorted(hook.name for hook in manager().get_hookcallers(plugin) or [])
