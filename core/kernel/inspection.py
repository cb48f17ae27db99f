"""`parvis plugin check`: each installed plugin is started alone in a process of its own, and the culprit is named.

An exception in a plugin's models stops Django itself, and no guard inside the process can help: this is run before a
plugin reaches the town. The caller needs no Django, so that it works when Django does not start.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec

from core.contracts.plugin import ENTRY_POINT_GROUP, Plugin
from core.kernel import discovery

OPTIONAL_MODULES = ("urls", "api", "backoffice", "demo")
TOGETHER = 2
"""Processes at a time: each holds the whole of Django."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a plugin, one French line a thing; nothing when it can be used."""

    slug: str
    problems: tuple[str, ...]


def check(points: Iterable[EntryPoint] | None = None) -> list[Verdict]:
    """One verdict for each installed plugin, by slug."""
    points = entry_points(group=ENTRY_POINT_GROUP) if points is None else points
    found = discovery.discover(points)
    manifests = {plugin.slug: plugin for plugin in found.plugins}
    verdicts = [Verdict(item.slug, (f"manifeste : {item.reason}",)) for item in found.quarantined]
    with ThreadPoolExecutor(TOGETHER) as pool:
        verdicts += pool.map(lambda plugin: _alone(plugin, manifests), manifests.values())
    return sorted(verdicts, key=lambda verdict: verdict.slug)


def _needed(plugin: Plugin, manifests: dict[str, Plugin]) -> set[str]:
    """A plugin and all that it stands on."""
    return {plugin.slug}.union(*(_needed(manifests[slug], manifests) for slug in plugin.depends_on))


def _alone(plugin: Plugin, manifests: dict[str, Plugin]) -> Verdict:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_PLUGINS_")}
    env["PARVIS_PLUGINS_ONLY"] = ",".join(sorted(_needed(plugin, manifests)))
    command = [sys.executable, "-m", __name__, plugin.slug]
    child = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if child.returncode == 0:
        return Verdict(plugin.slug, ())
    lines = child.stdout.splitlines() or [
        f"arrêt brutal : {(child.stderr.strip().splitlines() or ['?'])[-1]}"
    ]
    return Verdict(plugin.slug, tuple(lines))


# In the process of the plugin ------------------------------------------------------------------------


def problems(slug: str) -> Iterator[str]:
    """Go through all that a plugin brings. After the first step that fails, those that need it are left out."""
    started = _try("démarrage", _start)
    yield from started
    if started:
        return
    for step, act in (
        ("migrations", lambda: _migrations(slug)),
        ("points d’extension et adresses", _contributions),
        ("contrôles de Django", _checks),
        *((f"{module}.py", lambda module=module: _module(slug, module)) for module in OPTIONAL_MODULES),
    ):
        yield from _try(step, act)
    for item in discovery.quarantined():
        yield f"{item.slug} écarté : {item.reason}"


def _try(step: str, act: Callable[[], object]) -> list[str]:
    try:
        act()
    except Exception as error:
        return [f"{step} : {type(error).__name__}: {error}"]
    return []


def _start() -> None:
    import django

    django.setup()


def _migrations(slug: str) -> None:
    """They can be read, they hang together, and none is missing."""
    if missing := missing_migrations(slug):
        raise RuntimeError(f"il en manque (parvis makemigrations {slug}) : {'; '.join(missing)}")


def missing_migrations(slug: str) -> list[str]:
    """What `makemigrations` would write for a plugin. Raises what its migrations raise, RuntimeError for two ends."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.utils.translation import override

    with override(None):  # names in migrations are those of the source
        loader = MigrationLoader(None)
        if conflicts := loader.detect_conflicts().get(slug):
            raise RuntimeError(f"deux fins : {', '.join(sorted(conflicts))}")
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        missing = detector.changes(loader.graph).get(slug, [])
        return [operation.describe() for migration in missing for operation in migration.operations]


def _contributions() -> None:
    from django.urls import get_resolver

    from core.kernel import calls

    calls.start()
    get_resolver().reverse_dict  # noqa: B018 - every address is read


def _checks() -> None:
    from django.core.checks import ERROR, run_checks

    if errors := [str(message) for message in run_checks() if message.level >= ERROR]:
        raise RuntimeError("; ".join(errors))


def _module(slug: str, module: str) -> None:
    name = f"plugins.{slug}.{module}"
    if find_spec(name):
        import_module(name)


def main(slug: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings.demo")
    found = list(problems(slug))
    for line in found:
        sys.stdout.write(f"{line}\n")
    return 1 if found else 0


def report(verdicts: Iterable[Verdict]) -> tuple[str, bool]:
    """What the command prints, and whether every plugin can be used."""
    verdicts = list(verdicts)
    width = max((len(verdict.slug) for verdict in verdicts), default=0)
    lines = [
        f"{verdict.slug:<{width}}  {problem}"
        for verdict in verdicts
        for problem in verdict.problems or ("en ordre",)
    ]
    return "\n".join(lines) or "Aucun module n’est installé.", not any(v.problems for v in verdicts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
