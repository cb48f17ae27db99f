"""Which days a change of the tables makes into something else; who may change them; what is told of it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from core.contracts.access import Trade
from core.kernel.models import JournalEntry
from core.testing.factories import AgentFactory, SiteFactory
from core.town.calendar import (
    HOLIDAYS,
    SCHOOL_DAYS,
    WEDNESDAYS,
    ClosureSpan,
    DayKind,
    HolidaySpan,
    SchoolCalendar,
    SchoolYearSpan,
    previous_open_day,
)
from core.town.changes import DayChange, differences
from core.town.demo import load_town
from core.town.models import Closure, PublicHoliday, Site

HERE, THERE = UUID(int=1), UUID(int=2)
YEAR = SchoolYearSpan(
    "2026-2027",
    date(2026, 9, 1),
    date(2027, 8, 31),
    holidays=(
        HolidaySpan("Toussaint", date(2026, 10, 17), date(2026, 11, 1)),
        HolidaySpan("Pont de l’Ascension", date(2027, 5, 7), date(2027, 5, 8), is_bridge=True),
    ),
)
CALENDAR = SchoolCalendar(
    date(2026, 9, 1),
    date(2027, 8, 31),
    (YEAR,),
    {date(2026, 11, 11): "Armistice", date(2027, 5, 6): "Ascension"},
)
STRIKE = ClosureSpan(HERE, date(2026, 12, 3), date(2026, 12, 3), DayKind.STRIKE, "Grève")


# Days ----------------------------------------------------------------------------------------------------------------


def test_armistice_day_on_a_wednesday_is_neither_school_nor_wednesday() -> None:
    day = date(2026, 11, 11)
    assert day.isoweekday() == 3
    assert not any(CALENDAR.is_open(day, HERE, pattern) for pattern in (SCHOOL_DAYS, WEDNESDAYS, HOLIDAYS))
    school = previous_open_day(date(2026, 11, 12), lambda one: CALENDAR.is_school_day(one))
    assert school == date(2026, 11, 10)


def test_a_bridge_opens_nothing_and_the_open_day_before_it_is_wednesday_eve() -> None:
    assert CALENDAR.day_kind(date(2027, 5, 7)) is DayKind.BRIDGE
    monday = date(2027, 5, 10)
    assert previous_open_day(monday, lambda one: CALENDAR.is_school_day(one)) == date(2027, 5, 4)
    open_days = CALENDAR.open_days(date(2027, 5, 3), monday, None, SCHOOL_DAYS | WEDNESDAYS)
    assert open_days == (date(2027, 5, 3), date(2027, 5, 4), date(2027, 5, 5), monday)


@pytest.mark.parametrize(
    ("sunday", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23)], ids=["winter", "summer"]
)
def test_a_day_is_a_day_when_the_clocks_change(sunday: date, hours: int) -> None:
    """Days are dates: one of 23 or 25 hours counts once, and what comes before and after it does not move."""
    paris, utc = ZoneInfo("Europe/Paris"), ZoneInfo("UTC")
    first, last = (
        datetime(day.year, day.month, day.day, tzinfo=paris).astimezone(utc)
        for day in (sunday, sunday + timedelta(days=1))
    )
    assert last - first == timedelta(hours=hours)
    assert CALENDAR.day_kind(sunday) is DayKind.WEEKEND
    kinds = SCHOOL_DAYS | WEDNESDAYS | HOLIDAYS | {DayKind.WEEKEND}
    span = CALENDAR.open_days(sunday - timedelta(days=1), sunday + timedelta(days=1), None, kinds)
    assert [day - sunday for day in span] == [timedelta(days=-1), timedelta(0), timedelta(days=1)]
    friday = previous_open_day(date(2027, 3, 29), lambda one: CALENDAR.is_school_day(one))
    assert friday == date(2027, 3, 26)


# Differences ---------------------------------------------------------------------------------------------------------


def test_nothing_differs_from_itself() -> None:
    assert list(differences(CALENDAR, CALENDAR, [HERE, THERE])) == []


def test_a_closure_of_one_site_is_told_of_that_site() -> None:
    after = replace(CALENDAR, closures=(STRIKE,))
    found = list(differences(CALENDAR, after, [HERE, THERE]))
    assert found == [DayChange(date(2026, 12, 3), DayKind.SCHOOL, DayKind.STRIKE, HERE)]


def test_a_change_of_the_whole_town_is_told_once_and_a_site_that_differs_apart() -> None:
    before = replace(CALENDAR, closures=(STRIKE,))
    town = ClosureSpan(None, date(2026, 12, 3), date(2026, 12, 4), DayKind.CLOSED, "Neige")
    found = list(differences(before, replace(before, closures=(STRIKE, town)), [HERE, THERE]))
    assert found == [
        DayChange(date(2026, 12, 3), DayKind.SCHOOL, DayKind.CLOSED),
        DayChange(date(2026, 12, 4), DayKind.SCHOOL, DayKind.CLOSED),
    ]


def test_a_holiday_that_moves_changes_both_ends() -> None:
    moved = replace(YEAR, holidays=(HolidaySpan("Toussaint", date(2026, 10, 19), date(2026, 11, 3)),))
    found = list(differences(CALENDAR, replace(CALENDAR, years=(moved,)), []))
    assert [(one.day, one.after) for one in found if one.day.year == 2026] == [
        (date(2026, 11, 2), DayKind.HOLIDAY),
        (date(2026, 11, 3), DayKind.HOLIDAY),
    ]


# Screens -------------------------------------------------------------------------------------------------------------

CLOSURES = "/gestion/commune/fermetures/"


@pytest.fixture
def town(db: None) -> None:
    load_town(today=date(2026, 11, 23))


@pytest.fixture
def admin(client: Client, town: None) -> Client:
    client.force_login(AgentFactory(trades=[Trade.ADMIN]))
    return client


@pytest.mark.django_db
def test_a_strike_is_written_journalled_told_and_taken_back(admin: Client) -> None:
    school = Site.objects.get(code="elementaire-villon")
    data = {"site": str(school.pk), "kind": "strike", "first_day": "2026-12-03", "last_day": "2026-12-03"}
    kept = admin.post(f"{CLOSURES}nouveau/", data | {"reason": "", "last_day": "2026-12-01"})
    page = kept.content.decode()
    assert kept.status_code == 200
    assert "avant le premier" in page or "obligatoire" in page
    assert 'value="2026-12-01"' in page
    assert admin.post(f"{CLOSURES}nouveau/", data | {"reason": "Grève des équipes"}).status_code == 302
    entry = JournalEntry.objects.get(act="town.row_written")
    assert entry.changes["days"] == [["03/12/2026", "jour de classe", "grève", school.name, str(school.pk)]]
    told = admin.get("/gestion/commune/changements/").content.decode()
    assert "03/12/2026 : jour de classe → grève" in told
    row = Closure.objects.get()
    address = f"/gestion/commune/changements/{row.pk}/"
    assert address in told
    page = admin.get(address).content.decode()
    assert "03/12/2026 : jour de classe → grève" in page
    assert "Aucune séance de vos lieux" in page
    assert admin.post(f"{CLOSURES}{row.pk}/supprimer/").status_code == 302
    assert JournalEntry.objects.get(act="town.row_removed").changes["days_total"] == 1
    assert not Closure.objects.exists()
    assert "Ligne de la commune supprimée" in admin.get(address).content.decode()
    assert admin.get(f"/gestion/commune/changements/{school.pk}/").status_code == 404


@pytest.mark.django_db
def test_a_public_holiday_for_everybody(admin: Client) -> None:
    address = "/gestion/commune/jours-feries/"
    assert admin.post(f"{address}nouveau/", {"date": "2026-00-00", "name": "X"}).status_code == 200
    assert (
        admin.post(f"{address}nouveau/", {"date": "2026-12-04", "name": "Saint Nicolas"}).status_code == 302
    )
    assert PublicHoliday.objects.filter(date=date(2026, 12, 4)).exists()
    assert JournalEntry.objects.get().changes["days"] == [
        ["04/12/2026", "jour de classe", "jour férié", "partout", ""]
    ]


@pytest.mark.django_db
def test_every_table_opens_for_the_administration_and_for_nobody_else(admin: Client) -> None:
    names = (
        "fermetures",
        "vacances",
        "jours-feries",
        "annees-scolaires",
        "lieux",
        "services",
        "contacts",
        "horaires",
    )
    for name in names:
        for address in (f"/gestion/commune/{name}/", f"/gestion/commune/{name}/nouveau/"):
            assert admin.get(address).status_code == 200, address
    admin.force_login(AgentFactory(trades=[Trade.CASHIER]))
    for name in names:
        assert admin.get(f"/gestion/commune/{name}/").status_code == 404


@pytest.mark.django_db
def test_an_agent_of_one_site_closes_that_site_and_never_the_town(client: Client, town: None) -> None:
    mine, other = SiteFactory(), SiteFactory()
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD], trades__site=mine))
    data = {"kind": "training", "first_day": "2026-12-03", "last_day": "2026-12-03", "reason": "Formation"}
    for site in ("", str(other.pk)):
        assert client.post(f"{CLOSURES}nouveau/", data | {"site": site}).status_code == 200
    assert client.post(f"{CLOSURES}nouveau/", data | {"site": str(mine.pk)}).status_code == 302
    theirs = Closure.objects.create(
        site=other, first_day=date(2026, 12, 3), last_day=date(2026, 12, 3), reason="Formation"
    )
    assert client.get(f"{CLOSURES}{theirs.pk}/").status_code == 404
