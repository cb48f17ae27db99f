"""Attempts are counted by all processes together, with the cache that a town has without asking: its database."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.db import connection

ATTEMPTS = """
import django
from django.conf import settings
from parvis.settings import base
settings.CACHES, settings.ACCOUNT_RATE_LIMITS = base.CACHES, base.ACCOUNT_RATE_LIMITS
django.setup()
from django.test import Client
client = Client()
for _ in range({count}):
    page = client.post("/connexion/", {{"login": "personne", "password": "faux"}}).content.decode()
    print("refused" if "Trop d’essais" in page else "tried")
"""


def database_url() -> str:
    """Of the tests' own database, which other processes may open."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def attempts(count: int) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CACHE_URL"}
    environment |= {"DATABASE_URL": database_url(), "PYTHONIOENCODING": "utf-8"}
    environment |= {"DJANGO_SETTINGS_MODULE": "parvis.settings.test"}
    command = [sys.executable, "-c", ATTEMPTS.format(count=count)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.django_db(transaction=True)
def test_five_attempts_in_all() -> None:
    assert attempts(3) == ["tried"] * 3
    assert attempts(4) == ["tried"] * 2 + ["refused"] * 2
