"""The demo commune in a real server, a copy for each test, walked with the distribution's chromium."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from core.testing.browser import Walk, launch_args

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2026-11-23"
SHOTS = Path(os.environ.get("PARVIS_SHOTS", ROOT / "var" / "captures"))

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_args()


def _environment(var: Path) -> dict[str, str]:
    mine = {"DJANGO_SETTINGS_MODULE": "parvis.settings.demo", "PARVIS_VAR": str(var), "PARVIS_TODAY": TODAY}
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | mine


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data, made once."""
    var = tmp_path_factory.mktemp("demo")
    for command in (["migrate", "-v0"], ["demo"]):
        subprocess.run(
            [sys.executable, "site/manage.py", *command], cwd=ROOT, env=_environment(var), check=True
        )
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
    server = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"],
        cwd=ROOT,
        env=_environment(var) | {"PARVIS_URL": base},
    )
    try:
        _wait(base)
        yield base
    finally:
        server.terminate()
        server.wait(10)


def _wait(base: str) -> None:
    """gunicorn listens before its worker is ready: the first answer tells."""
    import time

    for _ in range(200):
        try:
            urllib.request.urlopen(f"{base}/sante/", timeout=30)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def _opener(browser: Browser, base: str) -> Iterator[Callable[..., Walk]]:
    contexts = []

    def open_page(size: dict[str, int], **options: Any) -> Walk:
        context = browser.new_context(viewport=size, locale="fr-FR", reduced_motion="reduce", **options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Walk(context.new_page(), base)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def town(seeded: Path, tmp_path: Path) -> Iterator[str]:
    with serving(seeded, tmp_path / "var") as base:
        yield base


@pytest.fixture(scope="session")
def shared_town(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(seeded, tmp_path_factory.mktemp("shared") / "var") as base:
        yield base


@pytest.fixture
def walk(browser: Browser, town: str) -> Iterator[Callable[..., Walk]]:
    """`walk(PHONE)`: somebody with a screen of that size, in a town of one's own that the test may change.

    Options of the browser (`java_script_enabled=False`…) pass through.
    """
    yield from _opener(browser, town)


@pytest.fixture
def stroll(browser: Browser, shared_town: str) -> Iterator[Callable[..., Walk]]:
    """The same in a town that all tests share: look, change nothing."""
    yield from _opener(browser, shared_town)
