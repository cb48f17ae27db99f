"""System checks: what must hold before a process serves anybody."""

from collections import Counter
from collections.abc import Container, Iterable
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core import checks
from django.core.checks import Error, register

from core.contracts import jobs, payments
from core.contracts.plugin import ENTRY_POINT_GROUP
from core.kernel import calls, discovery


@register()
def quarantined_plugins(**kwargs: Any) -> list[checks.Warning]:
    calls.start()
    return [
        checks.Warning(f"Plugin {item.slug} is put aside: {item.reason}", id="parvis.W001")
        for item in discovery.quarantined()
    ]


def undeclared(folders: Iterable[Path], declared: Container[str]) -> list[Path]:
    """Folders that hold a manifest and that no distribution names: they would never be found."""
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    return [path for path in found if (path / "plugin.py").exists() and path.name not in declared]


@register()
def declared_plugins(**kwargs: Any) -> list[checks.Warning]:
    namespace = find_spec("plugins")
    folders = map(Path, namespace.submodule_search_locations or () if namespace else ())
    return [
        checks.Warning(
            f"The plugin in {folder} belongs to no distribution, so it is not installed.",
            hint=f"Declare {folder.name} under “{ENTRY_POINT_GROUP}” in pyproject.toml, then install again.",
            id="parvis.W002",
        )
        for folder in undeclared(folders, {point.name for point in entry_points(group=ENTRY_POINT_GROUP)})
    ]


@register()
def unique_payment_providers(**kwargs: Any) -> list[Error]:
    codes = Counter(provider.code for _, provider in calls.boot(payments.payment_providers))
    return [
        Error(f"Two payment providers share the code “{code}”.", id="parvis.E001")
        for code, count in codes.items()
        if count > 1
    ]


@register()
def unique_jobs(**kwargs: Any) -> list[Error]:
    names = Counter((slug, job.name) for slug, job in calls.boot(jobs.jobs))
    return [
        Error(f"Two jobs of {slug} share the name “{name}”: one would hide the other.", id="parvis.E003")
        for (slug, name), count in names.items()
        if count > 1
    ]
