"""What a commune installs: the wheel holds core and the plugins with everything they show, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ("core/ui/static/ui/build/", "/build/")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built offline by the locked hatchling (under a second)."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (path,) = folder.glob("parvis-*.whl")
    return zipfile.ZipFile(path)


def metadata(wheel: zipfile.ZipFile, name: str) -> str:
    (path,) = [path for path in wheel.namelist() if path.endswith(f".dist-info/{name}")]
    return wheel.read(path).decode()


def test_it_holds_core_and_plugins_whole_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "core", "plugins"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.splitlines()
    sources = {name for name in listed if (ROOT / name).is_file()}
    content = {name for name in wheel.namelist() if ".dist-info/" not in name}
    built = {
        name for name in content - sources if any(part in name for part in BUILT) or name.endswith(".mo")
    }
    assert len(sources) > 50
    assert content - built == sources


@pytest.mark.parametrize("kind", ["/templates/", "/migrations/", "/assets/", "core/py.typed"])
def test_what_is_not_python_comes_along(wheel: zipfile.ZipFile, kind: str) -> None:
    assert any(kind in name for name in wheel.namelist())


def test_built_assets_come_along(wheel: zipfile.ZipFile) -> None:
    if not (ROOT / BUILT[0] / "app.css").exists():
        pytest.skip("assets are not built (make assets)")
    names = wheel.namelist()
    assert {f"{BUILT[0]}{name}" for name in ("app.css", "app.js", "icons.json")} <= set(names)
    assert any(name.startswith(f"{BUILT[0]}fonts/pdf/") for name in names)


def test_neither_the_instance_nor_the_tests_come_along(wheel: zipfile.ZipFile) -> None:
    roots = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" not in name}
    assert roots == {"core", "plugins"}
    assert not {"plugins/__init__.py"} & set(wheel.namelist())
    assert not any("node_modules" in name or "__pycache__" in name for name in wheel.namelist())


def test_it_says_its_licence_its_command_and_its_plugins(wheel: zipfile.ZipFile) -> None:
    assert "License-Expression: AGPL-3.0-or-later" in metadata(wheel, "METADATA")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in metadata(wheel, "licenses/LICENSE")
    points = metadata(wheel, "entry_points.txt")
    assert "parvis = core.cli:main" in points
    assert "[parvis.plugins]" in points
    assert "enfance = plugins.enfance.plugin:plugin" in points


def test_the_tools_of_developers_are_not_asked_of_a_commune(wheel: zipfile.ZipFile) -> None:
    wanted = [line for line in metadata(wheel, "METADATA").splitlines() if line.startswith("Requires-Dist:")]
    assert len(wanted) > 20
    assert not [
        line for line in wanted if any(tool in line for tool in ("pytest", "ruff", "mypy", "playwright"))
    ]
