"""What is imported, compared with an independent list of zone A for 2026-2027."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.town import seeds
from core.town.calendar import days_between

# Independent source: official calendar as `vacances-scolaires-france` 0.12.0 gives it; days without class.
ZONE_A_2026 = {
    "Vacances de la Toussaint": (date(2026, 10, 17), date(2026, 11, 1)),
    "Vacances de Noël": (date(2026, 12, 19), date(2027, 1, 3)),
    "Vacances d’hiver": (date(2027, 2, 13), date(2027, 2, 28)),
    "Vacances de printemps": (date(2027, 4, 10), date(2027, 4, 25)),
    "Pont de l’Ascension": (date(2027, 5, 6), date(2027, 5, 8)),
}
PUBLIC_HOLIDAYS_2027 = [
    date(2027, 1, 1),
    date(2027, 3, 29),
    date(2027, 5, 1),
    date(2027, 5, 6),
    date(2027, 5, 8),
    date(2027, 5, 17),
    date(2027, 7, 14),
    date(2027, 8, 15),
    date(2027, 11, 1),
    date(2027, 11, 11),
    date(2027, 12, 25),
]
PUBLIC_HOLIDAYS_2028 = [
    date(2028, 1, 1),
    date(2028, 4, 17),
    date(2028, 5, 1),
    date(2028, 5, 8),
    date(2028, 5, 25),
    date(2028, 6, 5),
    date(2028, 7, 14),
    date(2028, 8, 15),
    date(2028, 11, 1),
    date(2028, 11, 11),
    date(2028, 12, 25),
]


def without_sundays(first: date, last: date) -> list[date]:
    return [day for day in days_between(first, last) if day.isoweekday() != 7]


def test_school_year_2026_2027_is_the_official_one() -> None:
    year = seeds.school_year(2026, "A")
    assert (year.name, year.starts_on) == ("2026-2027", date(2026, 9, 1))
    *periods, summer = year.holidays
    assert [period.name for period in periods] == list(ZONE_A_2026)
    for period in periods:
        # The sources print a Sunday more or less after the bridge; there is no class on a Sunday.
        assert without_sundays(period.first, period.last) == without_sundays(*ZONE_A_2026[period.name])
        assert period.is_bridge == period.name.startswith("Pont")
    assert (summer.name, summer.first) == ("Vacances d’été", date(2027, 7, 3))
    assert summer.last == year.ends_on


def test_public_holidays_of_2027_and_2028() -> None:
    assert list(seeds.public_holidays(2027)) == PUBLIC_HOLIDAYS_2027
    assert list(seeds.public_holidays(2028)) == PUBLIC_HOLIDAYS_2028
    assert seeds.public_holidays(2027)[date(2027, 11, 11)] == "Armistice"


@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_years_touch_and_holidays_stay_inside_and_apart(zone: str) -> None:
    years = [seeds.school_year(start, zone) for start in range(seeds.FIRST_KNOWN, seeds.LAST_PUBLISHED + 3)]
    for year, following in pairwise(years):
        assert year.ends_on + timedelta(days=1) == following.starts_on
    for year in years:
        assert year.starts_on < year.holidays[0].first
        assert year.holidays[-1].last == year.ends_on
        for period, following_period in pairwise(year.holidays):
            assert period.first <= period.last < following_period.first


def test_years_before_the_library_are_refused() -> None:
    with pytest.raises(ValueError, match="2018"):
        seeds.school_year(2017, "A")


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 8, 31), 2025),
        (date(2026, 9, 1), 2026),
        (date(2027, 1, 4), 2026),
        (date(2027, 7, 20), 2026),
    ],
)
def test_a_day_belongs_to_the_school_year_of_its_first_day_of_class(day: date, start: int) -> None:
    assert seeds.start_year_of(day, "A") == start
