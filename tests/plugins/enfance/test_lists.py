"""Lists that agents take away, and what they do to several sessions or enrolments at once."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from core.contracts.access import Trade
from core.families.models import BillingTouch
from core.testing.factories import AgentFactory, ChildFactory
from plugins.enfance.models import Booking, Enrolment, Session
from plugins.enfance.reports import share
from plugins.enfance.services import Wanted, end_enrolments, save_bookings
from tests.plugins.enfance.factories import LAST, NOW, Household, Town

MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)
EXPECTED, FILLING = "/gestion/enfance/enfants-attendus/", "/gestion/enfance/remplissage/"
LIST = "/gestion/seances/"


@pytest.fixture
def agent(client: Client, db: None) -> Client:
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    return client


@pytest.fixture
def booked(home: Household, town: Town) -> Household:
    sessions = [town.session(day) for day in (MONDAY, TUESDAY)]
    wanted = Wanted(add=frozenset((child.pk, session.pk) for child in home.children for session in sessions))
    save_bookings(family=home.context, actor=home.user, now=NOW, wanted=wanted)
    return home


def csv(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]


def said(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_the_children_of_a_day(agent: Client, town: Town, booked: Household) -> None:
    page = agent.get(f"{EXPECTED}?jour={MONDAY}").content.decode()
    assert "Enfants attendus le lundi 7" in page
    assert page.count("École Villon</td>") == 2
    head, *lines = csv(agent, f"{EXPECTED}?jour={MONDAY}&export=csv")
    assert head == "Nom;Prénom;Activité;Lieu;Famille;Réservé le"
    assert len(lines) == 2
    assert "Aucun enfant n’est attendu" in agent.get(f"{EXPECTED}?jour=2026-12-06").content.decode()
    assert "Saisissez une date valide" in agent.get(f"{EXPECTED}?jour=2020-00-00").content.decode()


def test_the_statements_of_a_list_do_not_follow_its_length(
    agent: Client, town: Town, booked: Household, django_assert_max_num_queries
) -> None:
    agent.get(EXPECTED)
    with django_assert_max_num_queries(16):
        agent.get(f"{EXPECTED}?jour={MONDAY}")


def test_how_full_the_sessions_are(agent: Client, town: Town, booked: Household) -> None:
    Session.objects.filter(date=MONDAY).update(capacity=2)
    Session.objects.filter(date=date(2026, 12, 10)).update(cancelled=True)
    address = f"{FILLING}?du={MONDAY}&au=2026-12-11&activite=cantine"
    (_head, line) = csv(agent, f"{address}&export=csv")
    assert line == "Restauration scolaire;École Villon;3;1;1;4;202;1\u00a0%"
    assert "Places" in agent.get(address).content.decode()
    assert (
        "Aucune séance entre ces deux jours"
        in agent.get(f"{FILLING}?du=2030-01-01&au=2030-01-02").content.decode()
    )


def test_shares_are_rounded_down() -> None:
    assert [share(*pair) for pair in ((99, 100), (999, 1000), (0, 5), (None, None))] == ["99\u00a0%"] * 2 + [
        "0\u00a0%",
        "—",
    ]


def test_sessions_are_cancelled_after_they_were_seen(agent: Client, town: Town, booked: Household) -> None:
    BillingTouch.objects.all().delete()
    monday, tuesday = town.session(MONDAY), town.session(TUESDAY)
    Session.objects.filter(pk=tuesday.pk).update(cancelled=True)
    seen = agent.post(
        f"{LIST}lot/annuler/?date__gte={MONDAY}", {"id": [monday.pk, tuesday.pk, "x"]}
    ).content.decode()
    assert "Annuler 1 séance<" in seen
    assert "Elle est déjà annulée." in seen
    assert "rien n’est facturé" in seen
    assert not Session.objects.get(pk=monday.pk).cancelled
    both = {"id": f"{monday.pk},{tuesday.pk}", "decide": "oui"}
    assert "Il reste un point à corriger" in agent.post(f"{LIST}lot/annuler/", both).content.decode()
    answer = agent.post(f"{LIST}lot/annuler/?date__gte={MONDAY}", {**both, "reason": "Grève"})
    assert answer["Location"] == f"{LIST}?date__gte={MONDAY}"
    assert "1 séance est annulée, 2 réservations retirées." in said(answer)
    monday.refresh_from_db()
    assert (monday.cancelled, monday.cancel_reason, monday.taken) == (True, "Grève", 0)
    assert Booking.objects.filter(session=monday, cancelled_at=None).count() == 0
    assert BillingTouch.objects.count() == 2
    agent.post(f"{LIST}lot/rouvrir/", {"id": f"{monday.pk}", "decide": "oui"})
    monday.refresh_from_db()
    assert (monday.cancelled, monday.cancel_reason) == (False, "")


def test_all_the_list_is_what_its_filters_show(agent: Client, town: Town) -> None:
    seen = agent.post(f"{LIST}lot/places/?activity={town.alsh.pk}", {"tout": "oui"}).content.decode()
    shown = Session.objects.filter(activity=town.alsh).count()
    assert f"<strong>{shown}</strong> lignes" in seen
    keys = seen.split('name="id" value="')[1].split('"')[0]
    assert len(keys.split(",")) == shown
    answer = agent.post(f"{LIST}lot/places/", {"id": keys, "decide": "oui", "tout": "oui", "capacity": "7"})
    assert f"{shown} séances ont maintenant 7 places." in said(answer)
    assert Session.objects.filter(capacity=7).count() == shown


def test_places_never_fall_under_the_bookings(agent: Client, town: Town, booked: Household) -> None:
    monday, free = town.session(MONDAY), town.session(date(2026, 12, 10))
    answer = agent.post(
        f"{LIST}lot/places/", {"id": f"{monday.pk},{free.pk}", "decide": "oui", "capacity": "1"}
    )
    assert "1 séance a maintenant 1 places. 1 garde les siennes" in said(answer)
    page = agent.post(
        f"{LIST}lot/places/", {"id": f"{monday.pk}", "decide": "oui", "capacity": "1"}
    ).content.decode()
    assert "toutes plus de réservations" in page
    assert town.session(MONDAY).capacity == 100


def test_nothing_ticked_and_too_much(agent: Client, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Cochez d’abord" in said(agent.post(f"{LIST}lot/annuler/"))
    monkeypatch.setattr("core.backoffice.bulk.MOST", 3)
    assert "C’est trop à la fois" in said(agent.post(f"{LIST}lot/annuler/", {"tout": "oui"}))
    assert agent.get(f"{LIST}lot/annuler/?date__gte={MONDAY}")["Location"] == f"{LIST}?date__gte={MONDAY}"


def test_the_list_offers_what_this_agent_may_do(client: Client, town: Town) -> None:
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    page = client.get(LIST).content.decode()
    assert page.count("formaction=") == 3
    assert 'form="g-bulk"' in page
    client.force_login(AgentFactory(trades=[Trade.BILLING]))
    page = client.get(LIST).content.decode()
    assert "formaction=" not in page
    assert 'form="g-bulk"' not in page
    assert client.post(f"{LIST}lot/annuler/", {"tout": "oui"}).status_code == 404


def test_enrolments_end_together(agent: Client, town: Town, home: Household) -> None:
    rows = list(Enrolment.objects.filter(activity=town.canteen))
    later = Enrolment.objects.create(
        child=rows[0].child, family=rows[0].family, activity=town.canteen, site=town.school,
        valid_from=date(2027, 2, 1), valid_to=date(2027, 3, 1),
    )  # fmt: skip
    keys = [row.pk for row in (*rows, later)]
    assert end_enrolments(enrolments=keys, valid_to=date(2027, 2, 15)) == len(rows)
    first = Enrolment.objects.get(pk=rows[0].pk)
    assert first.valid_to == LAST
    answer = agent.post(
        "/gestion/inscriptions/lot/dernier-jour/",
        {"id": ",".join(map(str, keys)), "decide": "oui", "valid_to": "2027-01-15"},
    )
    assert f"{len(rows)} inscriptions finissent" in said(answer)
    assert "1 reste comme elle est" in said(answer)


def test_enrolling_begins_by_the_family(agent: Client, town: Town, home: Household) -> None:
    page = agent.get("/gestion/enfance/inscrire/").content.decode()
    assert "/gestion/familles/choix/" in page
    answer = agent.post("/gestion/enfance/inscrire/", {"family": str(home.family.pk)})
    assert answer["Location"] == f"/gestion/enfance/familles/{home.family.pk}/inscrire/"
    assert agent.post("/gestion/enfance/inscrire/", {"family": str(town.school.pk)}).status_code == 200
    ChildFactory(families=[home.family])
    found = agent.get("/gestion/familles/choix/resultats/", {"q": home.family.name.upper()}).content.decode()
    assert str(home.family.pk) in found
    assert (
        str(home.family.pk)
        not in agent.get("/gestion/familles/choix/resultats/", {"q": "zzz"}).content.decode()
    )
