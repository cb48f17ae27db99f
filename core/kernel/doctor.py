"""`parvis doctor`: the health of every part, in words."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.templatetags.static import static

from core.kernel import calls, clock, discovery, guards, seals, state
from core.kernel.selectors import delivery_health

BUILT = ("ui/build/app.css", "ui/build/app.js", "ui/build/icons.json")


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the house: whether it works, and what there is to know, in French."""

    part: str
    works: bool
    words: str


def examine() -> Iterator[Finding]:
    """Every part in turn; one that raises is out of order, and the next ones are examined all the same."""
    for part, look in PARTS.items():
        try:
            findings = list(look())
        except Exception as error:
            findings = [(False, f"{type(error).__name__} : {error}")]
        yield from (Finding(part, works, words) for works, words in findings)


Words = Iterator[tuple[bool, str]]


def _database() -> Words:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield True, f"{connection.display_name} répond"


def _migrations() -> Words:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    late = Counter(migration.app_label for migration, _backwards in waiting)
    if late:
        names = ", ".join(f"{app} ({count})" for app, count in sorted(late.items()))
        yield False, f"{late.total()} à appliquer avec « parvis migrate » : {names}"
    else:
        yield True, "toutes appliquées"


def _cache() -> Words:
    cache.set("doctor", "ok", 5)
    kept = cache.get("doctor") == "ok"
    yield kept, "garde ce qu’on lui confie" if kept else "oublie ce qu’on lui confie"


def _plugins() -> Words:
    calls.start()
    yield from ((False, f"{item.slug} écarté : {item.reason}") for item in discovery.quarantined())
    on, usable = len(state.enabled()), len(discovery.usable())
    yield True, f"{usable} en état de marche, {on} activés"


def _assets() -> Words:
    missing = [name for name in BUILT if not finders.find(name)]
    if missing:
        yield False, f"à construire avec « make assets » : {', '.join(missing)}"
    else:
        static(BUILT[0])  # raises when what is served was not collected
        yield True, "construits"


def _files() -> Words:
    folder = Path(settings.MEDIA_ROOT)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    writable = os.access(existing, os.W_OK)
    yield writable, f"{folder} {'accepte' if writable else 'refuse'} l’écriture"


def _deliveries() -> Words:
    found = delivery_health()
    words = f"{found.waiting} en attente, {found.failed} en échec"
    yield not found.failed, words + (" : voyez « Travaux » dans la gestion" if found.failed else "")


def _journal() -> Words:
    verdict = seals.verify()
    for fault in verdict.faults:
        yield False, f"{seals.Chain(fault.chain).label}, sceau {fault.number} : {fault.words}"
    if absent := guards.missing():
        yield False, f"la base ne le protège plus : {', '.join(absent)} manquent ; lancez « parvis migrate »"
    if seals.late(clock.now()):
        yield (
            False,
            "des entrées attendent d’être scellées depuis plus d’un jour : « parvis tick » est-il lancé ?",
        )
    if not verdict.faults:
        yield True, f"{verdict.entries} entrées vérifiées, {verdict.waiting} à sceller"


def _clock() -> Words:
    if settings.PARVIS_TODAY:
        yield settings.PARVIS_DEMO, f"arrêtée au {settings.PARVIS_TODAY}"
    else:
        yield True, "suit celle de la machine"


PARTS: dict[str, Callable[[], Words]] = {
    "base de données": _database,
    "migrations": _migrations,
    "cache": _cache,
    "modules": _plugins,
    "styles et scripts": _assets,
    "fichiers": _files,
    "annonces": _deliveries,
    "journal": _journal,
    "horloge": _clock,
}
