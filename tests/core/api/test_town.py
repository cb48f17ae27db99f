"""Places and days of the town, for everybody."""

from datetime import date

import pytest
from django.test import Client

from core.town.demo import load_town
from core.town.models import Closure, Site

pytestmark = pytest.mark.django_db

DAYS = "/api/v1/commune/calendrier/"


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    load_town(today=date(2026, 11, 23))


def test_places_of_today(client: Client) -> None:
    Site.objects.filter(code="mairie").update(valid_to=date(2020, 1, 1))
    codes = {place["code"] for place in client.get("/api/v1/commune/lieux/").json()}
    assert "elementaire-villon" in codes
    assert "mairie" not in codes


def test_days_of_the_town_and_of_a_place(client: Client) -> None:
    closed = Site.objects.get(code="elementaire-villon")
    Closure.objects.create(
        site=closed, first_day=date(2026, 11, 12), last_day=date(2026, 11, 12), kind="strike", reason="Grève"
    )
    span = {"du": "2026-11-11", "au": "2026-11-12"}
    assert client.get(DAYS, span).json() == [
        {"jour": "2026-11-11", "sorte": "public_holiday", "raison": "Armistice"},
        {"jour": "2026-11-12", "sorte": "school", "raison": ""},
    ]
    there = client.get(DAYS, span | {"lieu": closed.code}).json()
    assert there[1] == {"jour": "2026-11-12", "sorte": "strike", "raison": "Grève"}
    assert len(client.get(DAYS).json()) == 31


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"du": "2026-00-00"}, "du"),
        ({"du": "2026-11-12", "au": "2026-11-01"}, "au"),
        ({"du": "2020-01-01", "au": "2026-11-01"}, "au"),
        ({"lieu": "nulle-part"}, "lieu"),
    ],
)
def test_what_cannot_be_asked(client: Client, asked: dict[str, str], field: str) -> None:
    answer = client.get(DAYS, asked)
    assert answer.status_code == 400
    assert field in str(answer.json())
