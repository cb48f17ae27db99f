"""What writes the town's tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core.town import seeds
from core.town.models import HolidayPeriod, PublicHoliday, SchoolYear


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """What an import added; nothing that was there has changed."""

    school_years: tuple[str, ...]
    public_holiday_years: tuple[int, ...]


def years_to_know(today: date, zone: str) -> tuple[int, ...]:
    """The school years a commune needs on that day: previous, current, and the next one once published."""
    current = seeds.start_year_of(today, zone)
    years = (current - 1, current, current + 1)
    return tuple(year for year in years if year <= max(current, seeds.LAST_PUBLISHED))


@transaction.atomic
def import_calendar(*, start_years: Iterable[int], zone: str) -> CalendarImport:
    """Copy school years (by the civil year they begin in) and their public holidays into the editable tables.

    A school year, or a civil year of public holidays, that is already there belongs to the agents and is left
    as it is.
    """
    wanted = sorted(set(start_years))
    return CalendarImport(
        school_years=_import_school_years(wanted, zone),
        public_holiday_years=_import_public_holidays(sorted({*wanted, *(year + 1 for year in wanted)})),
    )


def _import_school_years(start_years: list[int], zone: str) -> tuple[str, ...]:
    known = set(SchoolYear.objects.values_list("name", flat=True))
    facts = [(year, seeds.school_year(year, zone)) for year in start_years]
    new = [(year, fact) for year, fact in facts if fact.name not in known]
    rows = SchoolYear.objects.bulk_create(
        SchoolYear(
            name=fact.name,
            zone=fact.zone,
            starts_on=fact.starts_on,
            ends_on=fact.ends_on,
            is_confirmed=year <= seeds.LAST_CHECKED,
        )
        for year, fact in new
    )
    HolidayPeriod.objects.bulk_create(
        HolidayPeriod(
            school_year=row,
            name=period.name,
            kind=HolidayPeriod.Kind.BRIDGE if period.is_bridge else HolidayPeriod.Kind.HOLIDAYS,
            first_day=period.first,
            last_day=period.last,
        )
        for row, (_, fact) in zip(rows, new, strict=True)
        for period in fact.holidays
    )
    return tuple(row.name for row in rows)


def _import_public_holidays(civil_years: list[int]) -> tuple[int, ...]:
    known = {day.year for day in PublicHoliday.objects.dates("date", "year")}
    new = [year for year in civil_years if year not in known]
    PublicHoliday.objects.bulk_create(
        PublicHoliday(date=day, name=name)
        for year in new
        for day, name in seeds.public_holidays(year).items()
    )
    return tuple(new)
