"""Plugins never meet but in `core.contracts`; of core they use what is public."""

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from core.contracts.plugin import Plugin
from core.kernel import discovery
from core.testing import walls
from core.testing.conformance.context import folder_of, rule

__all__ = [
    "test_it_calls_no_other_plugin_itself",
    "test_it_names_no_part_of_another_plugin",
    "test_its_migrations_wait_for_no_other_plugin",
    "test_its_relations_stay_inside",
]


def _slugs() -> list[str]:
    return [plugin.slug for plugin in discovery.installed().plugins]


@rule("boundaries")
def test_it_names_no_part_of_another_plugin(plugin: Plugin) -> None:
    folder = folder_of(plugin.slug)
    swept = list(walls.sources(folder))
    assert swept
    assert [
        f"{path.relative_to(folder)}: {hole}"
        for path in swept
        for hole in walls.text_holes(plugin.slug, path.read_text("utf-8"), _slugs())
    ] == []


@rule("boundaries")
def test_it_calls_no_other_plugin_itself(plugin: Plugin) -> None:
    folder = folder_of(plugin.slug)
    callers = [path for path in folder.rglob("*.py") if walls.calls_plugins(path.read_text("utf-8"))]
    assert callers == []


@rule("boundaries")
def test_its_relations_stay_inside(plugin: Plugin) -> None:
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label == plugin.slug]
    assert walls.relation_holes(models, _slugs()) == []


@rule("boundaries")
def test_its_migrations_wait_for_no_other_plugin(plugin: Plugin) -> None:
    found = MigrationLoader(None).disk_migrations.items()
    graph = [(key, migration.dependencies) for key, migration in found if key[0] == plugin.slug]
    assert walls.migration_holes(graph, _slugs()) == []
