"""Stricter than production where that finds mistakes, faster where nothing is proved by being slow."""

import os
import tempfile
from pathlib import Path

from parvis.settings.base import *  # noqa: F403
from parvis.settings.base import DATABASES, STORAGES, TEMPLATES

SECRET_KEY = "test-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
PARVIS_TODAY = "2026-11-23"
PARVIS_DEMO = True
ACCOUNT_RATE_LIMITS = False
PARVIS_SECOND_FACTOR = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
_scratch = Path(tempfile.gettempdir()) / "parvis-test"
MEDIA_ROOT = _scratch / "media"
STORAGES["private"]["OPTIONS"]["location"] = str(_scratch / "private")  # type: ignore[index]
EMAIL_FILE_PATH = _scratch / "courrier"
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Not WAL: a run that is killed would leave a log beside a database that no longer exists, and stop the next one.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;"
    # A file of its own for each run, so that two at once do not meet; or one that is kept, with pytest --reuse-db.
    _file = os.environ.get("PARVIS_TEST_DATABASE", "") or str(_scratch / f"test-{os.getpid()}.sqlite3")
    DATABASES["default"]["TEST"] = {"NAME": _file}
    _scratch.mkdir(exist_ok=True)
