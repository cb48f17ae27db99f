"""The calendar as a value: dated examples of zone A in 2026-2027, then properties on any calendar."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.town.calendar import (
    HOLIDAYS,
    SCHOOL_DAYS,
    WEDNESDAYS,
    ClosureSpan,
    DayKind,
    HolidaySpan,
    NoOpenDayError,
    OutsideCalendarError,
    SchoolCalendar,
    SchoolYearSpan,
    days_between,
    previous_open_day,
)

SCHOOL = UUID(int=1)
OTHER = UUID(int=2)

YEAR = SchoolYearSpan(
    name="2026-2027",
    first=date(2026, 9, 1),
    last=date(2027, 8, 31),
    holidays=(
        HolidaySpan("Vacances de la Toussaint", date(2026, 10, 17), date(2026, 11, 1)),
        HolidaySpan("Vacances de Noël", date(2026, 12, 19), date(2027, 1, 3)),
        HolidaySpan("Vacances d’hiver", date(2027, 2, 13), date(2027, 2, 28)),
        HolidaySpan("Vacances de printemps", date(2027, 4, 10), date(2027, 4, 25)),
        HolidaySpan("Pont de l’Ascension", date(2027, 5, 6), date(2027, 5, 8), is_bridge=True),
        HolidaySpan("Vacances d’été", date(2027, 7, 3), date(2027, 8, 31)),
    ),
)
CALENDAR = SchoolCalendar(
    first=date(2026, 8, 1),
    last=date(2027, 8, 31),
    years=(YEAR,),
    public_holidays={
        date(2026, 11, 1): "Toussaint",
        date(2026, 11, 11): "Armistice",
        date(2026, 12, 25): "Noël",
        date(2027, 1, 1): "Jour de l’an",
        date(2027, 3, 29): "Lundi de Pâques",
        date(2027, 5, 6): "Ascension",
        date(2027, 7, 14): "Fête nationale",
    },
    closures=(
        ClosureSpan(SCHOOL, date(2026, 12, 3), date(2026, 12, 3), DayKind.STRIKE, "Grève"),
        ClosureSpan(None, date(2026, 12, 28), date(2026, 12, 31), DayKind.CLOSED, "Fermeture de fin d’année"),
        ClosureSpan(OTHER, date(2026, 12, 30), date(2026, 12, 30), DayKind.TRAINING, "Formation des équipes"),
    ),
)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 8, 28), DayKind.UNKNOWN),  # Friday of a school year that is not in the tables
        (date(2026, 8, 30), DayKind.WEEKEND),
        (date(2026, 9, 1), DayKind.SCHOOL),  # Tuesday, first day of class
        (date(2026, 9, 2), DayKind.WEDNESDAY),
        (date(2026, 9, 5), DayKind.WEEKEND),
        (date(2026, 10, 16), DayKind.SCHOOL),  # holidays begin after class
        (date(2026, 10, 17), DayKind.WEEKEND),
        (date(2026, 10, 19), DayKind.HOLIDAY),
        (date(2026, 10, 21), DayKind.HOLIDAY),  # a Wednesday of the holidays is no Wednesday
        (date(2026, 11, 1), DayKind.PUBLIC_HOLIDAY),  # on a Sunday
        (date(2026, 11, 2), DayKind.SCHOOL),
        (date(2026, 11, 11), DayKind.PUBLIC_HOLIDAY),  # on a Wednesday
        (date(2026, 12, 3), DayKind.SCHOOL),
        (date(2026, 12, 25), DayKind.PUBLIC_HOLIDAY),
        (date(2026, 12, 28), DayKind.CLOSED),
        (date(2027, 3, 28), DayKind.WEEKEND),  # day of 23 hours
        (date(2027, 3, 29), DayKind.PUBLIC_HOLIDAY),
        (date(2027, 3, 30), DayKind.SCHOOL),
        (date(2027, 5, 5), DayKind.WEDNESDAY),
        (date(2027, 5, 6), DayKind.PUBLIC_HOLIDAY),
        (date(2027, 5, 7), DayKind.BRIDGE),
        (date(2027, 5, 8), DayKind.WEEKEND),
        (date(2027, 5, 10), DayKind.SCHOOL),
        (date(2027, 7, 2), DayKind.SCHOOL),
        (date(2027, 7, 14), DayKind.PUBLIC_HOLIDAY),
        (date(2027, 8, 31), DayKind.HOLIDAY),
    ],
)
def test_kind_of_a_day(day: date, kind: DayKind) -> None:
    assert CALENDAR.day_kind(day) is kind


def test_a_closure_holds_for_its_site_only() -> None:
    strike = date(2026, 12, 3)
    assert CALENDAR.day_kind(strike, SCHOOL) is DayKind.STRIKE
    assert CALENDAR.is_school_day(strike, OTHER)
    assert CALENDAR.reason(strike, SCHOOL) == "Grève"
    assert CALENDAR.reason(strike, OTHER) == ""


def test_a_site_closes_for_its_own_reason_before_that_of_the_town() -> None:
    day = date(2026, 12, 30)
    assert CALENDAR.day_kind(day, OTHER) is DayKind.TRAINING
    assert CALENDAR.day_kind(day, SCHOOL) is DayKind.CLOSED
    assert CALENDAR.reason(day) == "Fermeture de fin d’année"


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 11), "Armistice"),
        (date(2026, 12, 22), "Vacances de Noël"),
        (date(2027, 5, 7), "Pont de l’Ascension"),
        (date(2026, 9, 1), ""),
    ],
)
def test_reason_names_what_is_not_ordinary(day: date, reason: str) -> None:
    assert CALENDAR.reason(day) == reason


def test_january_2027_has_sixteen_school_days() -> None:
    days = CALENDAR.school_days_of_month(2027, 1)
    assert [day.day for day in days] == [4, 5, 7, 8, 11, 12, 14, 15, 18, 19, 21, 22, 25, 26, 28, 29]
    assert CALENDAR.school_days_of_month(2026, 12)[-1] == date(2026, 12, 18)


def test_wednesdays_of_november_2026_leave_out_armistice_day() -> None:
    found = CALENDAR.open_days(date(2026, 11, 1), date(2026, 11, 30), None, WEDNESDAYS)
    assert [day.day for day in found] == [4, 18, 25]


def test_holiday_days_of_christmas() -> None:
    found = CALENDAR.open_days(date(2026, 12, 19), date(2027, 1, 3), SCHOOL, HOLIDAYS)
    assert found == (date(2026, 12, 21), date(2026, 12, 22), date(2026, 12, 23), date(2026, 12, 24))


def test_a_bridge_is_no_holiday() -> None:
    assert not CALENDAR.is_holiday_day(date(2027, 5, 7))
    assert CALENDAR.is_holiday_day(date(2026, 12, 25))
    assert CALENDAR.is_holiday_day(date(2026, 12, 26))


def test_next_holidays_leave_bridges_out() -> None:
    assert CALENDAR.next_holidays(date(2026, 11, 23)).name == "Vacances de Noël"  # type: ignore[union-attr]
    assert CALENDAR.next_holidays(date(2026, 12, 19)).name == "Vacances d’hiver"  # type: ignore[union-attr]
    assert CALENDAR.next_holidays(date(2027, 4, 30)).name == "Vacances d’été"  # type: ignore[union-attr]
    assert CALENDAR.next_holidays(date(2027, 7, 3)) is None


def test_a_week_with_class_on_saturday_and_none_on_friday() -> None:
    calendar = replace(CALENDAR, years=(replace(YEAR, school_weekdays=frozenset({1, 2, 3, 4, 6})),))
    assert calendar.day_kind(date(2026, 9, 5)) is DayKind.SCHOOL
    assert calendar.day_kind(date(2026, 9, 2)) is DayKind.SCHOOL
    assert calendar.day_kind(date(2026, 9, 4)) is DayKind.FREE
    assert calendar.day_kind(date(2026, 10, 17)) is DayKind.HOLIDAY


def test_outside_its_bounds_the_calendar_does_not_guess() -> None:
    for ask in (CALENDAR.day_kind, CALENDAR.is_school_day, CALENDAR.is_holiday_day, CALENDAR.reason):
        with pytest.raises(OutsideCalendarError):
            ask(date(2027, 9, 1))


@pytest.mark.parametrize(
    ("day", "previous"),
    [
        (date(2026, 12, 8), date(2026, 12, 7)),  # Monday for Tuesday
        (
            date(2026, 12, 10),
            date(2026, 12, 8),
        ),  # Tuesday for Thursday: Wednesday is no open day of the canteen
        (date(2026, 12, 7), date(2026, 12, 4)),  # Friday for Monday
        (date(2027, 1, 4), date(2026, 12, 18)),  # over the holidays
        (date(2027, 3, 30), date(2027, 3, 26)),  # over Easter Monday and the change of hour
        (date(2027, 5, 10), date(2027, 5, 4)),  # over the Ascension bridge
        (date(2026, 11, 12), date(2026, 11, 10)),  # over a public holiday on a Wednesday
    ],
)
def test_previous_open_day_of_the_canteen(day: date, previous: date) -> None:
    assert previous_open_day(day, CALENDAR.is_school_day) == previous


def test_previous_open_day_follows_the_closures_of_the_site() -> None:
    friday = date(2026, 12, 4)
    assert previous_open_day(friday, lambda day: CALENDAR.is_school_day(day, SCHOOL)) == date(2026, 12, 1)
    assert previous_open_day(friday, lambda day: CALENDAR.is_school_day(day, OTHER)) == date(2026, 12, 3)


def test_no_open_day_is_an_error() -> None:
    with pytest.raises(NoOpenDayError):
        previous_open_day(date(2026, 12, 4), lambda day: False)


# Properties

DAYS = st.dates(date(2026, 9, 1), date(2027, 8, 31))


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    def span() -> tuple[date, date]:
        first = draw(DAYS)
        return first, min(first + timedelta(days=draw(st.integers(0, 20))), YEAR.last)

    holidays = tuple(
        HolidaySpan(f"Période {rank}", *span(), is_bridge=draw(st.booleans()))
        for rank in range(draw(st.integers(0, 4)))
    )
    kinds = st.sampled_from([DayKind.CLOSED, DayKind.BRIDGE, DayKind.TRAINING, DayKind.STRIKE])
    closures = tuple(
        ClosureSpan(draw(st.sampled_from([None, SCHOOL, OTHER])), *span(), draw(kinds), f"Fermeture {rank}")
        for rank in range(draw(st.integers(0, 4)))
    )
    weekdays = draw(st.frozensets(st.integers(1, 6), min_size=1))
    return SchoolCalendar(
        first=YEAR.first,
        last=YEAR.last,
        years=(replace(YEAR, school_weekdays=weekdays, holidays=holidays),),
        public_holidays=draw(st.dictionaries(DAYS, st.just("Férié"), max_size=5)),
        closures=closures,
    )


@given(calendars(), DAYS, st.sampled_from([None, SCHOOL, OTHER]))
def test_class_never_meets_what_excludes_it(calendar: SchoolCalendar, day: date, site: UUID | None) -> None:
    if calendar.is_school_day(day, site):
        assert day not in calendar.public_holidays
        assert calendar.holiday(day) is None
        assert calendar.closure(day, site) is None
        assert day.isoweekday() in calendar.years[0].school_weekdays
        assert calendar.reason(day, site) == ""
    if site is None and not calendar.is_school_day(day):
        assert not calendar.is_school_day(day, SCHOOL)  # what closes the town closes each site


@given(calendars(), DAYS, DAYS)
def test_the_patterns_share_no_day_and_keep_order(calendar: SchoolCalendar, first: date, last: date) -> None:
    found = [
        calendar.open_days(first, last, SCHOOL, pattern) for pattern in (SCHOOL_DAYS, WEDNESDAYS, HOLIDAYS)
    ]
    together = sorted(day for days in found for day in days)
    assert len(together) == len(set(together))
    assert all(list(days) == sorted(days) for days in found)
    assert all(first <= day <= last for day in together)


@given(calendars(), st.integers(9, 20))
def test_months_cut_the_year_without_loss(calendar: SchoolCalendar, month: int) -> None:
    days = calendar.school_days_of_month(2026 + (month - 1) // 12, (month - 1) % 12 + 1)
    whole = calendar.open_days(calendar.first, calendar.last, None, SCHOOL_DAYS)
    assert list(days) == [day for day in whole if day.month == (month - 1) % 12 + 1]


@given(st.sets(DAYS), DAYS)
def test_previous_open_day_is_the_greatest_below(opened: set[date], day: date) -> None:
    before = [other for other in opened if other < day]
    if before:
        assert previous_open_day(day, opened.__contains__) == max(before)
    else:
        with pytest.raises(NoOpenDayError):
            previous_open_day(day, opened.__contains__)


@given(DAYS, st.integers(-3, 400))
def test_days_between_includes_both_ends(first: date, length: int) -> None:
    days = list(days_between(first, first + timedelta(days=length)))
    assert len(days) == max(0, length + 1)
    assert len(set(days)) == len(days)
