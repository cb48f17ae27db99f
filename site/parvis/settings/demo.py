"""A town that a newcomer starts with one command: SQLite, nothing sent, everything on this machine."""

from parvis.settings.base import *  # noqa: F403
from parvis.settings.base import LOGGING, VAR, env

SECRET_KEY = env("PARVIS_SECRET_KEY", default="demo-only-never-in-production")
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "courrier"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = env.bool("PARVIS_AUTOREFRESH", default=False)
PARVIS_DEMO = True
LOGGING["root"]["level"] = "WARNING"  # the terminal of a newcomer says what matters
PARVIS_SECOND_FACTOR = env.bool("PARVIS_SECOND_FACTOR", default=False)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost
