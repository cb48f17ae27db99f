"""The agenda: what is to come, what has been, the months, calendar files, open data."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.contracts.audiences import FAMILIES
from core.pages.audiences import joined
from core.pages.models import HomePage
from core.testing.conformance.context import signed_in
from core.testing.factories import GuardianFactory
from core.ui import ical
from plugins.actualites.models import EventPage, EventsPage
from plugins.actualites.selectors_events import PER_PAGE, month, month_named

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture
def agenda(home: HomePage) -> EventsPage:
    page = EventsPage(title="Agenda", slug="agenda")
    home.add_child(instance=page)
    return page


@pytest.fixture
def announce(agenda: EventsPage) -> Any:
    """`announce("Marché", days=3)`: an event in so many days."""

    def make(title: str, *, days: int = 1, **facts: Any) -> EventPage:
        first = TODAY + timedelta(days=days)
        page = EventPage(title=title, lead=f"En bref : {title}.", place="La place", first_day=first, **facts)
        agenda.add_child(instance=page)
        return page

    return make


def titles(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200, address
    return re.findall(r'class="event-title"><a[^>]*>([^<]*)</a>', response.content.decode())


def unfolded(text: str) -> list[str]:
    """The lines of a calendar file, as whoever reads it joins them; its own rules are checked on the way."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def parsed(text: str) -> list[dict[str, str]]:
    """The events of a calendar file by property; blocks open and close in order, and each says what the format asks."""
    lines = unfolded(text)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert {"VERSION:2.0", "PRODID:-//Parvis//Parvis//FR"} <= set(lines)
    found: list[dict[str, str]] = []
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT":
            assert name not in found[-1], f"{name} twice"
            found[-1][name] = value
    for event in found:
        assert {"UID", "DTSTAMP", "SUMMARY"} <= event.keys()
        assert any(name.startswith("DTSTART") for name in event)
    assert len({event["UID"] for event in found}) == len(found)
    return found


# Lists ----------------------------------------------------------------------------------------------------------------


def test_soonest_first_and_what_lasts_stays_until_its_end(announce: Any, client: Client) -> None:
    announce("Plus tard", days=9)
    announce("Demain", days=1)
    announce("Hier", days=-1)
    announce("Dure encore", days=-3, last_day=TODAY)
    announce("Brouillon", live=False)
    assert titles(client, "/agenda/") == ["Dure encore", "Demain", "Plus tard"]
    assert titles(client, "/agenda/?passes") == ["Hier"]


def test_by_pages(announce: Any, client: Client) -> None:
    for number in range(PER_PAGE + 1):
        announce(f"Fête {number}", days=number)
    assert len(titles(client, "/agenda/")) == PER_PAGE
    assert titles(client, "/agenda/?page=2") == [f"Fête {PER_PAGE}"]
    assert titles(client, "/agenda/?page=x") == titles(client, "/agenda/")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/agenda/", "Aucun évènement annoncé"),
        ("/agenda/?passes", "Aucun évènement passé"),
        ("/agenda/?mois", "Aucun évènement ce mois-ci"),
    ],
)
def test_nothing_says_so(address: str, said: str, agenda: EventsPage, client: Client) -> None:
    assert said in client.get(address).content.decode()


def test_a_month_as_a_table(announce: Any, client: Client) -> None:
    announce("Marché", days=8, last_day=TODAY + timedelta(days=9))
    page = client.get("/agenda/?mois=2026-12").content.decode()
    assert "Décembre\u00a02026" in page
    assert page.count(">Marché</a>") == 2
    assert page.count('<th scope="col">') == 7
    assert 'href="?mois=2026-11"' in page
    assert 'href="?mois=2027-01"' in page
    assert client.get("/agenda/?mois=treize").status_code == 200


def test_months_are_whole_and_do_not_go_on_for_ever() -> None:
    shown = month(date(2026, 11, 1), TODAY)
    days = [day.date for week in shown.weeks for day in week if day.date]
    assert days == [date(2026, 11, n) for n in range(1, 31)]
    assert [len(week) for week in shown.weeks] == [7] * len(shown.weeks)
    assert (shown.previous, shown.next) == ("2026-10", "2026-12")
    assert month_named("2028-12", TODAY) is None
    assert month(date(2028, 11, 1), TODAY).next == ""


@pytest.mark.parametrize("address", ["/agenda/", "/agenda/?passes", "/agenda/?mois=2026-12"])
def test_ten_statements(address: str, announce: Any, client: Client) -> None:
    for number in range(8):
        announce(f"Fête {number}", days=number)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    found = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(found) <= 10, "\n".join(found)


def test_the_home_page_shows_the_next_ones(announce: Any, client: Client) -> None:
    announce("Marché de Noël", days=4)
    announce("Passé", days=-4)
    page = client.get("/").content.decode()
    assert "À l’agenda" in page
    assert "Marché de Noël" in page
    assert "Passé" not in page


# One event ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "mardi 24 novembre 2026"),
        ({"starts_at": time(9)}, "mardi 24 novembre 2026, à 9 h"),
        ({"starts_at": time(9, 30), "ends_at": time(12)}, "mardi 24 novembre 2026, de 9 h 30 à 12 h"),
        ({"last_day": date(2026, 12, 1)}, "du mardi 24 novembre au mardi 1er décembre 2026"),
        ({"last_day": date(2027, 1, 2)}, "du mardi 24 novembre 2026 au samedi 2 janvier 2027"),
    ],
)
def test_when_in_words(announce: Any, facts: dict[str, Any], words: str) -> None:
    assert announce("Fête", **facts).when.replace("\u00a0", " ") == words


def test_an_event_says_when_where_and_how_much(announce: Any, client: Client) -> None:
    event = announce("Fête", starts_at=time(18), price="3 €", address="42 avenue Jean Jaurès")
    announce("Ensuite", days=5)
    page = client.get(event.url).content.decode()
    for words in (
        "à 18\u00a0h",
        "La place",
        "42 avenue Jean Jaurès",
        "3\u00a0€",
        "Ajouter à mon agenda",
        ">Ensuite</a>",
    ):
        assert words in page, words
    cancelled = client.get(announce("Annulée", cancelled=True).url).content.decode()
    assert "n’a pas lieu" in cancelled
    assert "Ajouter à mon agenda" not in cancelled
    assert "a eu lieu" in client.get(announce("Finie", days=-2).url).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_day": TODAY},
        {"ends_at": time(9)},
        {"starts_at": time(9), "ends_at": time(8)},
    ],
)
def test_an_event_that_ends_before_it_begins_is_refused(announce: Any, wrong: dict[str, Any]) -> None:
    event = announce("Fête")
    for name, value in wrong.items():
        setattr(event, name, value)
    with pytest.raises(ValidationError):
        event.full_clean()
    if "starts_at" not in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            EventPage.objects.filter(pk=event.pk).update(**wrong)


# Calendar files -------------------------------------------------------------------------------------------------------


def test_the_agenda_as_a_calendar(announce: Any, client: Client) -> None:
    announce("Marché, « gourmand »; fête", days=1, last_day=TODAY + timedelta(days=2))
    announce("Concert" * 20, days=3, starts_at=time(20, 30), ends_at=time(22))
    announce("Annulée", days=4, cancelled=True)
    announce("Réservée", days=5, readers=joined([FAMILIES]))
    response = client.get("/agenda/flux.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    market, concert, cancelled = parsed(response.content.decode())
    assert market["SUMMARY"] == "Marché\\, « gourmand »\\; fête"
    assert (market["DTSTART;VALUE=DATE"], market["DTEND;VALUE=DATE"]) == ("20261124", "20261126")
    assert concert["DTSTART"] == "20261126T193000Z"  # winter time
    assert concert["SUMMARY"] == "Concert" * 20
    assert market["URL"].startswith("http://testserver/agenda/")
    assert cancelled["SUMMARY"] == "Annulé : Annulée"


def test_one_event_to_keep(announce: Any, client: Client) -> None:
    event = announce("Fête", starts_at=time(18))
    response = client.get(f"/agenda/{event.slug}.ics")
    assert response["Content-Disposition"] == 'attachment; filename="fete.ics"'
    (found,) = parsed(response.content.decode())
    assert "DTEND" not in found
    assert client.get("/agenda/inconnu.ics").status_code == 404


def test_text_is_escaped_and_folded() -> None:
    entry = ical.Entry(
        uid="a@b", summary="é" * 100 + "\n; \\", starts=TODAY, changed=datetime(2026, 11, 1, tzinfo=UTC)
    )
    (found,) = parsed(ical.calendar("Agenda", [entry]))
    assert found["SUMMARY"] == "é" * 100 + "\\n\\; \\\\"


# Readers --------------------------------------------------------------------------------------------------------------


def test_an_event_for_families_is_nothing_to_a_visitor(announce: Any, client: Client) -> None:
    event = announce("Réunion secrète", days=2, readers=joined([FAMILIES]))
    places = (
        "/",
        "/agenda/",
        "/agenda/?mois=2026-11",
        "/agenda/flux.ics",
        "/api/v1/evenements/",
        "/sitemap.xml",
        "/recherche/?q=secrete",
    )
    for address in places:
        assert "Réunion secrète" not in client.get(address).content.decode(), address
        assert event.slug not in client.get(address).content.decode(), address
    assert client.get(event.url).status_code == 404
    assert client.get(f"/agenda/{event.slug}.ics").status_code == 404
    parent = signed_in(GuardianFactory().person.user)
    assert titles(parent, "/agenda/") == ["Réunion secrète"]
    assert parent.get(f"/agenda/{event.slug}.ics")["Cache-Control"] == "private, no-store"
    assert "Réunion secrète" in parent.get("/recherche/?q=secrète").content.decode()


# API ------------------------------------------------------------------------------------------------------------------


def test_api(announce: Any, client: Client) -> None:
    announce("Passée", days=-2)
    event = announce("Fête", starts_at=time(18), price="Gratuit")
    body = client.get("/api/v1/evenements/").json()
    assert body["nombre"] == 1
    result = body["resultats"][0]
    assert (result["titre"], result["du"], result["au"]) == ("Fête", "2026-11-24", "2026-11-24")
    assert (result["commence_a"], result["finit_a"]) == ("18:00:00", None)
    assert result["adresse"] == f"http://testserver/agenda/{event.slug}/"
    assert client.get("/api/v1/evenements/", {"du": "2026-11-01", "au": "2026-11-30"}).json()["nombre"] == 2
    for query in (
        {"du": "demain"},
        {"du": "2026-12-01", "au": "2026-11-01"},
        {"du": "2020-01-01", "au": "2030-01-01"},
    ):
        assert client.get("/api/v1/evenements/", query).status_code == 400


def test_api_answers_304_to_whoever_has_it_already(announce: Any, client: Client) -> None:
    announce("Fête")
    first = client.get("/api/v1/evenements/")
    again = client.get("/api/v1/evenements/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    announce("Autre")
    assert client.get("/api/v1/evenements/", headers={"If-None-Match": first["ETag"]}).status_code == 200
