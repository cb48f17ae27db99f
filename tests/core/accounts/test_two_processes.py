"""Attempts are counted by all processes together, with the cache that a town has without asking: its database."""

import os
import subprocess
import sys
from typing import Any
from urllib.parse import quote

from django.db import connection

from core.accounts.models import CacheEntry

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
    return f"postgres://{connection.settings_dict['USER']}@/{name}?host={quote(connection.settings_dict['HOST'])}"


def attempts(count: int) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CACHE_URL"}
    environment |= {"DATABASE_URL": database_url(), "PYTHONIOENCODING": "utf-8"}
    environment |= {"DJANGO_SETTINGS_MODULE": "parvis.settings.test"}
    command = [sys.executable, "-c", ATTEMPTS.format(count=count)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_five_attempts_in_all(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        try:
            assert attempts(3) == ["tried"] * 3
            assert attempts(4) == ["tried"] * 2 + ["refused"] * 2
        finally:
            CacheEntry.objects.all().delete()
            connection.close()
