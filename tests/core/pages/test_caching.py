"""Public pages are asked for again and answered with nothing when nothing changed; a visitor is given no cookie."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from core.pages.models import ContentPage, HomePage
from core.testing.factories import AgentFactory
from core.town.models import Notice

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
PAGES = ("/", "/contacts/", "/se-deplacer/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/",
         "/plan-du-site/")  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_has_no_cookie_and_what_did_not_change_is_not_sent_again(
    home: HomePage, simple_page: ContentPage, address: str
) -> None:
    client = Client()
    first = client.get(address)
    assert first.status_code == 200
    assert not first.cookies
    assert set(first["Cache-Control"].split(", ")) == {"public", "no-cache"}
    assert "Cookie" in first["Vary"]
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_publishing_changes_the_validator(home: HomePage, simple_page: ContentPage, client: Client) -> None:
    tag = client.get("/se-deplacer/")["ETag"]
    simple_page.title = "Se déplacer à pied"
    simple_page.save_revision().publish()
    page = client.get("/se-deplacer/", headers={"If-None-Match": tag})
    assert page.status_code == 200
    assert "à pied" in page.content.decode()
    assert page["Last-Modified"]


def test_a_notice_that_ends_changes_it_too(home: HomePage, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    Notice.objects.create(title="Grève", starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))
    tag = client.get("/contacts/")["ETag"]
    settings.PARVIS_TODAY = "2026-11-24"
    page = client.get("/contacts/", headers={"If-None-Match": tag})
    assert page.status_code == 200
    assert "Grève" not in page.content.decode()


def test_a_date_alone_never_hides_a_change(home: HomePage, simple_page: ContentPage, client: Client) -> None:
    simple_page.save_revision().publish()
    last = client.get("/se-deplacer/")["Last-Modified"]
    Notice.objects.create(title="Grève", starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))
    assert client.get("/se-deplacer/", headers={"If-Modified-Since": last}).status_code == 200


def test_somebody_signed_in_has_pages_of_their_own(home: HomePage, client: Client) -> None:
    client.force_login(AgentFactory())
    assert "private" in client.get("/contacts/")["Cache-Control"]


def test_a_page_with_a_form_is_nobody_else_s(home: HomePage) -> None:
    client = Client()
    for _ in range(2):
        assert (
            "private" in client.get("/connexion/")["Cache-Control"]
            or "no-store" in client.get("/connexion/")["Cache-Control"]
        )
