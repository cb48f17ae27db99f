"""The tutorial is followed to the letter: its lines fit the files, its commands run, the service is seen everywhere."""

import importlib.util
import os
import re
from pathlib import Path
from types import ModuleType

import pytest

from core import scaffold
from core.scaffold import Choice
from core.testing.outside import run

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "first_service.py"
PARTS = "pages,family,billing,api,backoffice"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("first_service", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_its_steps_are_few_and_fit_what_the_scaffold_writes(script: ModuleType, tmp_path: Path) -> None:
    scaffold.write(Choice.of("musique", PARTS.split(","), outside=True), tmp_path)
    steps = list(script.steps(script.TUTORIAL.read_text("utf-8")))
    by_hand = [
        script.write(tmp_path / step.removeprefix("write "), what) for step, what in steps if step != "run"
    ]
    assert 0 < sum(by_hand) < 10
    assert "18000" in (tmp_path / "plugins/musique/demo.py").read_text("utf-8")
    commands = [what for step, what in steps if step == "run"]
    assert commands[0] == f"parvis startplugin musique --with {PARTS} --outside ../musique"
    assert {command.split()[0] for command in commands} == {"parvis", "pip", "pytest"}
    assert len(commands) < 12


@pytest.mark.long
def test_the_first_service(tmp_path: Path) -> None:
    """On SQLite, from nothing, without the two plugins whose demo takes longer than all the rest."""
    env = {name: "" for name in os.environ if name in ("PARVIS_TEST_DATABASE", "PARVIS_TODAY")}
    env |= {"TMPDIR": str(tmp_path), "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    done = run([str(SCRIPT), "--light"], cwd=tmp_path, env=env, timeout=900)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    time = re.search(r"^machine time: ([\d.]+) s$", done.stdout, re.MULTILINE)
    assert time and float(time[1]) < 300
    for step in ("startplugin", "pip install", "migrate", "demo", "pytest", "disable", "enable", "retire"):
        assert step in done.stdout
