"""What stands on days that agents closed: sessions and their bookings, where one reaches them. Nothing is cancelled."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.contracts.access import Trade
from core.contracts.town import ChangedDay
from core.testing.factories import AgentFactory, SiteFactory
from core.town.models import Closure
from core.town.services import import_calendar, written
from plugins.enfance.models import Session
from plugins.enfance.selectors import open_on
from plugins.enfance.services import Wanted, save_bookings
from tests.plugins.enfance.factories import NOW, Town

DAY = date(2026, 12, 3)


def closed(site: Any = None) -> Closure:
    import_calendar(start_years=[2026], zone="A")
    facts = {"first_day": DAY, "last_day": DAY, "reason": "Neige", "site": site}
    made: Closure = written(
        row=Closure(), fields=facts, write=lambda: Closure.objects.create(**facts), actor=None
    )
    return made


def page(row: Closure, **agent: Any) -> str:
    client = Client()
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD], **agent))
    answer = client.get(reverse("backoffice:town_change", args=[row.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def booked(town: Town) -> Session:
    """Two children are expected at the canteen that day."""
    home = town.household(children=2)
    session = town.session(DAY)
    wanted = Wanted(add=frozenset((child.pk, session.pk) for child in home.children))
    save_bookings(family=home.context, actor=home.user, now=NOW, wanted=wanted)
    session.refresh_from_db()
    return session


def test_a_closure_names_sessions_and_bookings_and_cancels_none(booked: Session) -> None:
    shown = page(closed())
    assert reverse("enfance:session", args=[booked.pk]) in shown
    assert "Restauration scolaire, École Villon" in shown
    assert "2 réservations" in shown
    booked.refresh_from_db()
    assert (booked.taken, booked.cancelled) == (2, False)


def test_an_agent_is_told_of_his_or_her_sites_alone(town: Town, booked: Session) -> None:
    row = closed()
    assert "École Villon" not in page(row, trades__site=SiteFactory(name="Ailleurs")).partition("<main")[2]
    assert "2 réservations" in page(row, trades__site=town.school)


def test_a_day_of_one_site_is_that_of_its_sessions(
    town: Town, booked: Session, django_assert_num_queries: Any
) -> None:
    agent = AgentFactory(trades=[Trade.CHILDHOOD])
    assert open_on(agent, [ChangedDay(DAY, SiteFactory().pk)]) == []
    agent.has_perm("enfance.view_session")  # rights are read once a request
    with django_assert_num_queries(1):
        assert open_on(agent, [ChangedDay(DAY, town.school.pk), ChangedDay(DAY)]) == [booked]
    Session.objects.filter(pk=booked.pk).update(cancelled=True)
    assert open_on(agent, [ChangedDay(DAY)]) == []
    assert open_on(agent, []) == []
