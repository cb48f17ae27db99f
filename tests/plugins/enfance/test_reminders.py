"""What enfance reminds a family of, and the certificate that it makes; a parent's home reads it in one statement."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.contracts.family import Act
from core.kernel import state
from core.kernel.clock import PARIS
from plugins.enfance import hooks
from plugins.enfance.models import Booking, BookingWindow, Enrolment
from tests.plugins.enfance.factories import NOW, TODAY, Household, Town

pytestmark = pytest.mark.django_db

PAGE = "/espace-famille/je-pense-a/"


@pytest.fixture
def window(town: Town, home: Household) -> BookingWindow:
    """The only window: of the first activity of the home, open for another week."""
    BookingWindow.objects.all().delete()
    enrolment = Enrolment.objects.filter(family=home.context.id).first()
    assert enrolment
    return BookingWindow.objects.create(
        activity=enrolment.activity, name="Vacances d’hiver", first_day=TODAY, last_day=TODAY + timedelta(days=30),
        opens_at=NOW - timedelta(days=1), closes_at=datetime(2026, 12, 1, tzinfo=PARIS),
    )  # fmt: skip


def test_an_open_window_until_its_last_whole_day(window: BookingWindow, home: Household) -> None:
    (notice,) = hooks.notices(home.context)
    assert (notice.label, notice.begins) == ("Réserver : Vacances d’hiver", None)
    assert notice.until and notice.until.isoformat() == "2026-11-30"
    assert (notice.needs, notice.key) == (Act.BOOK, f"enfance.periode-{window.pk}")
    assert window.activity.name in notice.detail


@pytest.mark.parametrize(("days", "told"), [(5, True), (40, False)])
def test_a_window_that_opens_is_told_a_month_before(
    window: BookingWindow, home: Household, days: int, told: bool
) -> None:
    opens = NOW + timedelta(days=days)
    BookingWindow.objects.update(opens_at=opens, closes_at=opens + timedelta(days=9))
    found = hooks.notices(home.context)
    assert [notice.begins for notice in found] == ([opens.date()] if told else [])


@pytest.mark.parametrize("because", ["closed", "enrolment over", "another family"])
def test_nothing_to_book_is_nothing_to_think_of(window: BookingWindow, home: Household, because: str) -> None:
    if because == "closed":
        BookingWindow.objects.update(opens_at=NOW - timedelta(days=9), closes_at=NOW)
    elif because == "enrolment over":
        BookingWindow.objects.update(first_day=TODAY + timedelta(days=20))
        Enrolment.objects.update(valid_from=TODAY - timedelta(days=9), valid_to=TODAY + timedelta(days=5))
    else:
        Enrolment.objects.filter(family=home.context.id).delete()
    assert hooks.notices(home.context) == []


def test_activities_that_open_together_are_one(window: BookingWindow, home: Household) -> None:
    other = Enrolment.objects.filter(family=home.context.id).exclude(activity=window.activity).first()
    assert other
    window.pk, window._state.adding, window.activity = None, True, other.activity  # type: ignore[assignment]
    window.save()
    (notice,) = hooks.notices(home.context)
    assert other.activity.name in notice.detail


def test_one_statement_for_all_that_a_home_shows(
    window: BookingWindow, home: Household, django_assert_num_queries: Any
) -> None:
    context = home.context
    with state.snapshot(), django_assert_num_queries(1):
        hooks.family_panels(context)
        assert hooks.notices(context) and hooks.family_audiences(context)


def test_the_pages(window: BookingWindow, home: Household, client: Client) -> None:
    client.force_login(home.user)
    assert "Vacances d’hiver" in client.get(PAGE).content.decode()
    assert "Attestation d’inscription" in client.get("/espace-famille/editions/").content.decode()
    answer = client.post("/espace-famille/editions/enfance.inscriptions/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_the_certificate_names_what_is_not_over(
    town: Town, home: Household, django_assert_num_queries: Any
) -> None:
    context = home.context
    with django_assert_num_queries(1):
        (document,) = hooks.issuable_documents(context)
        (part,) = document.write().parts
    assert len(part.rows) == Enrolment.objects.filter(family=context.id).count() > 0
    Booking.objects.all().delete()
    Enrolment.objects.all().delete()
    assert hooks.issuable_documents(context) == []
