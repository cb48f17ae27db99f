"""The demo commune in a real server, over a copy of its data that nobody else uses."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

TODAY = "2026-11-23"


def environment(var: Path) -> dict[str, str]:
    """What a process of the demo is given; `var` is where its data are."""
    mine = {"DJANGO_SETTINGS_MODULE": "parvis.settings.demo", "PARVIS_VAR": str(var), "PARVIS_TODAY": TODAY}
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | mine


def seed(var: Path) -> Path:
    """Write the demo's data into an empty folder, and return it."""
    for arguments in (["migrate", "-v0"], ["demo"]):
        command = [sys.executable, "-m", "core.cli", *arguments]
        subprocess.run(command, env=environment(var), check=True)  # noqa: S603 - our own
    return var


@contextmanager
def serving(seeded: Path, var: Path) -> Iterator[str]:
    """Address of a server over its own copy of the demo."""
    shutil.copytree(seeded, var)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "parvis.wsgi", "--workers", "1", "--threads", "4"]
    server = subprocess.Popen(  # noqa: S603 - our own
        [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--graceful-timeout", "3"],
        env=environment(var) | {"PARVIS_URL": base},
    )
    try:
        _wait(base)
        yield base
    finally:
        server.terminate()
        server.wait(30)


def _wait(base: str) -> None:
    """gunicorn listens before its worker is ready: the first answer tells."""
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{base}/sante/", timeout=30)  # noqa: S310 - this machine
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def page_addresses(var: Path, slug: str) -> list[str]:
    """Addresses of the published pages of a plugin's own types."""
    with closing(sqlite3.connect(var / "parvis.sqlite3")) as database:
        (root,) = database.execute(
            "SELECT url_path FROM wagtailcore_page JOIN wagtailcore_site ON root_page_id = wagtailcore_page.id"
        ).fetchone()
        rows = database.execute(
            "SELECT url_path FROM wagtailcore_page JOIN django_content_type ON content_type_id = django_content_type.id"
            " WHERE app_label = ? AND live ORDER BY path",
            [slug],
        ).fetchall()
    return ["/" + path.removeprefix(root) for (path,) in rows]
