"""The calendar and its changes through the API: the same rules, per-day answers."""

import uuid
from datetime import date

import pytest
from django.test import Client

from core.testing.factories import UserFactory
from plugins.enfance.models import Booking, Session
from tests.plugins.enfance.factories import Household, Town

URL = "/api/v1/reservations/"
MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)


@pytest.fixture
def parent(client: Client, home: Household) -> Client:
    client.force_login(home.user)
    return client


def choice(home: Household, session: Session) -> dict[str, str]:
    return {"enfant": str(home.children[0].pk), "seance": str(session.pk)}


def post(client: Client, data: object, url: str = URL):
    return client.post(url, data, content_type="application/json")


def test_the_calendar_of_a_month(parent: Client, town: Town, home: Household) -> None:
    answer = parent.get(f"{URL}?mois=2026-12").json()
    assert (answer["du"], answer["au"], answer["nombre"], answer["total"]) == (
        "2026-12-01",
        "2026-12-31",
        0,
        "0.00",
    )
    wanted = choice(home, town.session(MONDAY))
    (day,) = [day for day in answer["jours"] if wanted.items() <= day.items()]
    assert (day["etat"], day["reserve"], day["modifiable"], day["prix"]) == ("libre", False, True, "1.20")
    assert day["limite"].startswith("2026-12-04T09:00:00")
    assert day["activite"] == "cantine"
    reasons = {reason["cle"]: reason for reason in answer["explications"]}
    assert any("Tranche de quotient" in said for said in reasons[day["explication"]]["phrases"])


def test_a_month_is_written_as_a_month(parent: Client) -> None:
    answer = parent.get(f"{URL}?mois=decembre")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["champ"] == "mois"


def test_preview_then_save_day_by_day(parent: Client, town: Town, home: Household) -> None:
    Session.objects.filter(date=TUESDAY).update(capacity=0)
    wanted = {"ajouter": [choice(home, town.session(MONDAY)), choice(home, town.session(TUESDAY))]}
    foreseen = post(parent, wanted, f"{URL}apercu/").json()
    assert not Booking.objects.exists()
    saved = post(parent, wanted)
    assert saved.json() == foreseen
    assert foreseen["difference"] == "1.20"
    assert [(day["date"], day["resultat"], day["motif"]) for day in foreseen["jours"]] == [
        ("2026-12-07", "ajoute", ""),
        ("2026-12-08", "refuse", "Il n’y a plus de place ce jour-là."),
    ]
    again = post(parent, {"retirer": wanted["ajouter"][:1]}).json()
    assert (again["difference"], again["jours"][0]["resultat"]) == ("-1.20", "retire")


def test_a_price_that_is_sent_is_not_read(parent: Client, town: Town, home: Household) -> None:
    post(parent, {"ajouter": [{**choice(home, town.session(MONDAY)), "prix": "0.00"}], "prix": "0.00"})
    assert Booking.objects.get().price_cents == 120


def test_what_is_not_the_family_s_is_refused_without_a_word_on_it(parent: Client, town: Town) -> None:
    stranger = town.household()
    unknown = {"enfant": str(uuid.uuid4()), "seance": str(uuid.uuid4())}
    answer = post(parent, {"ajouter": [choice(stranger, town.session(MONDAY)), unknown]}).json()
    assert {(day["resultat"], day["date"], day["motif"]) for day in answer["jours"]} == {
        ("refuse", None, "Cet enfant n’est pas inscrit à cette activité ce jour-là.")
    }


def test_malformed_requests(parent: Client) -> None:
    answer = post(parent, {"ajouter": [{"enfant": "x", "seance": str(uuid.uuid4())}]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["champ"] == "ajouter.0.enfant"
    many = [{"enfant": str(uuid.uuid4()), "seance": str(uuid.uuid4())} for _ in range(501)]
    assert post(parent, {"ajouter": many}).status_code == 400


def test_who_may_call(client: Client, town: Town) -> None:
    assert client.get(URL).status_code == 401
    client.force_login(UserFactory())
    assert client.get(URL).status_code == 403
    assert post(client, {}).status_code == 403
