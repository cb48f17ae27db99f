"""What a plugin leaves in a database is seen, wherever it is: what the lane `outside` stands on."""

import importlib.util
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from core.testing.outside import Rows, added, contents, rows

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "outside_plugin.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("outside_plugin", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Town:
    """A small database: a content type, an invoice, the state of a plugin, an index."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write(
            "CREATE TABLE django_content_type (id INTEGER PRIMARY KEY, app_label TEXT)",
            "CREATE TABLE facturation_invoice (id INTEGER PRIMARY KEY, label TEXT)",
            "CREATE TABLE kernel_delivery (id INTEGER PRIMARY KEY, slug TEXT)",
            "CREATE VIRTUAL TABLE words USING fts5(text)",
            "INSERT INTO django_content_type VALUES (1, 'actualites')",
        )

    def write(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    @property
    def rows(self) -> Rows:
        return rows(self.path)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "town.sqlite3")


def test_what_came_and_went_leaves_nothing(town: Town, script: ModuleType) -> None:
    before = town.rows
    town.write("CREATE TABLE musique_term (id INTEGER)", "INSERT INTO words VALUES ('musique')")
    town.write("DROP TABLE musique_term", "DELETE FROM words")
    assert added(before, town.rows) == {}
    assert script.left(before, town.rows) == []


def test_what_was_billed_and_told_to_others_may_stay(town: Town, script: ModuleType) -> None:
    before = town.rows
    town.write(
        "INSERT INTO facturation_invoice VALUES (1, 'musique')",
        "INSERT INTO kernel_delivery VALUES (1, 'facturation')",
    )
    assert set(added(before, town.rows)) == {"facturation_invoice", "kernel_delivery"}
    assert script.left(before, town.rows) == []


@pytest.mark.parametrize(
    "planted",
    [
        "CREATE TABLE musique_term (id INTEGER)",
        "CREATE TABLE facturation_other (id INTEGER)",
        "INSERT INTO django_content_type VALUES (2, 'musique')",
        "UPDATE django_content_type SET app_label = 'autre'",
        "INSERT INTO kernel_delivery VALUES (1, 'musique')",
        "INSERT INTO words VALUES ('une page')",
        "ALTER TABLE facturation_invoice ADD COLUMN course TEXT",
    ],
)
def test_a_planted_leftover_is_seen(planted: str, town: Town, script: ModuleType) -> None:
    before = town.rows
    town.write(planted)
    assert script.left(before, town.rows) != []


def test_a_wheel_with_a_file_too_many_is_refused(tmp_path: Path, script: ModuleType) -> None:
    listed = (script.PROJECT / "wheel.txt").read_text("utf-8").split()
    for extra in ([], ["plugins/__init__.py"]):
        wheel = tmp_path / f"{len(extra)}.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for name in [*listed, *extra]:
                archive.writestr(name, "")
        assert len(contents(wheel)) == len(listed) + len(extra)
        if extra:
            with pytest.raises(script.Wrong, match="plugins/__init__"):
                script.check_wheel(wheel)
        else:
            script.check_wheel(wheel)
