"""`make demo` from a clean clone until the town answers, then again. On SQLite, as newcomers have it.

The clone is of the last commit. What the package managers keep of earlier downloads is used, and nothing else of this
tree. The seed is what `parvis demo` says that it took.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from harness import ROOT, Report, at_most

BOUNDS = {"demo, cold": at_most(60), "demo, seed": at_most(15), "demo, again": at_most(5)}
PATIENCE = 600


def main() -> int:
    report = Report(BOUNDS)
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        clone = Path(folder) / "parvis"
        subprocess.run(
            [
                "git",
                "-c",
                "advice.detachedHead=false",
                "clone",
                "--quiet",
                "--no-hardlinks",
                str(ROOT),
                str(clone),
            ],
            check=True,
        )
        cold, said = until_it_answers(clone)
        report.say("demo, cold", cold, "s")
        (seed,) = re.findall(r"Prêt en ([\d.]+) s", said)
        report.say("demo, seed", float(seed), "s")
        again, said = until_it_answers(clone)
        assert "déjà là" in said, said
        report.say("demo, again", again, "s")
    return report.close()


def until_it_answers(clone: Path) -> tuple[float, str]:
    """Seconds from the command to the first page, and what the command said meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # What the lanes set for themselves would be no newcomer's.
    mine = ("PARVIS_", "DATABASE_URL", "PYTHONPATH", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    env["PATH"] = os.pathsep.join(
        part for part in env["PATH"].split(os.pathsep) if part != f"{sys.prefix}/bin"
    )
    started = time.monotonic()
    making = subprocess.Popen(
        ["make", "demo"],
        cwd=clone,
        env=env | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said: list[str] = []
    reading = threading.Thread(target=lambda: said.extend(making.stdout or ()))
    reading.start()
    try:
        while not answers(port):
            if making.poll() is not None or time.monotonic() - started > PATIENCE:
                sys.exit(f"make demo did not come up:\n{''.join(said)}")
            time.sleep(0.05)
        seconds = time.monotonic() - started
    finally:
        os.killpg(making.pid, signal.SIGTERM)
        making.wait(30)
        reading.join(30)
    return seconds, "".join(said)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            return page.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    raise SystemExit(main())
