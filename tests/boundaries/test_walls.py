"""Walls that import-linter does not see: foreign keys, migrations, templates, dotted strings.

Each is proved on a planted hole.
"""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.test.utils import isolate_apps

from core.kernel.discovery import installed
from core.testing import walls
from core.testing.walls import is_core, migration_holes, relation_holes, text_holes

ROOT = Path(__file__).resolve().parents[2]
SLUGS = [plugin.slug for plugin in installed().plugins]


def sources() -> Iterator[tuple[str, Path]]:
    for folder, owner in [(ROOT / "core", "core"), *((ROOT / "plugins" / slug, slug) for slug in SLUGS)]:
        yield from ((owner, path) for path in walls.sources(folder))


def test_no_relation_crosses_a_wall() -> None:
    ours = apps.get_models(include_auto_created=True)
    ours = [m for m in ours if m._meta.app_label in SLUGS or is_core(m._meta.app_label)]
    assert len(ours) >= 20
    assert relation_holes(ours, SLUGS) == []


@isolate_apps("core.families")
def test_a_planted_relation_is_found() -> None:
    assert SLUGS, "this test needs plugins"

    class Planted(models.Model):
        touch = models.ForeignKey(apps.get_model("families.BillingTouch"), models.CASCADE, related_name="+")

        class Meta:
            app_label = SLUGS[0]

    assert relation_holes([Planted], SLUGS) == [f"{SLUGS[0]}.Planted.touch → families.BillingTouch"]


def test_no_migration_crosses_a_wall() -> None:
    loader = MigrationLoader(None)
    graph = [(key, m.dependencies) for key, m in loader.disk_migrations.items()]
    ours = [(key, parents) for key, parents in graph if key[0] in SLUGS or is_core(key[0])]
    assert len(ours) >= 8
    assert migration_holes(ours, SLUGS) == []


def test_a_planted_migration_is_found() -> None:
    first, second = SLUGS[:2]
    assert migration_holes([((first, "0009_x"), [(second, "0001_initial")])], SLUGS)
    assert migration_holes([(("families", "0009_x"), [(second, "0001_initial")])], SLUGS)


def test_no_name_crosses_a_wall() -> None:
    swept = list(sources())
    assert len(swept) >= 150
    holes = [
        f"{path.relative_to(ROOT)}: {hole}"
        for owner, path in swept
        for hole in text_holes(owner, path.read_text(), SLUGS)
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
        assert text_holes(first, planted, SLUGS), planted
        assert text_holes("core", planted, SLUGS), planted
        assert not text_holes(second, planted, SLUGS), planted


def test_only_the_facade_calls_plugins() -> None:
    callers = [
        path.relative_to(ROOT).as_posix()
        for _, path in sources()
        if path.suffix == ".py" and walls.calls_plugins(path.read_text())
    ]
    assert set(callers) <= {"core/kernel/manager.py", "core/kernel/calls.py"}
