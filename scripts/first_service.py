#!/usr/bin/env python3
"""Follow docs/tutorial/first-service.md to the letter, in an environment of its own, and time it.

    first_service.py [--var DIR] [--light]

Commands are the lines that begin with `$`; Python blocks are what is written by hand in the file that is named before
them. Starts from a demo that is there (`--var`, a copy is taken) or from a fresh one; `--light` switches enfance and
facturation off first. Prints each step and its seconds, then `lines by hand` and `machine time`; exit status 1 when a
step fails, when nothing shows, or beyond five minutes or nine lines.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TUTORIAL = ROOT / "docs" / "tutorial" / "first-service.md"
TODAY = "2026-11-23"
LINES, SECONDS = 9, 300

LOOK = """
import json, logging, os
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.settings.demo"
django.setup()
logging.disable(logging.CRITICAL)
from datetime import date
from django.conf import settings
from django.test import Client
from core.accounts.models import User
from core.contracts.billing import Period, Scope, billable_lines
from core.kernel import calls

def text(who, address):
    client = Client()
    if who:
        client.force_login(User.objects.get(username=who), backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.get(address)
    return answer.content.decode() if answer.status_code == 200 else ""

scope = Scope(Period.of(date(2026, 10, 22)))
billed = {slug for slug, _line in calls.strict(billable_lines, scope=scope)}
print(json.dumps({
    "menu": 'href="/musique/"' in text(None, "/"),
    "page": "Instrument et solfège" in text(None, "/musique/"),
    "family space": "Instrument et solfège" in text("parent", "/espace-famille/musique/"),
    "tile": "/espace-famille/musique/" in text("parent", "/espace-famille/"),
    "back office": "Instrument et solfège" in text("admin", "/gestion/musique-offres/"),
    "API": '"prix":"180.00"' in text(None, "/api/v1/musique/"),
    "billing": "musique" in billed,
}))
"""


def steps(page: str) -> Iterator[tuple[str, str]]:
    """("run", command) and ("write FILE", lines), in the order of the page."""
    named = ""
    for prose, kind, block in re.findall(r"(.*?)^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        named = (re.findall(r"In `([^`]+)`:", prose) or [named])[-1]
        if kind == "console":
            yield from (("run", line[2:]) for line in block.splitlines() if line.startswith("$ "))
        elif kind == "python":
            yield f"write {named}", block


def environment(place: Path, var: Path) -> dict[str, str]:
    """A virtual environment that also sees this one, so that nothing is fetched."""
    venv.create(place / "venv", with_pip=False, symlinks=True)
    (packages,) = (place / "venv" / "lib").glob("python*/site-packages")
    inherited = [path for path in sys.path if path.endswith("site-packages")]
    lines = [f"import site; site.addsitedir({path!r})" for path in inherited]
    (packages / "inherited.pth").write_text("\n".join(lines) + "\n")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PARVIS_PLUGINS", "DATABASE", "DJANGO_SETTINGS"))
    }
    return kept | {
        "PATH": f"{place / 'venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PARVIS_VAR": str(var),
        "PARVIS_TODAY": TODAY,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INDEX": "1",
        "PYTHONWARNINGS": "ignore",
    }


def command(line: str, python: Path) -> list[str]:
    """The commands of the page, run by the environment's own Python."""
    name, *arguments = shlex.split(line)
    module = {"parvis": ["core.cli"], "pip": ["pip"], "pytest": ["pytest"]}[name]
    return [str(python), "-m", *module, *arguments]


def write(path: Path, block: str) -> int:
    """Put lines written by hand where those that they replace stand; return how many."""
    lines = path.read_text("utf-8").splitlines()
    wanted = block.splitlines()
    for line in wanted:
        head = re.match(r"\s*(\w+=|\(\"\w+\",)", line)
        assert head, line
        (place,) = [rank for rank, old in enumerate(lines) if old.startswith(line[: head.end()])]
        lines[place] = line
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return len(wanted)


def run(arguments: list[str], cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run(arguments, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--var", type=Path, help="data of a demo that is there")
    parser.add_argument("--light", action="store_true", help="without enfance and facturation")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="first-service-") as folder:
        place = Path(folder)
        clone = place / "parvis"  # stands where the reader's clone does
        clone.mkdir()
        if options.var:
            shutil.copytree(options.var, place / "var")
        env = environment(place, place / "var")
        python = place / "venv" / "bin" / "python"
        if not options.var:
            (place / "var").mkdir()
            run(command("parvis migrate -v0", python), clone, env)
        for slug in ("facturation", "enfance") if options.light else ():
            run(command(f"parvis plugin disable {slug}", python), clone, env)
        if not options.var and not options.light:
            run(command("parvis demo", python), clone, env)
        return follow(place, clone, python, env)


def follow(place: Path, clone: Path, python: Path, env: dict[str, str]) -> int:
    by_hand, began, looked = 0, time.monotonic(), 0.0
    for step, what in steps(TUTORIAL.read_text("utf-8")):
        started = time.monotonic()
        if step == "run":
            if what == "parvis plugin disable musique" and not looked:
                look(python, clone, env)
                looked = time.monotonic() - began
            run(command(what, python), clone, env)
        else:
            by_hand += write(place / "musique" / step.removeprefix("write "), what)
        print(f"{time.monotonic() - started:6.1f} s  {what if step == 'run' else step}", flush=True)
    left = run(command("parvis plugins", python), clone, env)
    exported = (place / "musique.jsonl").read_text("utf-8")
    assert "musique" not in left, left
    assert exported.count('"musique.offer"') == 3, exported[:500]
    print(f"lines by hand: {by_hand} lines\nmachine time: {looked:.1f} s")
    return 0 if 0 < by_hand <= LINES and 0 < looked <= SECONDS else 1


def look(python: Path, clone: Path, env: dict[str, str]) -> None:
    seen = run([str(python), "-c", LOOK], clone, env).splitlines()[-1]
    print(f"          seen: {seen}", flush=True)
    if "false" in seen:
        sys.exit("the service is not seen everywhere")


if __name__ == "__main__":
    sys.exit(main())
