"""Run the lanes of `make test`: two at a time, each with its own temporary folder.

    lanes.py                every lane of `make test`
    lanes.py quick          the checks that need no database (`make lint`)
    lanes.py long | bench   the rounds of `make test-long`, the benchmarks
    lanes.py NAME…          these lanes (`lanes.py --list` names them)

A lane's output is printed when the lane ends (and grows meanwhile in var/lanes/NAME.log). A lane whose tool is
missing is skipped and named with the command that installs it; with CI=true that is a failure. The last lines are a
table of the lanes and "N passed, N failed": the tests of every suite, a lane without tests counting as one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.prefix) / "bin"
CORES = max(2, os.cpu_count() or 2)
SKIPPED = 77  # what scripts/with-postgres answers without PostgreSQL
NO_TESTS = 5  # pytest
PYTEST = [str(BIN / "pytest"), "-q", "--color=no", "-p", "no:cacheprovider"]
SUITE = [*PYTEST, "--ignore=tests/e2e"]
WITH_POSTGRES = [str(ROOT / "scripts" / "with-postgres")]


@dataclass(frozen=True)
class Lane:
    name: str
    commands: Sequence[Sequence[str]]
    env: dict[str, str] = field(default_factory=dict)
    tests: bool = False  # its output ends with pytest's count
    needs: Callable[[], str | None] = lambda: None  # the command that installs what is missing
    alone: bool = False  # wants every core (a browser that waits is a test that fails)
    may_be_empty: bool = False


@dataclass(frozen=True)
class Outcome:
    lane: Lane
    result: str  # "ok", "failed", "skipped"
    seconds: float
    passed: int = 0
    failed: int = 0
    hint: str = ""


def postgres() -> str | None:
    probe = subprocess.run([*WITH_POSTGRES, "true"], capture_output=True, check=False)
    return "apt-get install postgresql" if probe.returncode == SKIPPED else None


def chromium() -> str | None:
    found = any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return None if found else "apt-get install chromium"


def quick() -> list[Lane]:
    manage = [str(BIN / "python"), "site/manage.py"]
    tool = {name: str(BIN / name) for name in ("ruff", "mypy", "lint-imports")}
    test_settings = {"DJANGO_SETTINGS_MODULE": "parvis.settings.test"}
    return [
        Lane("types", [[tool["mypy"]]]),
        Lane("lint", [[tool["ruff"], "check", "."], [tool["ruff"], "format", "--check", "."]]),
        Lane("imports", [[tool["lint-imports"], "--no-logo"]]),
        Lane(
            "migrations",
            [[*manage, "makemigrations", "--check", "--dry-run"], [*manage, "check"]],
            test_settings,
        ),
        Lane(
            "openapi",
            [[*manage, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull]],
            test_settings,
        ),
    ]


def suites() -> list[Lane]:
    """The suite on both databases. The sweeps over addresses and shells are a lane of their own: once a run, on SQLite,
    is enough, but for what depends on the database (decision 0031)."""
    share = ["-n", str(CORES // 2)] if CORES > 3 else []  # on two cores each of two lanes has one
    sweeps = "tests/conformance"
    return [
        Lane("sweeps", [[*SUITE, sweeps, *share]], tests=True),
        Lane("suite-sqlite", [[*SUITE, *rooms(), *share]], tests=True),
        Lane(
            "suite-postgresql",
            [[*WITH_POSTGRES, *SUITE, "--database-only", *rooms(), f"{sweeps}/test_database.py", *share]],
            tests=True,
            needs=postgres,
        ),
    ]


def rooms() -> list[str]:
    """Where tests are, but for the sweeps and the browser."""
    apart = ("conformance", "e2e", "outside_plugin")
    return [
        f"tests/{path.name}"
        for path in sorted((ROOT / "tests").iterdir())
        if any(path.rglob("test_*.py")) and path.name not in apart
    ]


def plugins_alone() -> list[Lane]:
    """Core without any plugin, then each plugin of the tree with core and what it depends on. The tests of core run
    with all plugins and with none, those of a plugin with all and with none but its own."""
    lanes = [
        Lane(
            "core-alone", [[*SUITE, "--database-only", "tests/core"]], {"PARVIS_PLUGINS_ONLY": ""}, tests=True
        )
    ]
    manifests = {}
    for point in entry_points(group="parvis.plugins"):
        if (ROOT / "plugins" / point.name / "plugin.py").exists():
            manifests[point.name] = point.load()
    for slug in sorted(manifests):
        needed, waiting = set(), [slug]
        while waiting:
            needed.add(name := waiting.pop())
            if name in manifests:
                waiting += [other for other in manifests[name].depends_on if other not in needed]
        only = {"PARVIS_PLUGINS_ONLY": ",".join(sorted(needed))}
        lanes.append(Lane(f"{slug}-alone", [[*SUITE, f"tests/plugins/{slug}"]], only, tests=True))
    return lanes


def outside() -> list[Lane]:
    """A plugin that is not in the tree: its wheel, its tests, its life in a running town, its end."""
    return [Lane("outside", [[str(BIN / "python"), "scripts/outside_plugin.py"]], tests=True, alone=True)]


def browser() -> list[Lane]:
    command = [*PYTEST, "tests/e2e", "-n", str(CORES // 2)] if CORES > 3 else [*PYTEST, "tests/e2e"]
    return [Lane("browser", [command], tests=True, needs=chromium, alone=True)]


def long_rounds() -> list[Lane]:
    command = [*WITH_POSTGRES, *PYTEST, "-m", "long"]
    return [Lane("long", [command], tests=True, needs=postgres, alone=True, may_be_empty=True)]


def bench() -> list[Lane]:
    scripts = sorted((ROOT / "bench").glob("bench_*.py"))
    return [
        Lane(
            path.stem.replace("bench_", "bench-"),
            [[*WITH_POSTGRES, str(BIN / "python"), str(path)]],
            needs=postgres,
            alone=True,
        )
        for path in scripts
    ]


GROUPS: dict[str, Callable[[], list[Lane]]] = {
    "test": lambda: [*quick(), *suites(), *plugins_alone(), *outside(), *browser()],
    "quick": quick,
    "long": long_rounds,
    "bench": bench,
}


def run(lane: Lane, scratch: Path) -> Outcome:
    """Run the commands of a lane, all of them even after a failure, and print what they said in one piece."""
    started = time.monotonic()
    if hint := lane.needs():
        return report(Outcome(lane, "skipped", 0.0, hint=hint), "")
    temporary = scratch / lane.name
    (temporary / "var").mkdir(parents=True)
    env = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "TMPDIR": str(temporary),
        "PARVIS_VAR": str(temporary / "var"),
        "PARVIS_PLUGINS_STRICT": "1",
        "PYTHONUNBUFFERED": "1",
        **lane.env,
    }
    path = ROOT / "var" / "lanes" / f"{lane.name}.log"
    codes = []
    with path.open("w") as log:
        for command in lane.commands:
            code = subprocess.run(command, cwd=ROOT, env=env, stdout=log, stderr=log, check=False).returncode
            codes.append(0 if lane.may_be_empty and code == NO_TESTS else code)
    shutil.rmtree(temporary, ignore_errors=True)
    output = path.read_text(errors="replace")
    seconds = time.monotonic() - started
    if SKIPPED in codes:
        return report(Outcome(lane, "skipped", seconds, hint=output.strip().splitlines()[-1]), output)
    passed, failed = count(output) if lane.tests else (0, 0)
    if any(codes):
        return report(Outcome(lane, "failed", seconds, passed, max(failed, 1)), output)
    return report(Outcome(lane, "ok", seconds, passed if lane.tests else 1, failed), output)


def count(output: str) -> tuple[int, int]:
    """Passed, then failed and broken, from the last line that pytest writes."""
    closing = re.findall(r"^.*\b\d+ (?:passed|failed|errors?)\b.* in [\d.]+s.*$", output, re.MULTILINE)
    numbers = dict.fromkeys(("passed", "failed", "error"), 0)
    for number, word in re.findall(r"(\d+) (passed|failed|error)", closing[-1] if closing else ""):
        numbers[word] = int(number)
    return numbers["passed"], numbers["failed"] + numbers["error"]


_printing = threading.Lock()


def report(outcome: Outcome, output: str) -> Outcome:
    with _printing:
        print(f"\n===== {outcome.lane.name}: {outcome.result}, {outcome.seconds:.0f} s =====", flush=True)
        sys.stdout.write(output)
        sys.stdout.flush()
    return outcome


def run_all(lanes: Sequence[Lane]) -> list[Outcome]:
    """Side by side first, then those that want the machine for themselves."""
    memory = Path("/dev/shm")  # databases of the suites are faster there
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000
    (ROOT / "var" / "lanes").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="parvis-", dir=memory if roomy else None) as folder:
        scratch = Path(folder)
        with ThreadPoolExecutor(2) as pool:
            shared = [pool.submit(run, lane, scratch) for lane in lanes if not lane.alone]
            outcomes = [future.result() for future in shared]
        return outcomes + [run(lane, scratch) for lane in lanes if lane.alone]


def summary(outcomes: Sequence[Outcome], seconds: float) -> int:
    strict = os.environ.get("CI", "").lower() in ("true", "1")
    width = max(len(outcome.lane.name) for outcome in outcomes)
    print(f"\n===== summary, {seconds:.0f} s =====")
    for outcome in outcomes:
        tests = f"{outcome.passed} passed, {outcome.failed} failed" if outcome.lane.tests else ""
        detail = f"needs: {outcome.hint}" if outcome.hint else tests
        cells = (
            f"{outcome.lane.name:<{width}}",
            f"{outcome.result:<7}",
            f"{outcome.seconds:>4.0f} s",
            detail,
        )
        print("  ".join(cells).rstrip())
    skipped = [outcome for outcome in outcomes if outcome.result == "skipped"]
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes) + (len(skipped) if strict else 0)
    if skipped and strict:
        print("CI=true: a skipped lane is a failure.")
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


def main() -> int:
    asked = sys.argv[1:] or ["test"]
    if asked == ["--list"]:
        print("\n".join(lane.name for group in ("test", "long", "bench") for lane in GROUPS[group]()))
        return 0
    if len(asked) == 1 and asked[0] in GROUPS:
        lanes = GROUPS[asked[0]]()
    else:
        known = {lane.name: lane for group in ("test", "long", "bench") for lane in GROUPS[group]()}
        if unknown := [name for name in asked if name not in known]:
            sys.exit(f"no lane called {', '.join(unknown)}: see lanes.py --list")
        lanes = [known[name] for name in asked]
    if not lanes:
        print("nothing to run yet")
        return 0
    started = time.monotonic()
    outcomes = run_all(lanes)
    return summary(outcomes, time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
