"""A switch in one process is followed by the next request in another, without a restart."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from core.kernel import clock, discovery
from core.kernel.services import switch_plugin

ROOT = Path(__file__).resolve().parents[3]
SLUG = "facturation"
ADDRESS = "/espace-famille/factures/"


def database_url() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    host = settings["OPTIONS"].get("host") or settings["HOST"]
    return f"postgres://{settings['USER']}@/{settings['NAME']}?host={host}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(port: int, path: str) -> int:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: object) -> None:
            return None

    try:
        with urllib.request.build_opener(Stay).open(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture
def two_processes(transactional_db: None) -> Iterator[list[int]]:
    ports = [free_port(), free_port()]
    env = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "parvis.settings.test"}
    command = [sys.executable, "-m", "gunicorn", "parvis.wsgi", "--workers", "1", "--log-level", "warning"]
    servers = [
        subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}"], cwd=ROOT, env=env) for port in ports
    ]
    try:
        for port in ports:
            for _ in range(150):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
        yield ports
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(10)


@pytest.mark.skipif(
    SLUG not in {plugin.slug for plugin in discovery.installed().plugins},
    reason="the plugin is not in this lane",
)
def test_a_switch_reaches_the_other_process(two_processes: list[int]) -> None:
    """A visitor tells the states apart at the payment sandbox's public neighbour: the schema of the API."""
    for port in two_processes:
        assert status(port, "/sante/") == 200
    for enabled, expected in ((True, True), (False, False), (True, True)):
        switch_plugin(slug=SLUG, enabled=enabled, actor="test", at=clock.now())
        for port in two_processes:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/api/v1/schema/?format=json", timeout=30
            ) as answer:
                assert ("/api/v1/factures/" in answer.read().decode()) is expected
