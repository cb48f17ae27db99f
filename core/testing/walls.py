"""Walls that import-linter does not see: foreign keys, migrations, templates, dotted strings.

Each function lists the holes that it finds; `slugs` are the plugins that must not meet.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from django.apps import apps
from django.db import models

MAY_POINT_TO = {
    "accounts.User",
    "town.Site",
    "families.Person",
    "families.Family",
    "families.Guardian",
    "families.Child",
    "requests.ServiceRequest",
    "documents.SupportingDocument",
    "pages.Picture",
    "pages.LibraryDocument",
    "pricing.TariffVersion",
}
"""Models of core that a plugin's foreign key may name (design §3)."""

SOURCES = {".py", ".html", ".txt", ".xml", ".js", ".typ"}

Migration = tuple[tuple[str, str], Sequence[tuple[str, str]]]
"""A migration and those that it waits for, each as (app, name)."""


def is_core(label: str) -> bool:
    return apps.get_app_config(label).name.startswith("core.")


def relation_holes(classes: Iterable[type[models.Model]], slugs: Collection[str]) -> list[str]:
    """Relations that cross a wall: plugin → other plugin, plugin → core beyond the list, core → plugin."""
    holes = []
    for model in classes:
        owner = model._meta.app_label
        for field in model._meta.get_fields():
            target = field.related_model
            if not getattr(field, "concrete", False) or not isinstance(target, type):
                continue
            label = target._meta.app_label
            if owner in slugs:
                beyond = is_core(label) if label not in slugs else label != owner
                crosses = beyond and target._meta.label not in MAY_POINT_TO
            else:
                crosses = is_core(owner) and label in slugs
            if crosses:
                holes.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    return holes


def migration_holes(graph: Iterable[Migration], slugs: Collection[str]) -> list[str]:
    """Migrations of core or of a plugin that wait for (another) plugin."""
    return [
        f"{label}.{name} waits for {other}"
        for (label, name), parents in graph
        for other, _ in parents
        if other in slugs and other != label
    ]


def text_holes(owner: str, text: str, slugs: Collection[str]) -> list[str]:
    """Names of another plugin's parts in a source or a template of `owner` (a slug, or "core")."""
    others = "|".join(slug for slug in slugs if slug != owner)
    if not others:
        return []
    found = re.compile(
        rf"plugins\.(?:{others})\b|from plugins import \(?\s*(?:{others})\b"
        rf"|[\"'](?:{others})[:/][\w./-]|get_model\(\s*[\"'](?:{others})\b"
    )
    return [match.group() for match in found.finditer(text)]


def sources(folder: Path) -> Iterator[Path]:
    """What is written by hand in a folder: code, templates, scripts, documents."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in SOURCES and "build" not in path.parts:
            yield path


def calls_plugins(text: str) -> bool:
    """Does a module reach the plugin manager's hooks, which is for `core.kernel` alone?"""
    return bool(re.search(r"\bpm\.hook\b|plugins\.hook\b|manager\(\)\.hook\b|subset_hook_(?:caller)", text))
