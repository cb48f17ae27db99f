"""Production, on this machine and over plain HTTP; the demo's second factor, so that agents' pages can be asked."""

import os

os.environ.setdefault("PARVIS_SECRET_KEY", "for-measures-only")
os.environ.setdefault("PARVIS_HOSTS", "testserver,127.0.0.1")

from parvis.settings.production import *  # noqa: F403
from parvis.settings.production import LOGGING, VAR

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PARVIS_DEMO = True
PARVIS_SECOND_FACTOR = False
PARVIS_TODAY = "2026-11-23"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "courrier"
LOGGING["root"]["level"] = "WARNING"
