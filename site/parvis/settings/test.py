"""Stricter than production where that finds mistakes, faster where nothing is proved by being slow."""

import tempfile
from pathlib import Path

from parvis.settings.base import *  # noqa: F403
from parvis.settings.base import DATABASES, TEMPLATES

SECRET_KEY = "test-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
PARVIS_TODAY = "2026-11-23"
PARVIS_DEMO = True
ACCOUNT_RATE_LIMITS = False
_scratch = Path(tempfile.gettempdir()) / "parvis-test"
MEDIA_ROOT = _scratch / "media"
EMAIL_FILE_PATH = _scratch / "courrier"
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.sqlite3")}
    _scratch.mkdir(exist_ok=True)
