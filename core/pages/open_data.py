"""What the town gives away for reuse: sets of its own, then those of plugins; and the calendar of closed days."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.contracts.open_data import DataFile, DataSet, open_data
from core.kernel import state
from core.kernel.calls import collect
from core.pricing.offered import is_open
from core.town.calendar import DayKind
from core.town.models import Site
from core.town.selectors import DaysOff, days_off, school_year_on
from core.ui import ical
from core.ui.appearance import commune

AHEAD = timedelta(days=550)
"""How far closed days are given: the rest of this school year, and the next one."""

KINDS = {
    DayKind.HOLIDAY: "vacances",
    DayKind.BRIDGE: "pont",
    DayKind.PUBLIC_HOLIDAY: "jour férié",
    DayKind.CLOSED: "fermeture",
    DayKind.TRAINING: "formation",
    DayKind.STRIKE: "grève",
}
"""Words of the files, one for each kind of day off: they stay the same for whoever reads them by machine."""


def sets(request: HttpRequest) -> list[DataSet]:
    """All that the open-data page lists."""
    own = [
        DataSet(
            title=_("Calendrier des vacances et des fermetures"),
            description=_(
                "Vacances scolaires, jours fériés, ponts, grèves et fermetures des écoles et des accueils."
            ),
            updated=_("À chaque changement."),
            files=(
                DataFile(form="iCal", url=reverse("closures_ics")),
                DataFile(form="CSV", url=reverse("closures_csv")),
                DataFile(form="JSON", url=reverse("api:town_days")),
            ),
            weight=60,
        ),
        DataSet(
            title=_("Lieux de la commune"),
            description=_("Écoles, accueils de loisirs et mairie : leur nom, leur nature, leur adresse."),
            updated=_("À chaque changement."),
            files=(DataFile(form="JSON", url=reverse("api:places")),),
            weight=70,
        ),
    ]
    if state.serves("families") and is_open():
        own.append(
            DataSet(
                title=_("Tarifs"),
                description=_(
                    "Les activités payantes, ce dont leur prix dépend et la grille de chaque tarif."
                ),
                updated=_("À chaque délibération."),
                files=(DataFile(form="JSON", url=reverse("api:tariffs")),),
                weight=80,
            )
        )
    return sorted([*own, *collect(open_data, request=request)], key=lambda found: found.weight)


# Closed days ----------------------------------------------------------------------------------------------------------


def closed_days(today: date) -> tuple[list[DaysOff], dict[UUID, str]]:
    """Days off from the beginning of this school year on, and the names of the places that some are about."""
    year = school_year_on(today)
    spans = days_off(year.starts_on if year else today, today + AHEAD)
    named = {span.site for span in spans if span.site}
    return spans, dict(Site.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}


def closures_csv(today: date) -> str:
    spans, places = closed_days(today)
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(("debut", "fin", "nature", "libelle", "lieu"))
    for span in spans:
        place = places.get(span.site, "") if span.site else ""
        writer.writerow((span.first, span.last, KINDS[span.kind], span.label, place))
    return file.getvalue()


def closures_ics(today: date, now: datetime, host: str) -> str:
    spans, places = closed_days(today)
    name = _("Vacances et fermetures, %(town)s") % {"town": commune().name}
    return ical.calendar(name, _entries(spans, places, now, host.split("//")[-1]))


def _entries(
    spans: Iterable[DaysOff], places: dict[UUID, str], now: datetime, host: str
) -> Iterator[ical.Entry]:
    for span in spans:
        place = places.get(span.site, "") if span.site else ""
        yield ical.Entry(
            uid=f"{span.kind}-{span.first:%Y%m%d}-{span.site or 'commune'}@{host}",
            summary=f"{span.label} ({place})" if place else span.label,
            starts=span.first,
            ends=span.last,
            changed=now,
            location=place,
        )
