"""What happened is told after the transaction, once, whatever stops in between."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from core.contracts import billing, navigation
from core.contracts.billing import InvoiceIssued
from core.kernel import clock, discovery, outbox, retries, state
from core.kernel.calls import heard, listeners, tell
from core.kernel.events import dump, load
from core.kernel.models import Delivery, PluginState
from core.kernel.outbox import attempt, deliver, deliver_due, notify, retry, silence
from core.testing.hooks import fake_plugin

SLUG = "oreille"
spec = billing.on_invoice_issued
Told = Callable[..., None]


def issued(number: int = 1) -> InvoiceIssued:
    return InvoiceIssued(invoice=UUID(int=number), payer=UUID(int=1000 + number), family=UUID(int=7))


class Ear:
    """A handler that remembers what it heard, and fails while `broken` is set."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.broken: BaseException | None = None

    def __call__(self, event: InvoiceIssued) -> None:
        if self.broken:
            raise self.broken
        self.heard.append(event.invoice.int)


@pytest.fixture
def ear(caplog: pytest.LogCaptureFixture) -> Iterator[Ear]:
    """One plugin that listens, alone."""
    caplog.set_level(logging.CRITICAL)
    ear = Ear()
    with fake_plugin(SLUG, on_invoice_issued=lambda event: ear(event)):
        yield ear


@pytest.fixture(autouse=True)
def _nobody_else(request: pytest.FixtureRequest) -> None:
    """Plugins of the tree that listen have their own tests."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames or _marked(request):
        request.getfixturevalue("db")
        for slug in listeners(spec):
            PluginState.objects.update_or_create(slug=slug, defaults={"enabled": slug == SLUG})


def _marked(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("django_db") is not None


@pytest.fixture
def told(django_capture_on_commit_callbacks) -> Told:  # type: ignore[no-untyped-def]
    """`told(event, …)`: a transaction that tells and commits. `lost=True`: the process stops right after the commit."""

    def tell_and_commit(*events: InvoiceIssued, lost: bool = False) -> None:
        with django_capture_on_commit_callbacks(execute=not lost), transaction.atomic():
            notify(spec, *events)

    return tell_and_commit


def mine() -> list[Delivery]:
    return list(Delivery.objects.order_by("pk"))


# --- Events -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Closed:
    site: UUID
    day: date
    places: int


@dataclass(frozen=True)
class Named:
    child: UUID
    name: str


def test_an_event_is_kept_as_identifiers_and_days() -> None:
    event = Closed(uuid4(), date(2026, 11, 23), 12)
    stored = dump(event)
    assert stored == {"site": str(event.site), "day": "2026-11-23", "places": 12}
    assert load(Closed, stored) == event


def test_an_event_names_nobody() -> None:
    with pytest.raises(TypeError, match="identifiers and days, not name"):
        dump(Named(uuid4(), "Camille"))


def test_delays_grow_over_two_days() -> None:
    delays = [retries.delay(n) for n in range(1, retries.ATTEMPTS)]
    assert delays == sorted(delays)
    assert timedelta(days=1) < sum(delays, timedelta()) < timedelta(days=3)
    assert retries.delay(99) == delays[-1]


def test_only_the_class_of_an_error_is_kept() -> None:
    assert retries.class_of(ValueError("Camille Roux")) == "ValueError"
    assert retries.class_of(outbox.transaction.TransactionManagementError("x")).startswith("django.db")


# --- In one process ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_call_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="collect hook, called as notify"):
        notify(navigation.site_menu_items, issued())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="collect hook, called as notify"):
        tell(navigation.site_menu_items, SLUG, issued())
    with pytest.raises(TypeError, match="tells InvoiceIssued, not Closed"), transaction.atomic():
        notify(spec, Closed(uuid4(), date(2026, 11, 23), 1))  # type: ignore[arg-type]
    with pytest.raises(LookupError):
        heard("site_menu_items")


@pytest.mark.django_db(transaction=True)
def test_on_commit_and_never_without(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real transactions: told once committed, whatever the queue does; nothing outside, nothing after a rollback."""
    with transaction.atomic():
        notify(spec, issued(1), issued(2))
        assert ear.heard == []
    assert ear.heard == [1, 2]
    assert {row.state for row in mine()} == {Delivery.State.DONE}
    assert mine()[0].event == {
        "invoice": str(UUID(int=1)),
        "payer": str(UUID(int=1001)),
        "family": str(UUID(int=7)),
    }

    with pytest.raises(RuntimeError), transaction.atomic():
        notify(spec, issued(3))
        raise RuntimeError
    with pytest.raises(transaction.TransactionManagementError):
        notify(spec, issued(4))
    assert len(mine()) == 2

    def refuse(*args: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(type(deliver), "enqueue", refuse)
        with transaction.atomic():
            notify(spec, issued(5))
    assert ear.heard == [1, 2]
    call_command("tick", verbosity=0)
    assert ear.heard == [1, 2, 5]


@pytest.mark.django_db
class TestOneProcess:
    def test_a_plugin_that_is_off_is_told_nothing(
        self, ear: Ear, told: Told, switch: Callable[[str, bool], None]
    ) -> None:
        switch(SLUG, False)
        told(issued())
        assert mine() == []
        switch(SLUG, True)
        told(issued(2))
        assert ear.heard == [2]

    def test_silence(self, ear: Ear, told: Told) -> None:
        with silence():
            told(issued())
        assert mine() == []
        told(issued(2))
        assert ear.heard == [2]

    def test_a_stop_between_commit_and_enqueue(self, ear: Ear, told: Told) -> None:
        told(issued(1), issued(2), lost=True)
        assert ear.heard == []
        assert {row.state for row in mine()} == {Delivery.State.WAITING}
        call_command("tick", verbosity=0)
        assert ear.heard == [1, 2], "in the order in which it happened"
        call_command("tick", verbosity=0)
        assert ear.heard == [1, 2], "once"

    def test_a_handler_that_fails_then_works(self, ear: Ear, told: Told) -> None:
        ear.broken = ValueError("Camille Roux")
        told(issued())
        (row,) = mine()
        assert (row.state, row.attempts, row.error) == (Delivery.State.WAITING, 1, "ValueError")
        assert row.next_attempt_at == clock.now() + timedelta(minutes=1)
        ear.broken = None
        with state.snapshot():
            assert deliver_due(now=clock.now()) == {True: 0, False: 0}, "not before its time"
            assert deliver_due(now=row.next_attempt_at) == {True: 1, False: 0}
        (row,) = mine()
        assert (row.state, row.error, ear.heard) == (Delivery.State.DONE, "", [1])

    def test_twice_is_once(self, ear: Ear, told: Told) -> None:
        told(issued())
        (row,) = mine()
        deliver.enqueue([row.pk])
        assert attempt(pk=row.pk, now=clock.now() + timedelta(days=9)) is None
        assert ear.heard == [1]

    def test_after_eight_attempts_somebody_has_to_look(  # type: ignore[no-untyped-def]
        self, ear: Ear, told: Told, django_capture_on_commit_callbacks
    ) -> None:
        ear.broken = ValueError()
        told(issued())
        for _ in range(20):
            (row,) = mine()
            deliver_due(now=row.next_attempt_at)
        (row,) = mine()
        assert (row.state, row.attempts) == (Delivery.State.FAILED, 8)
        assert row.finished_at == row.created_at + sum(retries.DELAYS, timedelta())
        ear.broken = None
        assert deliver_due(now=clock.now() + timedelta(days=30)) == {True: 0, False: 0}
        with django_capture_on_commit_callbacks(execute=True):
            assert retry(ids=[row.pk], now=clock.now()) == 1
        assert ear.heard == [1]
        assert retry(ids=[row.pk], now=clock.now()) == 0
        assert ear.heard == [1]

    def test_what_a_failed_handler_wrote_is_taken_back(self, told: Told) -> None:
        def half(event: InvoiceIssued) -> None:
            PluginState.objects.create(slug="half", enabled=True)
            raise ValueError

        with fake_plugin(SLUG, on_invoice_issued=half):
            told(issued())
        assert not PluginState.objects.filter(slug="half").exists()
        assert mine()[0].attempts == 1

    def test_a_handler_that_kills_its_process_is_not_called_for_ever(self, ear: Ear, told: Told) -> None:
        ear.broken = KeyboardInterrupt()
        told(issued(), lost=True)
        for _ in range(8):
            (row,) = mine()
            with pytest.raises(KeyboardInterrupt):
                deliver_due(now=row.next_attempt_at)
        (row,) = mine()
        assert (row.state, row.attempts) == (Delivery.State.WAITING, 8)
        assert deliver_due(now=row.next_attempt_at) == {True: 0, False: 0}
        (row,) = mine()
        assert (row.state, row.error) == (Delivery.State.FAILED, outbox.INTERRUPTED)

    def test_switched_off_in_between_it_is_dropped(
        self, ear: Ear, told: Told, switch: Callable[[str, bool], None]
    ) -> None:
        ear.broken = ValueError()
        told(issued())
        switch(SLUG, False)
        (row,) = mine()
        assert attempt(pk=row.pk, now=row.next_attempt_at) is None
        deliver_due(now=row.next_attempt_at)
        assert mine() == []

    def test_for_a_plugin_that_this_process_goes_without_it_waits(
        self, ear: Ear, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ear.broken = ValueError()
        told(issued())
        ear.broken = None
        (row,) = mine()
        with monkeypatch.context() as patch:
            patch.setitem(discovery._put_aside, SLUG, "broken by a deployment")
            assert deliver_due(now=row.next_attempt_at) == {True: 0, False: 0}
            assert mine()[0].attempts == 1
        deliver_due(now=row.next_attempt_at)
        assert ear.heard == [1]

    def test_an_event_that_changed_meanwhile_is_a_failure(self, ear: Ear, told: Told) -> None:
        told(issued())
        Delivery.objects.update(state=Delivery.State.WAITING, event={"other": 1})
        deliver_due(now=clock.now() + timedelta(days=1))
        assert mine()[0].error == "KeyError"

    def test_health_says_how_long_without_saying_what(self, ear: Ear, told: Told, client) -> None:  # type: ignore[no-untyped-def]
        quiet = {"en_attente": 0, "plus_ancienne_secondes": 0, "en_echec": 0}
        assert client.get("/sante/").json()["annonces"] == quiet
        ear.broken = ValueError("Camille")
        told(issued(1), issued(2), issued(3))
        Delivery.objects.update(created_at=clock.now() - timedelta(minutes=2))
        Delivery.objects.filter(pk=mine()[0].pk).update(state=Delivery.State.FAILED)
        answer = client.get("/sante/")
        assert answer.status_code == 200
        assert answer.json()["annonces"] == {
            "en_attente": 2,
            "plus_ancienne_secondes": 120,
            "en_echec": 1,
        }
        assert "Camille" not in answer.content.decode()


# --- Several machines -------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_several_machines_share_the_deliveries_and_make_each_once(ear: Ear) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("locks are tested on PostgreSQL: scripts/with-postgres pytest …")
    with transaction.atomic():
        notify(spec, *map(issued, range(100)))
        transaction.get_connection().run_on_commit.clear()
    barrier = threading.Barrier(8)

    def machine(_: int) -> dict[bool, int]:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            with state.snapshot():
                return deliver_due(now=datetime(2026, 11, 24, tzinfo=UTC))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(machine, range(8)))
    assert sum(result[True] for result in results) == 100
    assert sum(result[False] for result in results) == 0
    assert sorted(ear.heard) == list(range(100))
