"""Periodic jobs: `parvis tick` runs those that are due. One row a job and slot decides which machine runs it.

A slot begins at each period, or each day at the hour of the job; only the current one is run. A run that fails is tried
again within its slot, less and less often. A run that stops without a word is held for dead after `LEASE`. A job never
runs twice at once, whatever its slots: the database refuses it.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from time import monotonic
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from core.contracts import jobs as contract
from core.contracts.jobs import Job
from core.kernel import calls, discovery, state
from core.kernel.clock import PARIS
from core.kernel.models import JobRun
from core.kernel.outbox import INTERRUPTED
from core.kernel.retries import class_of, delay

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)

_core: dict[str, Job] = {}


@dataclass(frozen=True, slots=True)
class Entry:
    """A job with the slug of its plugin, None for core; `key` names it in the table of runs."""

    slug: str | None
    job: Job

    @property
    def key(self) -> str:
        return f"{self.slug or 'core'}.{self.job.name}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of this tick; `error` is the class of what stopped it, empty when it went well."""

    entry: Entry
    error: str
    took: timedelta


def register(*jobs: Job) -> None:
    """Add jobs of core; called by a room when the process starts."""
    _core.update({job.name: job for job in jobs})


def entries() -> list[Entry]:
    """The jobs of core, then those of the plugins that are on, or of any if they end what has begun."""
    on = state.enabled_slugs()
    usable = {plugin.slug for plugin in discovery.usable()}
    brought = [
        Entry(slug, job)
        for slug, job in calls.boot(contract.jobs)
        if slug in on or (job.runs_while_off and slug in usable)
    ]
    return [Entry(None, job) for job in _core.values()] + brought


def slot_of(schedule: timedelta | time, now: datetime) -> datetime:
    """When the slot that contains `now` began, in UTC. Pure."""
    if isinstance(schedule, timedelta):
        midnight = datetime(1970, 1, 1, tzinfo=UTC)
        return now - (now - midnight) % schedule
    day = now.astimezone(PARIS).date()
    begun = datetime.combine(day, schedule, PARIS).astimezone(UTC)
    if begun > now:
        begun = datetime.combine(day - timedelta(days=1), schedule, PARIS).astimezone(UTC)
    return begun


def next_slot(schedule: timedelta | time, now: datetime) -> datetime:
    """When the slot that follows the current one begins, in UTC. Pure."""
    if isinstance(schedule, timedelta):
        return slot_of(schedule, now) + schedule
    day = slot_of(schedule, now).astimezone(PARIS).date()
    return datetime.combine(day + timedelta(days=1), schedule, PARIS).astimezone(UTC)


def run_due(*, now: datetime) -> Iterator[Outcome]:
    """Run, one after the other, the jobs whose slot has not been run, here or on another machine."""
    begun = monotonic()
    for entry in _due(now):
        instant = now + timedelta(seconds=monotonic() - begun)
        if run := _claim(entry, instant):
            yield _run(entry, run, instant)


def _due(now: datetime) -> list[Entry]:
    """What the table does not say to be done, running or put off: one statement for all jobs."""
    slots = {entry.key: (entry, slot_of(entry.job.schedule, now)) for entry in entries()}
    current = Q(pk=None)
    for key, (_entry, slot) in slots.items():
        current |= Q(job=key, slot=slot)
    settled = Q(state=JobRun.State.DONE) | Q(retry_at__gt=now)
    busy = set(JobRun.objects.filter(current, settled).values_list("job", flat=True))
    return [entry for key, (entry, _slot) in slots.items() if key not in busy]


def _claim(entry: Entry, now: datetime) -> JobRun | None:
    """The run to make, if it is ours: a new row, or a failed one whose time has come."""
    slot, claim = slot_of(entry.job.schedule, now), uuid4()
    mine = {"state": JobRun.State.RUNNING, "claim": claim, "started_at": now, "retry_at": now + LEASE}
    runs = JobRun.objects.filter(job=entry.key)
    runs.filter(state=JobRun.State.RUNNING, retry_at__lte=now).update(
        state=JobRun.State.FAILED, error=INTERRUPTED
    )
    JobRun.objects.bulk_create([JobRun(job=entry.key, slot=slot, **mine)], ignore_conflicts=True)
    try:
        with transaction.atomic():
            runs.filter(slot=slot, state=JobRun.State.FAILED, retry_at__lte=now).update(
                **mine, attempts=F("attempts") + 1, finished_at=None
            )
    except IntegrityError:  # another slot of this job is running
        return None
    return runs.filter(claim=claim).first()


def _run(entry: Entry, run: JobRun, now: datetime) -> Outcome:
    begun, failure = monotonic(), ""
    try:
        entry.job.run(now)
    except Exception as error:
        failure = class_of(error)
        logger.error("job %s failed", entry.key, exc_info=error)
    took = timedelta(seconds=monotonic() - begun)
    JobRun.objects.filter(pk=run.pk, claim=run.claim, state=JobRun.State.RUNNING).update(
        state=JobRun.State.FAILED if failure else JobRun.State.DONE,
        error=failure,
        finished_at=now + took,
        retry_at=now + took + delay(run.attempts),
    )
    return Outcome(entry, failure, took)
