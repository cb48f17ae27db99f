"""The end of a plugin: what goes, what is kept, then the act. Its distribution is uninstalled afterwards.

The tables of a plugin live in its migrations: these are reversed one after the other, which no single transaction can
hold on every database. Each step finds what the former ones left: after a stop in the middle, ask again.

A room of core that keeps rows for plugins says which with `register`; without that they would stay for ever.

Until the distribution is uninstalled and the processes are started again, a retired plugin is still in their memory:
its state stays off, and they may write its kinds of content again. `sweep` removes both once it is gone, at the next
`parvis migrate`.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from core.contracts.plugin import ENTRY_POINT_GROUP, Plugin
from core.kernel import discovery, state
from core.kernel.models import ConfigurationVersion, Delivery, JobRun, PluginState, PluginSwitch
from core.kernel.selectors import retired_slugs
from core.kernel.services import UnknownPlugin

BATCH = 500

Provider = Callable[[str], Iterable[QuerySet[Any]]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Name the rows that a room keeps for a plugin, given its slug: they are exported and go with it.

    Those that something else still points to stay.
    """
    if provider not in _providers:
        _providers.append(provider)


class Refused(Exception):
    """The plugin stays. `reasons` are French sentences."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Plan:
    """What retiring a plugin does: `rows` exported, by model; `migrations` in the order of their undoing."""

    plugin: Plugin
    rows: tuple[tuple[str, int], ...]
    pages: int
    migrations: tuple[str, ...]
    permissions: int
    content_types: int
    kernel_rows: int
    core_rows: int
    obstacles: tuple[str, ...]


def plan(slug: str) -> Plan:
    """Read what would go, and what forbids it. Raises UnknownPlugin."""
    plugin = next((known for known in discovery.installed().plugins if known.slug == slug), None)
    if plugin is None:
        raise UnknownPlugin(slug)
    kinds = _content_types(slug)
    return Plan(
        plugin=plugin,
        rows=tuple((rows.model._meta.label, count) for rows in _tables(slug) if (count := rows.count())),
        pages=_pages(slug).count(),
        migrations=tuple(name for _app, name in _undoing(slug)),
        permissions=Permission.objects.filter(content_type__in=kinds).count(),
        content_types=kinds.count(),
        kernel_rows=sum(rows.count() for rows in _kernel_rows(slug)),
        core_rows=sum(rows.count() for rows in _core_rows(slug)),
        obstacles=tuple(_obstacles(slug)),
    )


def export(slug: str) -> Iterator[str]:
    """Every row as a line of JSON: the plugin's tables, the pages they belong to, then what core keeps of it."""
    for rows in (*_tables(slug), _pages(slug), _settings(slug), *_core_rows(slug), *_logs(slug)):
        for row in rows.order_by("pk").iterator(chunk_size=BATCH):
            (line,) = json.loads(serializers.serialize("json", [row]))
            yield json.dumps(line, ensure_ascii=False)


def retire(*, slug: str, target: Path, actor: str, at: datetime) -> Plan:
    """Export to `target` (a new file, for its owner's eyes), then remove all that the plan names. Raises Refused.

    The log of switches says who did it and when.
    """
    planned = plan(slug)
    if planned.obstacles:
        raise Refused(planned.obstacles)
    with target.open("x", encoding="utf-8") as file:
        target.chmod(0o600)
        file.writelines(f"{line}\n" for line in export(slug))
    for page in _pages(slug).order_by("-depth"):
        page.specific.delete()
    MigrationExecutor(connection).migrate([(slug, None)])
    with transaction.atomic():
        # Raw: versions of a tariff or of the configuration refuse any other way, and Django would look for what points
        # to them in the tables that are gone.
        for rows in (*_logs(slug), *_core_rows(slug), *_kernel_rows(slug)):
            rows._raw_delete(rows.db)
        _content_types(slug).delete()  # permissions, revisions and the search index go along
        PluginState.objects.update_or_create(slug=slug, defaults={"enabled": False})
        PluginSwitch.objects.create(slug=slug, enabled=False, retired=True, actor=actor, at=at)
    ContentType.objects.clear_cache()
    return planned


def sweep(**_of_signal: object) -> None:
    """Forget retired plugins that are not installed any more. Receiver of `post_migrate`."""
    installed = {
        point.name for point in entry_points(group=ENTRY_POINT_GROUP)
    }  # be they blocked or put aside
    gone = retired_slugs() - installed
    if gone:
        PluginState.objects.filter(slug__in=gone).delete()
        ContentType.objects.filter(app_label__in=gone).delete()


def _models(slug: str) -> list[type[models.Model]]:
    return list(apps.get_app_config(slug).get_models()) if apps.is_installed(f"plugins.{slug}") else []


def _tables(slug: str) -> list[QuerySet[Any]]:
    """The tables that exist: all of them, unless the migrations were never run or are undone already."""
    present = set(connection.introspection.table_names())
    return [
        model._base_manager.all()
        for model in _models(slug)
        if model._meta.managed and model._meta.db_table in present
    ]


def _content_types(slug: str) -> QuerySet[ContentType]:
    return ContentType.objects.filter(app_label=slug)


def _pages(slug: str) -> "QuerySet[Page]":
    pages: QuerySet[Page] = Page.objects.filter(content_type__in=_content_types(slug))
    return pages


def _settings(slug: str) -> QuerySet[ConfigurationVersion]:
    return ConfigurationVersion.objects.filter(key=f"{slug}.settings")


def _logs(slug: str) -> list[QuerySet[Any]]:
    """What Wagtail logged of the plugin's pages and rows: it would keep them under no kind at all."""
    return [
        log.objects.filter(content_type__in=_content_types(slug)) for log in (PageLogEntry, ModelLogEntry)
    ]


def _core_rows(slug: str) -> list[QuerySet[Any]]:
    """What the rooms of core keep for a plugin and nobody else points to."""
    return [_unused(rows, slug) for provider in _providers for rows in provider(slug)]


def _unused(rows: QuerySet[Any], slug: str) -> QuerySet[Any]:
    for field in rows.model._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete and field.related_model._meta.app_label != slug:
            pointing = field.related_model._base_manager.filter(**{f"{field.field.name}__isnull": False})
            rows = rows.exclude(pk__in=pointing.values(field.field.name))
    return rows


def _kernel_rows(slug: str) -> list[QuerySet[Any]]:
    """What the kernel keeps of a plugin. The log of switches stays: it tells who did what."""
    return [
        Delivery.objects.filter(slug=slug),
        JobRun.objects.filter(job__startswith=f"{slug}."),
        DBTaskResult.objects.filter(task_path__startswith=f"plugins.{slug}."),
        _settings(slug),
    ]


def _undoing(slug: str) -> list[tuple[str, str]]:
    """Applied migrations of a plugin, the last first."""
    if slug not in {config.label for config in apps.get_app_configs()}:
        return []
    steps = MigrationExecutor(connection).migration_plan([(slug, None)])
    return [(migration.app_label, migration.name) for migration, _backwards in steps]


def _obstacles(slug: str) -> Iterator[str]:
    with state.snapshot():
        if slug in state.enabled_slugs():
            yield _("Le module est activé : désactivez-le d’abord.")
    needed_by = [plugin.slug for plugin in discovery.installed().plugins if slug in plugin.depends_on]
    if needed_by:
        yield _("D’autres modules en dépendent : %(others)s.") % {"others": ", ".join(needed_by)}
    loader = MigrationExecutor(connection).loader
    for app, name in _undoing(slug):
        if app != slug:
            yield _("La migration %(name)s d’un autre module s’appuie sur lui.") % {"name": f"{app}.{name}"}
        elif not all(operation.reversible for operation in loader.graph.nodes[app, name].operations):
            yield _("La migration %(name)s ne peut pas être défaite.") % {"name": name}
    kinds = list(_content_types(slug).values_list("pk", flat=True))
    for page in _pages(slug):
        if page.get_descendants().exclude(content_type__in=kinds).exists():
            yield _("Des pages d’une autre sorte sont rangées sous « %(title)s » : déplacez-les.") % {
                "title": page.title
            }
