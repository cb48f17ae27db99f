"""Migrations are complete, and can be undone with the demo's data in the tables, then done again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from core.contracts.demo import Demo
from core.contracts.plugin import Plugin
from core.kernel.inspection import missing_migrations
from core.testing.conformance.context import rule

__all__ = ["test_its_migrations_are_complete", "test_its_migrations_can_be_undone_and_done_again"]


@rule("migrations")
def test_its_migrations_are_complete(plugin: Plugin) -> None:
    assert missing_migrations(plugin.slug) == []


@rule("migrations")
@pytest.mark.django_db
def test_its_migrations_can_be_undone_and_done_again(plugin: Plugin, town: Demo, tmp_path: Path) -> None:
    if not MigrationLoader(None).graph.leaf_nodes(plugin.slug):
        pytest.skip("it has no table")
    with _scratch(tmp_path / "scratch.sqlite3") as database:
        before = _tables(database, plugin.slug)
        assert before
        MigrationExecutor(database).migrate([(plugin.slug, None)])
        assert _tables(database, plugin.slug) == {}
        executor = MigrationExecutor(database)
        executor.migrate(executor.loader.graph.leaf_nodes(plugin.slug))
        assert _tables(database, plugin.slug) == before


@contextmanager
def _scratch(path: Path) -> Iterator[Any]:
    """A copy of the town, where tables may go: on SQLite no migration runs inside a transaction."""
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            yield connection
            transaction.set_rollback(True)
        return
    path.write_bytes(connection.connection.serialize())  # what this transaction wrote included
    town, copy = connections["default"], connections["default"].copy()
    copy.settings_dict["NAME"] = str(path)
    connections["default"] = copy  # so that what a migration does by hand goes there too
    try:
        yield copy
    finally:
        connections["default"] = town
        copy.close()


def _tables(database: Any, slug: str) -> dict[str, Any]:
    """Columns and constraints of a plugin's tables."""
    with database.cursor() as cursor:
        inspect = database.introspection
        names = [name for name in inspect.table_names(cursor) if name.startswith(f"{slug}_")]
        return {
            name: (
                [column[:7] for column in inspect.get_table_description(cursor, name)],
                sorted(inspect.get_constraints(cursor, name)),
            )
            for name in names
        }
