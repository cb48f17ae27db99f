"""Plugins outside this tree: as if installed, in a process of their own; or from their wheel, in a fresh environment.

What a plugin leaves behind is what `added` finds between two looks at a database.
"""

import os
import sqlite3
import subprocess
import sys
import venv
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from django.db import connection

from core.contracts.plugin import ENTRY_POINT_GROUP


def distribution(root: Path, folders: Iterable[Path], *, name: str = "modules-de-test") -> Path:
    """Make of `root`, once on PYTHONPATH, a place where these plugins (folders named by their slug) are installed.

    Folders that are not in `root/plugins` already are linked there. Returns `root`.
    """
    plugins = root / "plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    slugs = []
    for folder in folders:
        slugs.append(folder.name)
        if not (plugins / folder.name).exists():
            (plugins / folder.name).symlink_to(folder, target_is_directory=True)
    info = root / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    points = "".join(f"{slug} = plugins.{slug}.plugin:plugin\n" for slug in slugs)
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{points}")
    return root


def run(
    arguments: Sequence[str],
    *,
    root: Path | Sequence[Path] = (),
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    python: Path | str = sys.executable,
    timeout: float = 300,
) -> subprocess.CompletedProcess[str]:
    """`python …` in a process where the plugins of `root` (or roots) are installed beside those of this environment.

    It imports what this process imports, in the same order.
    """
    roots = [root] if isinstance(root, Path) else root
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_PLUGINS_")}
    inherited |= {"DJANGO_SETTINGS_MODULE": "parvis.settings.test", "PYTHONDONTWRITEBYTECODE": "1"}
    inherited["PYTHONPATH"] = os.pathsep.join([*map(str, roots), os.environ.get("PYTHONPATH", "")]).strip(
        os.pathsep
    )
    return subprocess.run(  # noqa: S603 - our own
        [str(python), *arguments],
        cwd=cwd,
        env=inherited | dict(env or {}),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def copy_of_database(target: Path) -> str:
    """A copy of this test's SQLite database, as a `DATABASE_URL`: what another process writes there stays there."""
    source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        source.close()
        copy.close()
    return f"sqlite:///{target}"


# Wheels -------------------------------------------------------------------------------------------------------------


def build(project: Path, into: Path) -> Path:
    """The wheel of a distribution, made offline by the hatchling of this environment."""
    _run("hatchling", "build", "--target", "wheel", "--directory", str(into), cwd=project)
    (wheel,) = into.glob("*.whl")
    return wheel


def contents(wheel: Path) -> list[str]:
    """Names of the files of a wheel, sorted."""
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def fresh_environment(place: Path) -> Path:
    """A new virtual environment; returns its Python. Nothing is fetched: it sees the libraries of this environment.

    It does not see what is installed here as editable, since the `.pth` files of a folder that a `.pth` file names are
    not read: Parvis and the plugins are there once they are installed.
    """
    venv.create(place, with_pip=False, symlinks=True)
    (packages,) = place.glob("lib/python*/site-packages")
    inherited = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "libraries.pth").write_text("\n".join(inherited) + "\n")
    return place / "bin" / "python"


def install(python: Path, *wheels: Path) -> None:
    """Put wheels, without what they depend on, in another environment."""
    _uv("install", "--offline", "--no-deps", "--no-index", "--python", str(python), *map(str, wheels))


def uninstall(python: Path, name: str) -> None:
    _uv("uninstall", "--python", str(python), name)


def _uv(act: str, *arguments: str) -> None:
    _run("uv", "pip", act, "--quiet", "--no-cache", *arguments)


def _run(module: str, *arguments: str, cwd: Path | None = None) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=cwd, check=True, capture_output=True)  # noqa: S603


# What is left -------------------------------------------------------------------------------------------------------

Rows = dict[str, Counter[str]]
"""How often each row, written out, is in each table of a database; its definition counts as a row."""


def rows(database: Path) -> Rows:
    """Everything that an SQLite database holds; of a full-text index, what it answers, not how it keeps it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        known = dict(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        )
        inside = tuple(f"{table}_" for table, sql in known.items() if sql.startswith("CREATE VIRTUAL"))
        return {
            table: Counter([sql, *(str(dict(row)) for row in connection.execute(f'SELECT * FROM "{table}"'))])  # noqa: S608
            for table, sql in known.items()
            if not table.startswith(("sqlite_", *inside))
        }


def added(before: Rows, after: Rows) -> dict[str, list[str]]:
    """What is in a database now and was not before, by table; a row that changed counts."""
    found = {
        table: sorted((known - before.get(table, Counter())).elements()) for table, known in after.items()
    }
    return {table: new for table, new in found.items() if new}
