"""Everybody at once, on real PostgreSQL: a code is used once, tries are all counted, an effect happens once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections

from core.accounts.models import User
from core.families.models import Family
from core.kernel import clock
from core.opening import registration, services
from core.opening.codes import ATTEMPTS, Code, State
from core.opening.errors import OpeningError
from core.opening.models import ActivationCode
from core.requests import services as requests
from core.requests.models import ServiceRequest
from core.testing.factories import GuardianFactory, UserFactory
from tests.core.opening.test_registration import data

AT_ONCE = 8

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("locks are tested on PostgreSQL: scripts/with-postgres pytest …")


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """Run an act in several connections, all started together; what the room refuses is one of the answers."""
    barrier = threading.Barrier(AT_ONCE)

    def run(rank: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act(rank)
        except OpeningError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_a_code_is_used_once() -> None:
    person, now = GuardianFactory(person__user=None).person, clock.now()
    given = services.issue(person_id=person.pk, channel="letter", actor=None, now=now)
    answers = at_once(
        lambda rank: services.open_account(
            code_id=given.row.pk, username=f"essai{rank}", email="", password="Cour!Tilleul7", now=now
        )
    )
    assert sum(isinstance(answer, User) for answer in answers) == 1
    assert User.objects.filter(username__startswith="essai").count() == 1


def test_wrong_tries_of_several_processes_are_all_counted() -> None:
    person, now = GuardianFactory(person__user=None).person, clock.now()
    given = services.issue(person_id=person.pk, channel="letter", actor=None, now=now)
    wrong = Code(given.code.selector, "22222222")
    at_once(lambda rank: services.present(code=wrong, last_name="Roux", birth_date=date(1985, 1, 1), now=now))
    row = ActivationCode.objects.get()
    assert (row.attempts, row.state) == (ATTEMPTS, State.LOCKED)


def test_two_agents_give_one_valid_code() -> None:
    person, now = GuardianFactory(person__user=None).person, clock.now()
    at_once(lambda rank: services.issue(person_id=person.pk, channel="letter", actor=None, now=now))
    assert ActivationCode.objects.count() == AT_ONCE
    assert ActivationCode.objects.filter(state=State.ISSUED).count() == 1


def test_a_request_is_made_and_accepted_once() -> None:
    user, agent, now, form = UserFactory(), UserFactory(), clock.now(), uuid4()
    at_once(lambda rank: registration.write(user=user, data=data(), now=now, submission=form))
    request = ServiceRequest.objects.get()
    at_once(lambda rank: requests.submit(request_id=request.pk, actor=user, now=now))
    choices = {"adult": registration.NEW, "identity_document": ""}
    at_once(lambda rank: requests.accept(request_id=request.pk, actor=agent, choices=choices, now=now))
    assert Family.objects.count() == 1
    assert request.events.filter(state="accepted").count() == 1
