"""Everybody at once, on real PostgreSQL connections: never one place too many, never two families in a ring."""

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, connections

from plugins.enfance.models import Booking, Session
from plugins.enfance.services import Outcome, Result, Wanted, save_bookings
from tests.plugins.enfance.factories import NOW, Household, holiday_days, make_town, school_days

CONNECTIONS = 32
ROUNDS = [pytest.param(5, id="5 rounds"), pytest.param(100, id="100 rounds", marks=pytest.mark.long)]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("locks are tested on PostgreSQL: scripts/with-postgres pytest …")


def at_once(acts: Sequence[Callable[[], list[Outcome]]]) -> list[list[Outcome]]:
    """Run each act in its own thread and connection, all started together; an error in one fails the test."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], list[Outcome]]) -> list[Outcome]:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def saving(home: Household, sessions: Sequence[Session]) -> Callable[[], list[Outcome]]:
    family, user = home.context, home.user
    wanted = Wanted(add=frozenset((home.children[0].pk, session.pk) for session in sessions))
    return lambda: save_bookings(family=family, actor=user, now=NOW, wanted=wanted)


def results(answers: list[list[Outcome]]) -> list[Result]:
    return [outcome.result for outcomes in answers for outcome in outcomes]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_last_place_goes_to_exactly_one(rounds: int) -> None:
    town = make_town(places=1)
    homes = [town.household() for _ in range(CONNECTIONS)]
    last = town.session(holiday_days()[0], town.alsh)
    for _round in range(rounds):
        answers = results(at_once([saving(home, [last]) for home in homes]))
        assert answers.count(Result.ADDED) == 1
        assert answers.count(Result.REFUSED) == CONNECTIONS - 1
        last.refresh_from_db()
        assert last.taken == Booking.objects.filter(session=last, cancelled_at=None).count() == 1
        Booking.objects.all().delete()
        Session.objects.update(taken=0)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_months_saved_in_random_order_never_dead_lock_nor_oversell(rounds: int) -> None:
    places = 20
    town = make_town(places=places)
    homes = [town.household() for _ in range(CONNECTIONS)]
    sessions = [town.session(day) for day in school_days(date(2026, 11, 30), date(2027, 1, 12))][:16]
    shuffle = random.Random(33530)
    for _round in range(rounds):
        acts = [saving(home, shuffle.sample(sessions, len(sessions))) for home in homes]
        answers = results(at_once(shuffle.sample(acts, len(acts))))
        assert answers.count(Result.ADDED) == places * len(sessions)
        assert answers.count(Result.REFUSED) == (CONNECTIONS - places) * len(sessions)
        assert set(
            Session.objects.filter(pk__in=[s.pk for s in sessions]).values_list("taken", flat=True)
        ) == {places}
        assert Booking.objects.filter(cancelled_at=None).count() == places * len(sessions)
        Booking.objects.all().delete()
        Session.objects.update(taken=0)
