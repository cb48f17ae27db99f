"""One run a job and slot, on whichever machine; failures and stops are tried again within the slot."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.jobs import Job
from core.kernel import clock, jobs, selectors
from core.kernel.checks import unique_jobs
from core.kernel.housekeeping import clear_sessions, clear_traces
from core.kernel.jobs import LEASE, entries, next_slot, run_due, slot_of
from core.kernel.models import Delivery, JobRun
from core.pages.apps import publish_scheduled
from core.testing.hooks import fake_plugin

SLUG = "horloge"
NOW = datetime(2026, 11, 23, 11, 2, tzinfo=UTC)
HOURLY = timedelta(hours=1)


class Work:
    def __init__(self) -> None:
        self.runs: list[datetime] = []
        self.broken: BaseException | None = None

    def __call__(self, now: datetime) -> None:
        self.runs.append(now)
        if self.broken:
            raise self.broken


@pytest.fixture
def work(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """One plugin with one hourly job; core has none."""
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(jobs, "_core", {})
    work = Work()
    with fake_plugin(SLUG, jobs=lambda: [Job(name="essai", label="Essai", schedule=HOURLY, run=work)]):
        yield work


def tick(now: datetime = NOW) -> list[str]:
    """The errors of this plugin's runs, an empty one for a success."""
    return [outcome.error for outcome in run_due(now=now) if outcome.entry.slug == SLUG]


def mine() -> QuerySet[JobRun]:
    return JobRun.objects.filter(job=f"{SLUG}.essai")


def row() -> JobRun:
    return mine().latest("slot")


# --- Slots ------------------------------------------------------------------------------------------


def test_slots_of_a_period() -> None:
    assert slot_of(timedelta(minutes=5), NOW) == NOW.replace(minute=0)
    assert next_slot(timedelta(minutes=5), NOW) == NOW.replace(minute=5)
    assert slot_of(timedelta(days=1), NOW) == NOW.replace(hour=0, minute=0)


def test_slots_of_a_day_are_at_an_hour_in_paris() -> None:
    assert slot_of(time(3, 30), NOW) == datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    assert slot_of(time(18), NOW) == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert slot_of(time(3, 30), datetime(2026, 7, 14, 12, tzinfo=UTC)) == datetime(
        2026, 7, 14, 1, 30, tzinfo=UTC
    )
    assert next_slot(time(18), NOW) == datetime(2026, 11, 23, 17, tzinfo=UTC)


def test_the_hour_that_summer_time_skips_still_comes_once() -> None:
    """On 28 March 2027 there is no 2:30 in Paris; on 31 October there are two."""
    for day, month in ((28, 3), (31, 10)):
        noon = datetime(2027, month, day, 12, tzinfo=UTC)
        starts = {slot_of(time(2, 30), noon + timedelta(minutes=10 * n)) for n in range(-144, 144)}
        assert len(starts) == 3, starts


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.one_of(
        st.times(),
        st.integers(1, 2000).map(lambda minutes: timedelta(minutes=minutes)),
    ),
)
def test_an_instant_is_in_one_slot(now: datetime, schedule: timedelta | time) -> None:
    begun, following = slot_of(schedule, now), next_slot(schedule, now)
    assert begun <= now < following
    assert slot_of(schedule, begun) == begun
    assert slot_of(schedule, following) == following
    assert slot_of(schedule, following - timedelta(microseconds=1)) == begun


def test_a_period_is_at_least_a_minute() -> None:
    with pytest.raises(ValueError, match="at least a minute"):
        Job(name="x", label="", schedule=timedelta(seconds=30), run=lambda now: None)


def test_two_jobs_of_one_name_are_an_error() -> None:
    twin = Job(name="x", label="", schedule=HOURLY, run=print)
    with fake_plugin(SLUG, jobs=lambda: [twin, twin]):
        assert [error.id for error in unique_jobs()] == ["parvis.E003"]
    assert unique_jobs() == []


# --- One machine ------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestOneMachine:
    def test_once_a_slot(self, work: Work) -> None:
        assert tick() == [""]
        assert tick() == []
        assert tick(NOW + timedelta(minutes=57)) == []
        assert tick(NOW + timedelta(minutes=58)) == [""]
        assert len(work.runs) == 2
        assert (row().state, row().attempts) == (JobRun.State.DONE, 1)

    def test_slots_that_were_missed_are_not_caught_up(self, work: Work) -> None:
        tick()
        assert tick(NOW + timedelta(days=3)) == [""]
        assert mine().count() == 2

    def test_a_failure_is_tried_again_later_and_later(self, work: Work) -> None:
        work.broken = ValueError("Camille Roux")
        assert tick() == ["ValueError"]
        assert (row().state, row().error) == (JobRun.State.FAILED, "ValueError")
        assert tick() == [], "not at once"
        assert tick(NOW + timedelta(minutes=2)) == ["ValueError"]
        assert tick(NOW + timedelta(minutes=4)) == [], "five minutes after the second attempt"
        work.broken = None
        assert tick(NOW + timedelta(minutes=8)) == [""]
        assert (row().state, row().error, row().attempts) == (JobRun.State.DONE, "", 3)
        assert tick(NOW + timedelta(minutes=20)) == []

    def test_a_new_slot_does_not_wait_for_the_failed_one(self, work: Work) -> None:
        work.broken = ValueError()
        tick(NOW + timedelta(minutes=57))
        work.broken = None
        assert tick(NOW + timedelta(minutes=58)) == [""]
        assert list(mine().order_by("slot").values_list("state", flat=True)) == ["failed", "done"]

    def test_a_run_that_was_killed_is_held_for_dead_after_its_lease(self, work: Work) -> None:
        work.broken = KeyboardInterrupt()
        with pytest.raises(KeyboardInterrupt):
            tick()
        assert row().state == JobRun.State.RUNNING
        work.broken = None
        assert tick(NOW + LEASE - timedelta(seconds=1)) == [], "it may still be running"
        assert tick(NOW + LEASE + timedelta(seconds=1)) == [""]
        assert (row().state, row().attempts, len(work.runs)) == (JobRun.State.DONE, 2, 2)

    def test_a_run_that_lasts_holds_back_the_next_slot(self, work: Work) -> None:
        late = NOW + timedelta(minutes=55)
        JobRun.objects.create(
            job=f"{SLUG}.essai", slot=slot_of(HOURLY, late), started_at=late, retry_at=late + LEASE
        )
        assert tick(NOW + timedelta(hours=1)) == []
        JobRun.objects.update(state=JobRun.State.DONE)
        assert tick(NOW + timedelta(hours=1, minutes=1)) == [""]

    def test_a_retry_gives_way_to_another_slot_that_runs(self, work: Work) -> None:
        work.broken = ValueError()
        tick()
        JobRun.objects.create(
            job=f"{SLUG}.essai", slot=NOW + HOURLY, started_at=NOW, retry_at=NOW + 2 * HOURLY
        )
        assert tick(NOW + timedelta(minutes=2)) == []

    def test_the_database_refuses_two_runs_at_once(self) -> None:
        JobRun.objects.create(job="x", slot=NOW, started_at=NOW, retry_at=NOW)
        for slot in (NOW, NOW + HOURLY):
            with pytest.raises(IntegrityError), transaction.atomic():
                JobRun.objects.create(job="x", slot=slot, started_at=NOW, retry_at=NOW)

    def test_one_job_that_fails_stops_no_other(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(now: datetime) -> None:
            raise ValueError

        monkeypatch.setattr(
            jobs, "_core", {"casse": Job(name="casse", label="", schedule=HOURLY, run=broken)}
        )
        assert [(o.entry.key, o.error) for o in run_due(now=NOW) if o.entry.slug in (None, SLUG)] == [
            ("core.casse", "ValueError"),
            (f"{SLUG}.essai", ""),
        ]

    def test_jobs_of_a_plugin_that_is_off_rest(self, work: Work, switch: Callable[[str, bool], None]) -> None:
        switch(SLUG, False)
        assert tick() == []
        assert not JobRun.objects.filter(job__startswith=SLUG).exists()
        switch(SLUG, True)
        assert tick() == [""]

    def test_a_tick_with_nothing_to_do_is_cheap(self, work: Work, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        tick()
        with jobs.state.snapshot():
            jobs.entries()
            with django_assert_num_queries(1):
                assert tick() == []

    def test_the_command_says_what_it_did(self, work: Work) -> None:
        out, err = StringIO(), StringIO()
        call_command("tick", stdout=out, stderr=err)
        assert "Essai : fait en 0,0 s." in out.getvalue()
        call_command("tick", stdout=(again := StringIO()), stderr=err)
        assert "Essai" not in again.getvalue()
        assert err.getvalue() == ""
        JobRun.objects.all().delete()
        work.broken = ValueError("Camille")
        call_command("tick", stdout=out, stderr=err)
        assert err.getvalue() == "Essai : échec (ValueError), sera repris.\n"

    def test_the_page_reads_two_statements(self, work: Work, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        work.broken = ValueError()
        tick()
        with jobs.state.snapshot():
            jobs.entries()
            with django_assert_num_queries(2):
                lines = [line for line in selectors.job_lines(NOW) if line.entry.slug == SLUG]
        assert [(line.failures, line.next_at) for line in lines] == [(1, NOW + timedelta(minutes=58))]
        assert lines[0].last == row()


# --- Core's own jobs --------------------------------------------------------------------------------


@pytest.mark.django_db
class TestCore:
    def test_they_all_run(self) -> None:
        ran = {outcome.entry.key: outcome.error for outcome in run_due(now=clock.now())}
        core = {entry.key for entry in entries() if entry.slug is None}
        assert core >= {"core.publication", "core.sessions", "core.traces", "core.seals", "core.journal"}
        assert {key: error for key, error in ran.items() if key in core} == dict.fromkeys(core, "")

    def test_a_page_appears_at_its_hour(self) -> None:
        from wagtail.models import Page

        root = Page.get_first_root_node()
        hour = timezone.now() + timedelta(hours=1)
        page = root.add_child(instance=Page(title="Vœux", slug="voeux", live=False, go_live_at=hour))
        page.save_revision().publish()
        publish_scheduled(NOW)
        page.refresh_from_db()
        assert not page.live
        with time_machine.travel(hour + timedelta(minutes=1)):
            publish_scheduled(NOW)
        page.refresh_from_db()
        assert page.live

    def test_old_traces_go_and_failures_stay(self) -> None:
        old, fresh = NOW - timedelta(days=31), NOW - timedelta(days=1)
        for day in (old, fresh):
            for state in Delivery.State.values:
                Delivery.objects.create(
                    hook="x", slug="x", event={}, state=state, next_attempt_at=day, created_at=day,
                    finished_at=None if state == "waiting" else day,
                )  # fmt: skip
            JobRun.objects.create(job="x", slot=day, state="done", started_at=day, retry_at=day)
        clear_traces(NOW)
        assert sorted(Delivery.objects.values_list("created_at", "state")) == [
            (old, "failed"),
            (old, "waiting"),
            (fresh, "done"),
            (fresh, "failed"),
            (fresh, "waiting"),
        ]
        assert list(JobRun.objects.values_list("slot", flat=True)) == [fresh]

    def test_expired_sessions_go(self) -> None:
        from django.contrib.sessions.models import Session

        for key, hours in (("old", -1), ("new", 1)):
            Session.objects.create(
                session_key=key, session_data="", expire_date=timezone.now() + timedelta(hours=hours)
            )
        clear_sessions(NOW)
        assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


# --- Several machines -------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_eight_ticks_at_once_run_each_job_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("concurrency is tested on PostgreSQL: scripts/with-postgres pytest …")
    monkeypatch.setattr(jobs, "_core", {})
    ran: list[str] = []
    broken = {"fragile"}

    def job(name: str) -> Job:
        def run(now: datetime) -> None:
            ran.append(name)
            if name in broken:
                raise ValueError

        return Job(name=name, label=name, schedule=HOURLY, run=run)

    names = [f"t{rank}" for rank in range(11)] + ["fragile"]
    barrier = threading.Barrier(8)

    def machine(now: datetime) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            list(run_due(now=now))
        finally:
            connections.close_all()

    def round_at(now: datetime) -> list[str]:
        ran.clear()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(machine, [now] * 8))
        return sorted(name for name in ran if name in names)

    caplog.set_level(logging.CRITICAL)
    with fake_plugin(SLUG, jobs=lambda: [job(name) for name in names]):
        assert round_at(NOW) == sorted(names)
        broken.clear()
        assert round_at(NOW + timedelta(minutes=2)) == ["fragile"], "a retry too is made once"
        assert round_at(NOW + timedelta(minutes=3)) == []
        assert round_at(NOW + HOURLY) == sorted(names)
    runs = JobRun.objects.filter(job__startswith=f"{SLUG}.")
    assert runs.count() == 2 * len(names)
    assert not runs.exclude(state=JobRun.State.DONE).exists()
