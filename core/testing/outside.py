"""Plugins outside this tree, as if installed from their own wheel, and a process where they are."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
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
