"""The health page: for a probe, without anything that tells about people or versions."""

from collections import Counter
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from core.kernel import calls, clock, discovery
from core.kernel.access import public
from core.kernel.selectors import delivery_health


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    cache.set("health", "ok", 5)
    if cache.get("health") != "ok":
        raise RuntimeError("the cache forgets")


def _works(check: object) -> bool:
    try:
        check()  # type: ignore[operator]
    except Exception:
        return False
    return True


def _deliveries() -> dict[str, Any] | None:
    """How many wait, for how many seconds the oldest has, how many failed; None while the database cannot say."""
    try:
        found = delivery_health()
    except DatabaseError:
        return None
    age = max(0, int((clock.now() - found.oldest).total_seconds())) if found.oldest else 0
    return {"en_attente": found.waiting, "plus_ancienne_secondes": age, "en_echec": found.failed}


@public
def health(request: HttpRequest) -> JsonResponse:
    """200 when every part works, 503 otherwise. A quarantined plugin is named but does not stop the town.

    Failures are those of the process that answers, since it started.
    """
    calls.start()
    failures: Counter[str] = Counter()
    for (slug, _hook), tally in calls.tallies.items():
        failures[slug] += tally.failures
    parts = {"base": _works(_database), "cache": _works(_cache)}
    body = {
        "etat": "ok" if all(parts.values()) else "en panne",
        "parties": {name: "ok" if works else "en panne" for name, works in parts.items()},
        "modules_ecartes": [item.slug for item in discovery.quarantined()],
        "echecs": {slug: count for slug, count in sorted(failures.items()) if count},
        "annonces": _deliveries(),
    }
    return JsonResponse(body, status=200 if all(parts.values()) else 503)
