"""Everybody at once, on real PostgreSQL connections: no gap, no double, one settlement."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, connections

from plugins.facturation.models import Allocation, BilledLine, Invoice, LedgerTransaction, Receipt, Run
from plugins.facturation.services import issuing, payments, runs
from tests.plugins.facturation.town import NOW, OCTOBER, Billing, Paying, fact

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ROUNDS = [pytest.param(3, id="3 rounds"), pytest.param(30, id="30 rounds", marks=pytest.mark.long)]


@pytest.fixture(autouse=True)
def _postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("locks are tested on PostgreSQL: scripts/with-postgres pytest …")


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Each act in its own thread and connection, all started together; an error in one fails the test."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_several_runs_of_one_month_at_once(billing: Billing, rounds: int) -> None:
    for number in range(rounds):
        homes = [billing.household(children=2) for _home in range(6)]
        for guardian, children in homes:
            billing.source.put(*(fact(child, guardian, date(2026, 10, 5)) for child in children))
        mine = [billing.create().pk for _run in range(4)]
        at_once([lambda pk=pk: runs.draft_run(run_id=pk, now=NOW) for pk in mine])  # type: ignore[misc]
        for pk in mine:
            issuing.start_issue(run_id=pk, today=date(2026, 11, 23), confirmed=True)
        # Twice each: a task that was started again beside itself changes nothing.
        at_once([lambda pk=pk: issuing.issue_run(run_id=pk, now=NOW) for pk in mine * 2])  # type: ignore[misc]
        numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, 6 * (number + 1) + 1))
        assert BilledLine.objects.count() == 12 * (number + 1)
        assert Run.objects.exclude(state=Run.State.ISSUED).count() == 0


@pytest.mark.parametrize("rounds", ROUNDS)
def test_numbers_of_two_regies_under_concurrency(billing: Billing, rounds: int) -> None:
    """Several months of several régies are issued at once: each series is gapless."""
    other = type(billing.regie).objects.create(code="alsh", name="Accueil de loisirs", issuer="Mairie")
    billing.product("journee", other)
    months = [OCTOBER, OCTOBER.previous, OCTOBER.previous.previous]
    for _round in range(rounds):
        guardian, (child,) = billing.household()
        for month in months:
            billing.source.put(
                fact(child, guardian, month.first_day.replace(day=6), ("repas", 240), ("journee", 500))
            )
        drafted = [billing.draft(month).pk for month in reversed(months)]
        for pk in drafted:
            issuing.start_issue(run_id=pk, today=date(2026, 11, 23), confirmed=True)
        at_once([lambda pk=pk: issuing.issue_run(run_id=pk, now=NOW) for pk in drafted])  # type: ignore[misc]
    for regie in (billing.regie, other):
        numbers = list(
            Invoice.objects.filter(regie=regie, kind="invoice")
            .order_by("number")
            .values_list("number", flat=True)
        )
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_crowd_of_notifications_settles_once(paying: Paying) -> None:
    payment = paying.start()
    paying.decide(payment)
    at_once([lambda: payments.refresh_payment(payment_id=payment.pk, now=NOW)] * 12)
    paying.invoice.refresh_from_db()
    assert paying.invoice.due_cents == 0
    assert Allocation.objects.count() == Receipt.objects.count() == 1
    assert LedgerTransaction.objects.filter(payment=payment).count() == 1


def test_two_tabs_start_one_payment(paying: Paying) -> None:
    def start() -> object:
        try:
            return paying.start()
        except payments.PaymentInFlight:
            return None

    started = at_once([start] * 8)
    assert sum(payment is not None for payment in started) == 1
