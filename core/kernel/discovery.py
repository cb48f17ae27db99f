"""Which plugins are in the environment: entry points → manifests, before Django is set up.

Only manifests are imported here, never models. A plugin that cannot be used is quarantined with its reason and
the rest of the site lives; `PARVIS_PLUGINS_STRICT=1` turns a quarantine into an error. `PARVIS_PLUGINS_BLOCKED`
(comma-separated slugs, or `*`) is the safe mode; `PARVIS_PLUGINS_ONLY` keeps the named ones alone (the lanes that
test a plugin with core).
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from core import API_VERSION
from core.contracts.plugin import ENTRY_POINT_GROUP, Plugin


class PluginError(Exception):
    """A plugin that cannot be used, while strict mode forbids to go on without it."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    slug: str
    reason: str


@dataclass(frozen=True, slots=True)
class Installed:
    """Usable plugins, dependencies first, with the version of their distribution; and those put aside."""

    plugins: tuple[Plugin, ...]
    versions: dict[str, str]
    quarantined: tuple[Quarantined, ...]


def _names(variable: str) -> frozenset[str]:
    return frozenset(name.strip() for name in os.environ.get(variable, "").split(",") if name.strip())


def strict() -> bool:
    return os.environ.get("PARVIS_PLUGINS_STRICT", "") not in ("", "0")


def _manifest(point: EntryPoint) -> Plugin:
    manifest = point.load()
    if not isinstance(manifest, Plugin):
        raise TypeError(f"{point.value} is not a Plugin manifest")
    if manifest.slug != point.name:
        raise ValueError(f"the manifest says “{manifest.slug}”, the entry point “{point.name}”")
    try:
        specifier = SpecifierSet(manifest.requires_core)
    except InvalidSpecifier as error:
        raise ValueError(f"requires_core: {error}") from error
    if not specifier.contains(API_VERSION):
        raise ValueError(f"requires core {manifest.requires_core}, this is {API_VERSION}")
    for app in manifest.django_apps:
        if find_spec(app) is None:  # Django itself would not start
            raise ValueError(f"django_apps: there is no {app}")
    return manifest


def sort(plugins: Iterable[Plugin]) -> tuple[list[Plugin], list[Quarantined]]:
    """Dependencies first, then by slug; a missing or circular dependency puts the plugin aside."""
    waiting = {plugin.slug: plugin for plugin in sorted(plugins, key=lambda plugin: plugin.slug)}
    done: dict[str, Plugin] = {}
    while ready := [plugin for plugin in waiting.values() if all(slug in done for slug in plugin.depends_on)]:
        for plugin in ready:
            done[plugin.slug] = waiting.pop(plugin.slug)
    aside = [
        Quarantined(slug, f"depends on {', '.join(s for s in plugin.depends_on if s not in done)}")
        for slug, plugin in waiting.items()
    ]
    return list(done.values()), aside


def discover(points: Iterable[EntryPoint]) -> Installed:
    found: list[Plugin] = []
    versions: dict[str, str] = {}
    aside: list[Quarantined] = []
    for point in sorted(points, key=lambda point: point.name):
        try:
            found.append(_manifest(point))
            versions[point.name] = point.dist.version if point.dist else ""
        except Exception as error:
            aside.append(Quarantined(point.name, f"{type(error).__name__}: {error}"))
    plugins, missing = sort(found)
    return Installed(tuple(plugins), versions, (*aside, *missing))


@cache
def installed() -> Installed:
    """The plugins of this process; read once, since an installation needs a restart."""
    points = list(entry_points(group=ENTRY_POINT_GROUP))
    blocked = _names("PARVIS_PLUGINS_BLOCKED")
    points = [] if "*" in blocked else [point for point in points if point.name not in blocked]
    if "PARVIS_PLUGINS_ONLY" in os.environ:
        points = [point for point in points if point.name in _names("PARVIS_PLUGINS_ONLY")]
    result = discover(points)
    if strict() and result.quarantined:
        raise PluginError("; ".join(f"{q.slug}: {q.reason}" for q in result.quarantined))
    return result


_put_aside: dict[str, str] = {}


def put_aside(slug: str, error: Exception) -> None:
    """Quarantine a plugin that fails while the process starts; strict mode refuses to go on without it."""
    if strict():
        raise PluginError(f"{slug}: {error}") from error
    _put_aside[slug] = f"{type(error).__name__}: {error}"


def quarantined() -> tuple[Quarantined, ...]:
    """Plugins that this process goes without, each with its reason."""
    late = tuple(Quarantined(slug, reason) for slug, reason in _put_aside.items())
    return (*installed().quarantined, *late)


def usable() -> tuple[Plugin, ...]:
    """Installed plugins, dependencies first, those put aside since left out."""
    return tuple(plugin for plugin in installed().plugins if plugin.slug not in _put_aside)
