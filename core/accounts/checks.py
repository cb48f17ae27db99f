"""System checks of the door."""

from typing import Any

from django.conf import settings
from django.core import checks

PER_PROCESS = ("locmem.LocMemCache", "dummy.DummyCache")


@checks.register(checks.Tags.security, deploy=True)
def shared_cache(**kwargs: Any) -> list[checks.Warning]:
    """Attempts to sign in are counted in the default cache: one that a process keeps to itself lets them multiply."""
    if not settings.CACHES["default"]["BACKEND"].endswith(PER_PROCESS):
        return []
    return [
        checks.Warning(
            "Each process counts attempts to sign in for itself: the default cache is not shared.",
            hint="Leave CACHE_URL unset (the database), or point it at Redis.",
            id="accounts.W001",
        )
    ]
