"""One name everywhere, a manifest that says who it is for, a core that suits, hooks that are known and typed."""

import inspect
import re
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any, get_type_hints

import django.http
from django.apps import apps
from packaging.specifiers import SpecifierSet

from core import API_VERSION
from core.contracts import family
from core.contracts.plugin import ENTRY_POINT_GROUP, Plugin
from core.kernel import discovery, manager
from core.testing import quality
from core.testing.conformance.context import folder_of, rule
from core.testing.routes import routes_of

__all__ = [
    "test_it_accepts_this_core",
    "test_it_has_one_name",
    "test_its_hooks_are_typed_as_their_specifications",
    "test_its_manifest_says_who_it_is_for",
    "test_its_quality_sheet_is_in_order",
]


@rule("identity")
def test_it_has_one_name(plugin: Plugin) -> None:
    """Slug = entry point = folder = app label = URL namespace = folder of templates and static files."""
    slug = plugin.slug
    points = [point for point in entry_points(group=ENTRY_POINT_GROUP) if point.name == slug]
    assert [point.value for point in points] == [f"plugins.{slug}.plugin:plugin"]
    folder = folder_of(slug)
    assert folder.name == slug
    for app in plugin.django_apps:
        assert app == f"plugins.{slug}" or app.startswith(f"plugins.{slug}.")
        assert apps.get_app_config(slug if app == f"plugins.{slug}" else app.rpartition(".")[2]).name == app
    for kind in ("templates", "static"):
        inside = folder / kind
        assert not inside.exists() or {path.name for path in inside.iterdir()} == {slug}, kind
    for module in ("urls", "api"):
        if (folder / f"{module}.py").exists():
            text = (folder / f"{module}.py").read_text("utf-8")
            assert re.search(rf"^app_name = [\"']{slug}[\"']", text, re.MULTILINE), f"{module}.app_name"
    assert slug not in {item.slug for item in discovery.quarantined()}


@rule("identity")
def test_its_manifest_says_who_it_is_for(plugin: Plugin) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", plugin.slug)
    assert plugin.name and plugin.owner
    assert plugin.summary.endswith("."), "a sentence for the people who switch it on"
    assert plugin.audience
    assert discovery.installed().versions.get(plugin.slug), "the version of its distribution"
    assert (folder_of(plugin.slug) / "README.md").exists()


@rule("identity")
def test_its_quality_sheet_is_in_order(plugin: Plugin) -> None:
    assert quality.read(folder_of(plugin.slug)).tier in quality.TIERS


@rule("compatibility")
def test_it_accepts_this_core(plugin: Plugin) -> None:
    accepted = SpecifierSet(plugin.requires_core)
    assert accepted.contains(API_VERSION)
    following = f"{int(API_VERSION.partition('.')[0]) + 1}.0"
    assert not accepted.contains(following), f"{following} may change anything: say <{following}"


@rule("hooks")
def test_its_hooks_are_typed_as_their_specifications(plugin: Plugin) -> None:
    names = manager.hooks_of(plugin.slug)
    assert names or routes_of(plugin.slug), "it contributes nothing"
    module = manager.manager().get_plugin(plugin.slug)
    for name in names:
        spec = next(spec for spec in manager.specifications() if spec.__name__ == name)
        wanted, given = _types(spec), _types(getattr(module, name))
        assert given.pop("return", None) == wanted.pop("return"), f"{name}: return"
        for argument in inspect.signature(getattr(module, name)).parameters:
            assert given.get(argument) == wanted[argument], f"{name}: {argument}"


def _types(function: Callable[..., Any]) -> dict[str, Any]:
    """Annotations, those that a specification writes as text included."""
    return get_type_hints(function, localns={**vars(django.http), **vars(family)})
