"""Screens of agents: the day, the list, taking a child off, enrolling, closing a session."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from core.accounts.trades import sync_groups
from core.contracts.access import Trade
from core.families.models import BillingTouch
from core.testing.factories import AgentFactory, ChildFactory
from plugins.enfance.models import Booking, BookingRule, Enrolment, Session
from plugins.enfance.services import BookingError, Wanted, change_session, enrol, save_bookings
from tests.plugins.enfance.factories import FIRST, LAST, NOW, Household, Town

MONDAY = date(2026, 12, 7)
DAY = "/gestion/enfance/seances/"


@pytest.fixture
def agent(client: Client, db: None) -> Client:
    sync_groups()
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD], first_name="Sylvie", last_name="Darrieux"))
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", unescape(strip_tags(response.content.decode())))


def book(home: Household, *sessions: Session, child: int = 0) -> Booking:
    wanted = Wanted(add=frozenset((home.children[child].pk, session.pk) for session in sessions))
    save_bookings(family=home.context, actor=home.user, now=NOW, wanted=wanted)
    return Booking.objects.latest("pk")


def test_the_sessions_of_a_day(agent: Client, town: Town, home: Household) -> None:
    book(home, town.session(MONDAY))
    seen = text(agent.get(f"{DAY}?jour=2026-12-07"))
    assert "Séances du lundi 7 décembre 2026" in seen
    assert "Restauration scolaire École Villon 1 100 ouverte" in seen
    assert "Aucune séance ce jour-là" in text(agent.get(f"{DAY}?jour=2026-12-07&activite=alsh-vacances"))
    assert "Aucune séance ce jour-là" in text(agent.get(f"{DAY}?jour=2026-12-06"))
    assert "Séances du lundi 23 novembre 2026" in text(agent.get(DAY))


def test_who_is_expected_and_one_taken_off(agent: Client, town: Town, home: Household) -> None:
    session = town.session(MONDAY)
    booking = book(home, session)
    page = agent.get(reverse("enfance:session", args=[session.pk]))
    assert "1 enfant attendu sur 100 places" in text(page)
    assert "Enfant0" in text(page)
    address = reverse("enfance:cancel_booking", args=[session.pk, booking.child_id])
    assert address in page.content.decode()
    assert agent.get(address).status_code == 200
    assert agent.post(address, {"reason": ""}).status_code == 200
    assert Booking.objects.get().cancelled_at is None
    done = agent.post(address, {"reason": "Erreur de saisie"}, follow=True)
    assert "Enfant0 n’est plus attendu le lundi 7 décembre." in text(done)
    assert Booking.objects.get().cancel_reason == "Erreur de saisie"
    assert agent.post(address, {"reason": "Encore"}).status_code == 404


def test_taking_off_from_the_family_s_sheet_comes_back_to_it(
    agent: Client, town: Town, home: Household
) -> None:
    session = town.session(MONDAY)
    booking = book(home, session)
    sheet = reverse("backoffice:family", args=[home.family.pk])
    address = reverse("enfance:cancel_booking", args=[session.pk, booking.child_id]) + "?retour=fiche"
    assert address in agent.get(sheet).content.decode()
    assert agent.post(address, {"reason": "Erreur"}).url == sheet


def test_enrolling_a_child(agent: Client, town: Town) -> None:
    home = town.household(enrolled=False)
    address = reverse("enfance:enrol", args=[home.family.pk])
    form = {
        "child": home.children[0].pk,
        "activity": town.canteen.pk,
        "site": town.school.pk,
        "valid_from": "2026-11-23",
        "valid_to": "2027-07-02",
    }
    assert "est inscrit" in text(agent.post(address, form, follow=True))
    assert Enrolment.objects.filter(child=home.children[0]).count() == 1
    assert "déjà inscrit" in text(agent.post(address, form))
    assert "finit avant" in text(agent.post(address, {**form, "valid_to": "2026-09-01"}))
    assert Enrolment.objects.filter(child=home.children[0]).count() == 1
    assert agent.post(address, {**form, "child": ChildFactory().pk}).status_code == 200


def test_enrolling_checks_by_itself(town: Town, home: Household) -> None:
    common = {"activity": town.canteen, "site": town.school, "valid_from": FIRST, "valid_to": LAST}
    for child, family in ((home.children[0], home.family), (ChildFactory(), home.family)):
        with pytest.raises(BookingError):
            enrol(child=child, family=family, **common)
    with pytest.raises(BookingError):
        enrol(child=home.children[0], family=home.family, **{**common, "valid_to": date(2020, 1, 1)})


def test_a_session_that_is_cancelled_takes_everybody_off(agent: Client, town: Town, home: Household) -> None:
    session = town.session(MONDAY)
    book(home, session)
    BillingTouch.objects.all().delete()
    address = reverse("enfance_seances:edit", args=[session.pk])
    refused = agent.post(address, {"capacity": "100", "cancelled": "on", "cancel_reason": ""})
    assert "Donnez la raison" in text(refused)
    agent.post(address, {"capacity": "100", "cancelled": "on", "cancel_reason": "Grève"})
    session.refresh_from_db()
    assert (session.cancelled, session.taken) == (True, 0)
    assert Booking.objects.get().cancel_reason == "Grève"
    assert BillingTouch.objects.count() == 1


def test_places_never_under_what_is_booked(agent: Client, town: Town, home: Household) -> None:
    session = town.session(MONDAY)
    book(home, session)
    address = reverse("enfance_seances:edit", args=[session.pk])
    assert "déjà plus de réservations" in text(agent.post(address, {"capacity": "0"}))
    agent.post(address, {"capacity": "1"})
    session.refresh_from_db()
    assert session.capacity == 1
    with pytest.raises(BookingError):
        change_session(session=session, capacity=0, cancelled=False, reason="", actor=home.user, now=NOW)
    with pytest.raises(BookingError):
        change_session(session=session, capacity=1, cancelled=True, reason=" ", actor=home.user, now=NOW)


def test_a_rule_follows_another_and_never_rewrites_it(agent: Client, town: Town) -> None:
    address = reverse("enfance_regles_de_reservation:add")
    form = {
        "activity": town.canteen.pk,
        "valid_from": "2027-01-04",
        "before": "10:30",
        "of": "activity",
        "decision": "2026-50",
    }
    assert "à partir de demain" in text(agent.post(address, {**form, "valid_from": "2026-11-23"}))
    agent.post(address, form)
    rule = BookingRule.objects.get(valid_from=date(2027, 1, 4))
    assert rule.cut_off == {"kind": "previous_open_day", "before": "10:30", "of": "activity"}


@pytest.mark.parametrize(
    "name",
    ["enfance_inscriptions", "enfance_seances", "enfance_periodes_de_reservation", "enfance_activites"],
)
def test_the_lists_open(agent: Client, town: Town, home: Household, name: str) -> None:
    assert agent.get(reverse(f"{name}:index")).status_code == 200


def test_windows_do_not_overlap(agent: Client, town: Town) -> None:
    address = reverse("enfance_periodes_de_reservation:add")
    form = {
        "activity": town.alsh.pk,
        "name": "Encore Noël",
        "first_day": "2026-12-28",
        "last_day": "2027-01-03",
        "opens_at": "2026-11-30T09:00",
        "closes_at": "2026-12-12T00:00",
    }
    assert "recouvrent" in text(agent.post(address, form))
    agent.post(address, {**form, "first_day": "2027-02-15", "last_day": "2027-02-26"})
    assert town.alsh.windows.count() == 2


def test_other_trades_find_nothing(client: Client, town: Town, home: Household) -> None:
    sync_groups()
    session = town.session(MONDAY)
    booking = book(home, session)
    act = reverse("enfance:cancel_booking", args=[session.pk, booking.child_id])
    client.force_login(AgentFactory(trades=[Trade.WRITER]))
    for address in (DAY, reverse("enfance:session", args=[session.pk]), act):
        assert client.get(address).status_code == 404
    client.force_login(AgentFactory(trades=[Trade.BILLING]))
    assert client.get(DAY).status_code == 200
    assert client.post(act, {"reason": "Erreur"}).status_code == 404
    client.force_login(home.user)
    assert client.get(DAY).status_code == 404
