"""What the pages of plugins, of jobs and of health read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from core.contracts.plugin import Plugin
from core.kernel import calls, discovery, manager, state
from core.kernel.jobs import Entry, entries, next_slot
from core.kernel.models import Delivery, JobRun, PluginSwitch

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class HookLine:
    """A hook that a plugin implements, and what this process saw of it; `slowest` in seconds."""

    name: str
    calls: int
    failures: int
    slowest: float


@dataclass(frozen=True, slots=True)
class PluginLine:
    """An installed plugin, or one that was put aside: without its manifest, only `slug` and `reason` are known."""

    slug: str
    plugin: Plugin | None
    version: str
    state: Literal["on", "off", "aside"]
    reason: str
    switch: PluginSwitch | None
    hooks: tuple[HookLine, ...]

    @property
    def calls(self) -> int:
        return sum(hook.calls for hook in self.hooks)

    @property
    def failures(self) -> int:
        return sum(hook.failures for hook in self.hooks)

    @property
    def slowest(self) -> HookLine | None:
        called = [hook for hook in self.hooks if hook.calls]
        return max(called, key=lambda hook: hook.slowest, default=None)


def plugin_lines() -> list[PluginLine]:
    """Every plugin, by name: those that work, then those that are put aside. Two statements."""
    installed = discovery.installed()
    manifests = {plugin.slug: plugin for plugin in installed.plugins}
    aside = {item.slug: item.reason for item in discovery.quarantined()}
    on = state.enabled_slugs()
    latest = PluginSwitch.objects.filter(slug=OuterRef("slug")).order_by("-at", "-pk").values("pk")[:1]
    switches = {switch.slug: switch for switch in PluginSwitch.objects.filter(pk=Subquery(latest))}
    usable = sorted((slug for slug in manifests if slug not in aside), key=lambda slug: manifests[slug].name)
    return [
        PluginLine(
            slug=slug,
            plugin=manifests.get(slug),
            version=installed.versions.get(slug, ""),
            state="aside" if slug in aside else "on" if slug in on else "off",
            reason=aside.get(slug, ""),
            switch=switches.get(slug),
            hooks=tuple(_hook_line(slug, hook) for hook in manager.hooks_of(slug)),
        )
        for slug in (*usable, *sorted(aside))
    ]


def _hook_line(slug: str, hook: str) -> HookLine:
    tally = calls.tallies.get((slug, hook)) or calls.Tally()
    return HookLine(hook, tally.calls, tally.failures, tally.slowest)


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job, its last run (None before the first), when its next slot begins, how many of its runs of the last seven
    days are still failed."""

    entry: Entry
    last: JobRun | None
    next_at: datetime
    failures: int


def job_lines(now: datetime) -> list[JobLine]:
    """Every job of core and of the plugins that are on. Two statements."""
    known = entries()
    runs = JobRun.objects.filter(job__in=[entry.key for entry in known])
    latest = runs.filter(job=OuterRef("job")).order_by("-slot").values("pk")[:1]
    last = {run.job: run for run in runs.filter(pk=Subquery(latest))}
    failed = runs.filter(state=JobRun.State.FAILED, slot__gte=now - RECENT)
    failures = dict(failed.order_by().values_list("job").annotate(Count("pk")))
    return [
        JobLine(entry, last.get(entry.key), next_slot(entry.job.schedule, now), failures.get(entry.key, 0))
        for entry in known
    ]


def last_tick(lines: list[JobLine]) -> datetime | None:
    """When the most recent run began."""
    return max((line.last.started_at for line in lines if line.last), default=None)


@dataclass(frozen=True, slots=True)
class DeliveryHealth:
    """How many deliveries wait, since when the oldest does, how many failed."""

    waiting: int
    oldest: datetime | None
    failed: int


def delivery_health() -> DeliveryHealth:
    """One statement."""
    waiting = Q(state=Delivery.State.WAITING)
    found: dict[str, Any] = Delivery.objects.exclude(state=Delivery.State.DONE).aggregate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("created_at", filter=waiting),
        failed=Count("pk", filter=Q(state=Delivery.State.FAILED)),
    )
    return DeliveryHealth(**found)


def open_deliveries() -> QuerySet[Delivery]:
    """What waits or failed, of the plugins that are on: failed first, then the oldest."""
    return (
        Delivery.objects.exclude(state=Delivery.State.DONE)
        .filter(slug__in=state.enabled_slugs())
        .order_by("state", "pk")
    )


def retired_slugs() -> set[str]:
    """Plugins that were taken away for good: what others drew from them stands as it is. One statement."""
    last = PluginSwitch.objects.filter(slug=OuterRef("slug")).order_by("-at", "-pk").values("pk")[:1]
    return set(PluginSwitch.objects.filter(pk=Subquery(last), retired=True).values_list("slug", flat=True))
