"""A real town: PostgreSQL, HTTPS, task workers, secrets from the environment (a missing one stops the start)."""

from parvis.settings.base import *  # noqa: F403
from parvis.settings.base import STORAGES, env

SECRET_KEY = env("PARVIS_SECRET_KEY")
ALLOWED_HOSTS = env.list("PARVIS_HOSTS")
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
TASKS = {"default": {"BACKEND": env("PARVIS_TASKS", default="django_tasks_db.DatabaseBackend")}}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PARVIS_PROXIES", default=1)
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31536000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
