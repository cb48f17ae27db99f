"""Addresses for what leaves the site: messages, documents."""

from urllib.parse import urljoin

from django.conf import settings


def absolute(path: str) -> str:
    """The whole address of a page of this town, by its path (`PARVIS_URL`)."""
    return urljoin(str(settings.WAGTAILADMIN_BASE_URL), path)
