"""The import contracts hold, see the code, and go red when somebody digs a hole."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    # `plugins` is a namespace: with the installed tree on the path too, either of the two could be analysed.
    code = (
        f"import sys; ours = lambda p: p.startswith({str(ROOT)!r}) and '-packages' not in p;"
        "sys.path[:] = ['.', *(p for p in sys.path if not ours(p))];"
        "sys.argv[1:] = ['--no-cache']; from importlinter.cli import lint_imports_command as run; run()"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("core", "plugins"):
        shutil.copytree(
            ROOT / folder,
            tmp_path / folder,
            ignore=lambda where, names: [
                name for name in names if not name.endswith(".py") and not (Path(where) / name).is_dir()
            ],
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("core/town/hours.py", "import plugins.enfance.plugin", "Core never imports a plugin"),
        ("plugins/facturation/apps.py", "import plugins.enfance.plugin", "Plugins never import each other"),
        ("core/kernel/clock.py", "import core.families.models", "Rooms of core"),
    ],
)
def test_a_planted_import_turns_the_contracts_red(copy: Path, file: str, line: str, contract: str) -> None:
    with (copy / file).open("a") as source:
        source.write(f"\n{line}\n")
    result = lint(copy)
    assert result.returncode != 0
    assert re.search(rf"{contract}.*BROKEN", result.stdout), result.stdout[-2000:]


def test_the_contracts_hold_and_see_the_code(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-500:]
    analysed = re.search(r"Analyzed (\d+) files", result.stdout)
    assert analysed and int(analysed.group(1)) >= 100
