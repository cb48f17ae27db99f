"""What writes the town's tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Model
from django.utils.translation import gettext_lazy as _t

from core.contracts.journal import Act
from core.kernel import journal
from core.town import seeds
from core.town.calendar import DayKind, SchoolCalendar
from core.town.changes import DayChange, differences
from core.town.models import Closure, HolidayPeriod, PublicHoliday, SchoolYear, Site
from core.town.selectors import calendar

ACTS = (
    Act("town.row_written", _t("Table de la commune modifiée"), shown_to_family=False),  # type: ignore[arg-type]
    Act("town.row_removed", _t("Ligne de la commune supprimée"), shown_to_family=False),  # type: ignore[arg-type]
)

MOST_DAYS = 100
"""Days that an entry of the journal names; their number is told whole."""

KINDS = {
    DayKind.SCHOOL: _t("jour de classe"),
    DayKind.WEDNESDAY: _t("mercredi"),
    DayKind.FREE: _t("jour sans classe"),
    DayKind.HOLIDAY: _t("vacances"),
    DayKind.BRIDGE: _t("pont"),
    DayKind.PUBLIC_HOLIDAY: _t("jour férié"),
    DayKind.CLOSED: _t("fermeture"),
    DayKind.TRAINING: _t("journée de formation"),
    DayKind.STRIKE: _t("grève"),
    DayKind.WEEKEND: _t("fin de semaine"),
    DayKind.UNKNOWN: _t("inconnu"),
}


@transaction.atomic
def written(*, row: Model, fields: Iterable[str], write: Callable[[], Any], actor: Any) -> Any:
    """Save a row of the tables through `write`, and journal which fields and which days changed."""
    before = _known_days(row)
    saved = write()
    _note(saved, actor, "town.row_written", before, fields=sorted(fields))
    return saved


@transaction.atomic
def removed(*, row: Model, actor: Any) -> None:
    """Delete a row of the tables, and journal which days changed."""
    before, kind, key, name = _known_days(row), type(row), row.pk, str(row)
    row.delete()
    row.pk = key
    _note(row, actor, "town.row_removed", before, what=f"{kind._meta.verbose_name} : {name}")


def _known_days(row: Model) -> SchoolCalendar | None:
    """The calendar of the years in the tables, when the row is one of its tables."""
    if not isinstance(row, SchoolYear | HolidayPeriod | PublicHoliday | Closure):
        return None
    bounds = SchoolYear.objects.aggregate(first=Min("starts_on"), last=Max("ends_on"))
    return calendar(bounds["first"], bounds["last"]) if bounds["first"] else None


def _note(row: Model, actor: Any, act: str, before: SchoolCalendar | None, **more: Any) -> None:
    found: list[DayChange] = []
    if before and (after := _known_days(row)):
        found = list(differences(before, after, Site.objects.values_list("pk", flat=True)))
    names = (
        {site.pk: site.name for site in Site.objects.all()} if any(change.site for change in found) else {}
    )
    days = [
        [
            f"{change.day:%d/%m/%Y}",
            str(KINDS[change.before]),
            str(KINDS[change.after]),
            names[change.site] if change.site else _everywhere(),
            str(change.site or ""),
        ]
        for change in islice(found, MOST_DAYS)
    ]
    changes = {"what": str(row), "days": days, "days_total": len(found), **more}
    journal.record(actor=actor, act=act, object=row, changes=changes)


def _everywhere() -> str:
    return str(_t("partout"))


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
