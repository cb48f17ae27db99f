"""Walls that import-linter does not see: foreign keys, migrations, templates, dotted strings.

Each is proved on a planted hole.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.test.utils import isolate_apps

from core.kernel.discovery import installed

ROOT = Path(__file__).resolve().parents[2]
SLUGS = [plugin.slug for plugin in installed().plugins]
MAY_POINT_TO = {
    "accounts.User",
    "town.Site",
    "families.Person",
    "families.Family",
    "families.Guardian",
    "families.Child",
    "requests.ServiceRequest",
    "documents.SupportingDocument",
    "pricing.TariffVersion",
}


def _is_core(label: str) -> bool:
    return apps.get_app_config(label).name.startswith("core.")


def relation_holes(model_classes: Iterable[type[models.Model]]) -> list[str]:
    """Relations that cross a wall: plugin → other plugin, plugin → core beyond the list, core → plugin."""
    holes = []
    for model in model_classes:
        owner = model._meta.app_label
        for field in model._meta.get_fields():
            target = field.related_model
            if not getattr(field, "concrete", False) or not isinstance(target, type):
                continue
            label = target._meta.app_label
            if (
                (owner in SLUGS and label in SLUGS and label != owner)
                or (
                    owner in SLUGS
                    and label not in SLUGS
                    and _is_core(label)
                    and target._meta.label not in MAY_POINT_TO
                )
                or (owner not in SLUGS and _is_core(owner) and label in SLUGS)
            ):
                holes.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    return holes


def migration_holes(graph: Iterable[tuple[tuple[str, str], list[tuple[str, str]]]]) -> list[str]:
    """Migrations of core or of a plugin that wait for (another) plugin."""
    return [
        f"{label}.{name} waits for {other}"
        for (label, name), parents in graph
        for other, _ in parents
        if other in SLUGS and other != label
    ]


def text_holes(owner: str, text: str) -> list[str]:
    """Names of another plugin's parts in a source or a template of `owner` (a slug, or "core")."""
    others = "|".join(slug for slug in SLUGS if slug != owner)
    if not others:
        return []
    found = re.compile(
        rf"plugins\.(?:{others})\b|[\"'](?:{others})[:/][\w./-]|get_model\(\s*[\"'](?:{others})\b"
    )
    return [match.group() for match in found.finditer(text)]


def sources() -> Iterator[tuple[str, Path]]:
    for folder, owner in [(ROOT / "core", "core"), *((ROOT / "plugins" / slug, slug) for slug in SLUGS)]:
        for path in folder.rglob("*"):
            if path.suffix in {".py", ".html", ".txt", ".xml", ".js", ".typ"} and "build" not in path.parts:
                yield owner, path


def test_no_relation_crosses_a_wall() -> None:
    ours = apps.get_models(include_auto_created=True)
    ours = [m for m in ours if m._meta.app_label in SLUGS or _is_core(m._meta.app_label)]
    assert len(ours) >= 20
    assert relation_holes(ours) == []


@isolate_apps("core.families")
def test_a_planted_relation_is_found() -> None:
    assert SLUGS, "this test needs plugins"

    class Planted(models.Model):
        touch = models.ForeignKey(apps.get_model("families.BillingTouch"), models.CASCADE, related_name="+")

        class Meta:
            app_label = SLUGS[0]

    assert relation_holes([Planted]) == [f"{SLUGS[0]}.Planted.touch → families.BillingTouch"]


def test_no_migration_crosses_a_wall() -> None:
    loader = MigrationLoader(None)
    graph = [(key, m.dependencies) for key, m in loader.disk_migrations.items()]
    ours = [(key, parents) for key, parents in graph if key[0] in SLUGS or _is_core(key[0])]
    assert len(ours) >= 8
    assert migration_holes(ours) == []


def test_a_planted_migration_is_found() -> None:
    first, second = SLUGS[:2]
    assert migration_holes([((first, "0009_x"), [(second, "0001_initial")])])
    assert migration_holes([(("families", "0009_x"), [(second, "0001_initial")])])


def test_no_name_crosses_a_wall() -> None:
    swept = list(sources())
    assert len(swept) >= 150
    holes = [
        f"{path.relative_to(ROOT)}: {hole}"
        for owner, path in swept
        for hole in text_holes(owner, path.read_text())
    ]
    assert holes == []


def test_planted_names_are_found() -> None:
    first, second = SLUGS[:2]
    for planted in (
        f'{{% url "{second}:list" %}}',
        f'{{% include "{second}/card.html" %}}',
        f'import_string("plugins.{second}.models.X")',
        f'apps.get_model("{second}", "X")',
    ):
        assert text_holes(first, planted), planted
        assert text_holes("core", planted), planted
        assert not text_holes(second, planted), planted


def test_only_the_facade_calls_plugins() -> None:
    callers = [
        path.relative_to(ROOT).as_posix()
        for _, path in sources()
        if path.suffix == ".py"
        and re.search(
            r"\bpm\.hook\b|plugins\.hook\b|manager\(\)\.hook\b|subset_hook_caller", path.read_text()
        )
    ]
    assert set(callers) <= {"core/kernel/manager.py", "core/kernel/calls.py"}
