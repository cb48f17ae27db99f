#!/usr/bin/env python3
"""Make everything that `make` needs, with the standard library alone.

1. `.venv` filled with exactly `requirements-dev.lock`, or with `--runtime` at least with `requirements.lock` (what a
   commune needs); hashes are checked; by uv, or by pip when uv cannot;
2. Parvis itself, editable, without fetching anything (hatchling is in the lock);
3. meanwhile `node_modules` from `package-lock.json`, then the assets (`npm run build`).

Each step leaves a stamp of what it was made from, so a second run does nothing in a fraction of a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
NODE_LOCK = ROOT / "scripts" / "requirements-node.lock"
BUILD = ROOT / "core" / "ui" / "static" / "ui" / "build"

# Both names: the second is the older one. Without them uv ignores the machine's certificate authorities.
UV_ENV = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}


class SetupError(Exception):
    """What went wrong, in one French sentence for the person at the keyboard."""


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - the very check that says so
        return fail(f"Parvis demande Python 3.11 ou plus récent, ici {sys.version.split()[0]}.")
    force = "--force" in sys.argv[1:]
    profile = "runtime" if "--runtime" in sys.argv[1:] else "dev"
    started = time.monotonic()
    with Path(__file__).open() as own:
        fcntl.flock(own, fcntl.LOCK_EX)  # two runs at once would write the same files
        try:
            worked = set_up(profile, force)
        except SetupError as error:
            return fail(str(error))
    if worked:
        print(f"Tout est prêt ({time.monotonic() - started:.0f} s).", flush=True)
    return 0


def set_up(profile: str, force: bool) -> bool:
    """Run both halves side by side; return whether anything had to be done."""
    if shutil.which("npm"):
        front = Background(lambda: install_front(force))
        worked = install_python(profile, force)
        return front.result() or worked
    worked = install_python(profile, force)
    return install_front(force) or worked


# --- Python -----------------------------------------------------------------------------------------


def install_python(profile: str, force: bool) -> bool:
    interpreter = f"{sys.version} {sys.base_prefix} {ROOT}"
    stamps = {name: Stamp(VENV / f".stamp-{name}", interpreter, [lock]) for name, lock in LOCKS.items()}
    if stamps["dev"].known:
        profile = "dev"  # it holds the other one; `make demo` takes no tool away from a developer
    locked = stamps[profile]
    editable = Stamp(VENV / ".stamp-parvis", interpreter, [ROOT / "pyproject.toml"])
    if locked.fresh and editable.fresh and PYTHON.exists() and not force:
        return False
    if force or not locked.fresh or not PYTHON.exists():
        editable.forget()
        known = [stamp for stamp in stamps.values() if stamp.same_context]
        if force or not known or not PYTHON.exists():
            create_venv()
        say("Dépendances Python…")
        if not sync_with_uv(LOCKS[profile]):
            run(
                [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCKS[profile]],
                "Les dépendances Python n'ont pas pu être installées ; vérifiez l'accès au réseau.",
            )
        locked.write()
    run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ROOT],
        "Parvis n'a pas pu être installé dans son environnement Python.",
    )
    editable.write()
    return True


def create_venv() -> None:
    say("Environnement Python…")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401 - Debian leaves it out of python3
    except ImportError:
        raise SetupError(
            "Il manque le module venv de Python : installez-le avec « apt-get install python3-venv »."
        ) from None
    run([sys.executable, "-m", "venv", VENV], "L'environnement Python .venv n'a pas pu être créé.")


def sync_with_uv(lock: Path) -> bool:
    """Install the lock with the uv that the lock itself names; False hands over to pip."""
    own_lines = VENV / "uv.lock"
    own_lines.write_text(entry_of("uv", lock))
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", own_lines]
    sync = [VENV / "bin" / "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, lock]
    return all(
        subprocess.run(command, env=environment(), capture_output=True, check=False).returncode == 0
        for command in (pip, sync)
    )


def entry_of(name: str, lock: Path) -> str:
    """The lines of one package in the lock: its version and its hashes."""
    lines = iter(lock.read_text().splitlines(keepends=True))
    for line in lines:
        if line.startswith(f"{name}=="):
            entry = [line]
            while entry[-1].rstrip().endswith("\\"):
                entry.append(next(lines))
            return "".join(entry)
    raise SetupError(f"Le fichier {lock.name} ne connaît pas {name}.")


# --- Styles, scripts, fonts ---------------------------------------------------------------------------


def install_front(force: bool) -> bool:
    sources = front_sources()
    if not sources:
        return False
    manifests = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
    modules = Stamp(ROOT / "node_modules" / ".stamp", str(ROOT), manifests)
    assets = Stamp(BUILD / ".stamp", "", [*manifests, ROOT / "scripts" / "build_assets.mjs", *sources])
    if modules.fresh and assets.fresh and not force:
        return False
    npm = find_npm()
    if force or not modules.fresh:
        say("Bibliothèques des pages…")
        run(
            [npm, "ci", "--ignore-scripts", "--silent"],
            "Les bibliothèques des pages n'ont pas pu être installées.",
        )
        modules.write()
    say("Styles et scripts…")
    run([npm, "run", "--silent", "build"], "Les styles et les scripts n'ont pas pu être construits.")
    assets.write()
    return True


def front_sources() -> list[Path]:
    folders = [ROOT / "core" / "ui" / "assets", *(ROOT / "plugins").glob("*/assets")]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def find_npm() -> str:
    """The machine's npm, else one inside the virtual environment (200 MB, so only when there is no other)."""
    found = shutil.which("npm")
    if found:
        return found
    inside = VENV / "bin" / "npm"
    if not inside.exists():
        say("Node.js…")
        run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", NODE_LOCK],
            "Node.js manque et n'a pas pu être installé : « apt-get install nodejs npm ».",
        )
    return str(inside)


# --- Tools ------------------------------------------------------------------------------------------


class Stamp:
    """A file that remembers what a step was made from: a context (first line) and files (second line)."""

    def __init__(self, path: Path, context: str, sources: Iterable[Path]) -> None:
        self.path = path
        self.context = hashlib.sha256(context.encode()).hexdigest()
        digest = hashlib.sha256()
        for source in sources:
            digest.update(str(source.relative_to(ROOT)).encode() + b"\0")
            digest.update(source.read_bytes() if source.exists() else b"")
        self.content = digest.hexdigest()
        self.known = path.read_text().split() if path.exists() else []

    @property
    def fresh(self) -> bool:
        return self.known == [self.context, self.content]

    @property
    def same_context(self) -> bool:
        return self.known[:1] == [self.context]

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self.known = []

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(f"{self.context}\n{self.content}\n")


class Background:
    """A function in a thread whose error comes back to the caller of `result`."""

    def __init__(self, function: Callable[[], bool]) -> None:
        self._function = function
        self._done = False
        self._error: SetupError | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._done = self._function()
        except SetupError as error:
            self._error = error

    def result(self) -> bool:
        self._thread.join()
        if self._error:
            raise self._error
        return self._done


def environment() -> dict[str, str]:
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, **UV_ENV, "PATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(command: Sequence[str | Path], failure: str) -> None:
    """Run quietly; on failure show what the tool said, then say `failure`."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT, env=environment(), text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except OSError as error:
        raise SetupError(f"{failure} ({error})") from None
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise SetupError(failure)


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
