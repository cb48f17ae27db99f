"""The face of the commune on every page: its name, its motto, its colours, and what that costs."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.kernel import configuration
from core.kernel.configuration import Refused
from core.ui import appearance

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)


def choose(**values: str) -> None:
    after = configuration.last_number(appearance.KEY)
    configuration.record(key=appearance.KEY, document=values, after=after, author="anne", at=NOW)


def sign_in_page(client: Client) -> str:
    return client.get("/connexion/").content.decode()


def test_without_a_choice_no_sheet_is_linked(client: Client) -> None:
    assert "theme.css" not in sign_in_page(client)
    assert appearance.commune() == appearance.Commune("Bassens")
    answer = client.get("/theme.css")
    assert (answer.status_code, answer.content) == (200, b"")


def test_name_and_motto(client: Client) -> None:
    choose(name="Bassens-sur-Garonne", motto="Une ville, un fleuve")
    assert "Bassens-sur-Garonne" in sign_in_page(client)
    assert "Une ville, un fleuve" in client.get("/contacts/").content.decode()
    assert "theme.css" not in sign_in_page(client)


def test_colours_come_as_a_sheet_that_browsers_keep(client: Client) -> None:
    choose(brand="#7a1f2b")
    page = sign_in_page(client)
    address = page.split('rel="stylesheet" href="/theme.css')[1].split('"')[0]
    assert page.index("ui/build/app.css") < page.index("/theme.css")
    answer = client.get(f"/theme.css{address}")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "--brand: #7a1f2b;" in answer.content.decode()
    assert "immutable" in answer["Cache-Control"]
    assert "public" in answer["Cache-Control"]
    assert "Vary" not in answer or "Cookie" not in answer["Vary"]
    assert client.get(f"/theme.css{address}", headers={"if-none-match": answer["ETag"]}).status_code == 304
    choose(brand="#1f3a8a")
    assert address not in sign_in_page(client)
    old = client.get(f"/theme.css{address}")
    assert "#1f3a8a" in old.content.decode()
    assert "no-cache" in old["Cache-Control"]


def test_an_unreadable_colour_is_never_stored() -> None:
    with pytest.raises(Refused, match=r"Couleur principale, le jour : Liens .* il en faut 4,5"):
        choose(brand="#e3a93c")
    with pytest.raises(Refused, match="par son code"):
        choose(brand="red; } body { display: none")
    assert configuration.last_number(appearance.KEY) == 0


def test_a_theme_costs_no_statement(client: Client) -> None:
    def statements() -> int:
        client.get("/contacts/")
        with CaptureQueriesContext(connection) as found:
            client.get("/contacts/")
        return len(found)

    plain = statements()
    choose(brand="#7a1f2b", name="Bassens")
    assert statements() == plain
    assert "theme.css" in client.get("/contacts/").content.decode()
