"""Limits and states, from the real rules' dated examples."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.town.calendar import previous_open_day
from plugins.enfance.rules import (
    PARIS,
    PreviousOpenDay,
    RuleError,
    State,
    Terms,
    Window,
    cut_off,
    decide,
    moment_words,
    until,
)

SCHOOL_HOLIDAYS = (date(2026, 12, 19), date(2027, 1, 3))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


def is_school_day(day: date) -> bool:
    return day.isoweekday() in (1, 2, 4, 5) and not SCHOOL_HOLIDAYS[0] <= day <= SCHOOL_HOLIDAYS[1]


def before(day: date, whose: str) -> date:
    return previous_open_day(day, is_school_day)


def canteen(day: date, hour: str = "09:00") -> Terms:
    rule = cut_off({"kind": "previous_open_day", "before": hour})
    return Terms(day=day, closed=None, by_window=False, window=None, deadline=rule.deadline(day, before))


def verdict(terms: Terms, now: datetime, **given):
    return decide(terms, now=now, **{"booked": False, "elsewhere": False, "places": 1, **given})


@pytest.mark.parametrize(
    ("action", "service", "allowed"),
    [  # B04 of cases/booking-rules.md: previous school day before 11:00
        ("2026-12-08 10:59", date(2026, 12, 10), True),
        ("2026-12-09 09:00", date(2026, 12, 10), False),
        ("2026-12-18 10:30", date(2027, 1, 4), True),
        ("2026-12-21 09:00", date(2027, 1, 4), False),
        # boundary discipline: « avant » is strict, to the second
        ("2026-12-08 10:59:59", date(2026, 12, 10), True),
        ("2026-12-08 11:00:00", date(2026, 12, 10), False),
    ],
)
def test_previous_open_day(action: str, service: date, allowed: bool) -> None:
    assert verdict(canteen(service, "11:00"), at(action)).open is allowed


def test_the_limit_is_an_instant_of_the_clock_of_paris() -> None:
    rule = PreviousOpenDay(time(9))
    assert rule.deadline(date(2027, 3, 29), lambda day, whose: date(2027, 3, 26)) == datetime(
        2027, 3, 26, 8, tzinfo=UTC
    )
    assert rule.deadline(date(2027, 3, 30), lambda day, whose: date(2027, 3, 29)) == datetime(
        2027, 3, 29, 7, tzinfo=UTC
    )


def test_without_an_earlier_open_day_the_eve_stands() -> None:
    assert PreviousOpenDay(time(9)).deadline(date(2026, 9, 1), lambda day, whose: None) == at(
        "2026-08-31 09:00"
    )


def test_whose_open_days_is_part_of_the_rule() -> None:
    rule = cut_off({"kind": "previous_open_day", "before": "09:00", "of": "service"})
    days = {"activity": date(2026, 10, 30), "service": date(2026, 12, 18)}
    assert rule.deadline(date(2026, 12, 21), lambda day, whose: days[whose]) == at("2026-12-18 09:00")


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"kind": "unknown"},
        {"kind": "previous_open_day"},
        {"kind": "previous_open_day", "before": "9 h"},
        {"kind": "previous_open_day", "before": 9},
        {"kind": "previous_open_day", "before": "09:00", "of": "town"},
        {"kind": "previous_open_day", "before": "09:00", "after": "10:00"},
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(document: object) -> None:
    with pytest.raises(RuleError):
        cut_off(document)


def test_the_limit_is_said_with_its_day_and_hour() -> None:
    assert until(at("2026-12-03 09:00")) == "Vous pouvez changer jusqu’à jeudi 3\u00a0décembre, 9\u00a0h."
    assert moment_words(at("2026-12-07 00:00"), end=True) == "dimanche 6\u00a0décembre, minuit"
    assert moment_words(at("2026-12-01 13:30")) == "mardi 1er\u00a0décembre, 13\u00a0h\u00a030"


WINDOW = Window(at("2026-11-09 20:00"), at("2026-12-07 00:00"))


def holiday(window: Window | None = WINDOW) -> Terms:
    return Terms(
        day=date(2026, 12, 21), closed=None, by_window=True, window=window, deadline=at("2026-12-18 09:00")
    )


@pytest.mark.parametrize(
    ("now", "state", "allowed"),
    [  # B14: the opening minute is in, the closing instant is out
        ("2026-11-09 19:59", State.NOT_OPEN, False),
        ("2026-11-09 20:00", State.FREE, True),
        ("2026-12-06 23:59", State.FREE, True),
        ("2026-12-07 00:00", State.OVER, False),
    ],
)
def test_window(now: str, state: State, allowed: bool) -> None:
    found = verdict(holiday(), at(now))
    assert (found.state, found.open) == (state, allowed)


def test_no_window_no_booking() -> None:
    found = verdict(holiday(None), at("2026-11-20 10:00"))
    assert (found.state, found.open) == (State.NOT_OPEN, False)
    assert "annoncée" in found.reason


def test_states() -> None:
    monday, now = canteen(date(2026, 12, 7)), at("2026-12-01 10:00")
    assert verdict(monday, now).state is State.FREE
    assert verdict(monday, now, places=0).state is State.FULL
    assert verdict(monday, now, elsewhere=True).state is State.ELSEWHERE
    assert verdict(monday, now, refusal="Pas de prix.").reason == "Pas de prix."
    strike = Terms(day=monday.day, closed="Grève", by_window=False, window=None, deadline=monday.deadline)
    assert verdict(strike, now) == verdict(strike, now, places=0)
    assert verdict(strike, now).reason == "Grève"
    assert verdict(monday, at("2026-12-08 00:00")).state is State.PAST


def test_a_booked_day_may_be_given_back_until_its_limit_only() -> None:
    monday = canteen(date(2026, 12, 7))
    early = verdict(monday, at("2026-12-04 08:59"), booked=True, places=0)
    assert (early.state, early.open) == (State.BOOKED, True)
    late = verdict(monday, at("2026-12-04 09:00"), booked=True)
    assert (late.state, late.open) == (State.BOOKED, False)
    assert late.reason == "Vous pouviez changer jusqu’à vendredi 4\u00a0décembre, 9\u00a0h."


def test_without_a_rule_the_day_itself_is_the_limit() -> None:
    terms = Terms(day=date(2026, 12, 7), closed=None, by_window=False, window=None, deadline=None)
    assert verdict(terms, at("2026-12-06 23:59")).open
    assert not verdict(terms, at("2026-12-07 00:00")).open


@given(
    st.dates(date(2026, 9, 2), date(2027, 6, 30)), st.times(), st.timedeltas(timedelta(0), timedelta(days=60))
)
def test_once_late_always_late(day: date, hour: time, later: timedelta) -> None:
    rule = PreviousOpenDay(hour.replace(second=0, microsecond=0))
    terms = Terms(day=day, closed=None, by_window=False, window=None, deadline=rule.deadline(day, before))
    assert verdict(terms, terms.limit - timedelta(seconds=1)).open
    assert not verdict(terms, terms.limit + later).open
    assert terms.limit.astimezone(PARIS).date() < day
