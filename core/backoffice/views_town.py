"""What agents changed in the tables of the town."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.reports import Report
from core.backoffice.screens import render_screen
from core.backoffice.tables import Column
from core.backoffice.town import VIEWSETS
from core.contracts.town import affected_by_calendar
from core.kernel.access import agent
from core.kernel.calls import collect
from core.kernel.models import JournalEntry
from core.town import services
from core.town.changes import changed_days

SHOWN = 6
"""Days of a change that a line names."""


class _Since(forms.Form):
    table = forms.ChoiceField(
        label=gettext_lazy("Table"),
        required=False,
        choices=[
            ("", gettext_lazy("toutes")),
            *((one.model._meta.label_lower, one.model._meta.verbose_name_plural) for one in VIEWSETS),
        ],
    )


def _days(row: JournalEntry) -> str:
    """« 11/11/2026 : jour de classe → fermeture (École Chopin) », the first ones."""
    found = (row.changes or {}).get("days", [])
    total = (row.changes or {}).get("days_total", len(found))
    shown = [f"{day} : {before} → {after} ({where})" for day, before, after, where, *_site in found[:SHOWN]]
    if total > SHOWN:
        shown.append(_("et %s autres") % (total - SHOWN))
    return " · ".join(shown)


def _address(row: JournalEntry) -> str:
    """Where to read what stands on those days; nowhere when no day changed."""
    return reverse("backoffice:town_change", args=[row.object_id]) if (row.changes or {}).get("days") else ""


class TownChanges(Report):
    """What agents changed in the tables of the town, and which days became something else."""

    permission = "town.view_closure"
    title = gettext_lazy("Ce qui a changé dans la commune")
    icon = "history"
    filters = _Since
    note = gettext_lazy(
        "Les séances déjà ouvertes ne s’annulent pas toutes seules : annulez-les depuis la liste des séances."
    )
    empty = gettext_lazy("Personne n’a encore rien changé.")
    columns = (
        Column(gettext_lazy("Quand"), lambda row: row.at),
        Column(gettext_lazy("Table"), lambda row: _kinds().get(row.object_kind, row.object_kind)),
        Column(gettext_lazy("Quoi"), lambda row: (row.changes or {}).get("what", "")),
        Column(gettext_lazy("Acte"), lambda row: _acts().get(row.act, row.act)),
        Column(gettext_lazy("Jours qui changent"), _days, url=_address),
    )

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[JournalEntry]:
        found = JournalEntry.objects.filter(act__in=_acts()).order_by("-pk")
        return found.filter(object_kind=asked["table"]) if asked["table"] else found


@agent(TownChanges.permission)
def town_change(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """What agents did to one row of the calendar: the days that changed, and what stands on them where one reaches."""
    entries = list(JournalEntry.objects.filter(act__in=_acts(), object_id=str(row_id)).order_by("-pk"))
    if not entries:
        raise Http404
    days = {day for entry in entries for day in changed_days(entry.changes)}
    found = (
        collect(affected_by_calendar, days=tuple(sorted(days, key=str)), user=request.user) if days else []
    )
    found.sort(key=lambda one: (one.day, one.weight, one.what))
    named = sum(len((entry.changes or {}).get("days", ())) for entry in entries)
    total = sum((entry.changes or {}).get("days_total", 0) for entry in entries)
    data = {
        "entries": [(entry, _acts()[entry.act], (entry.changes or {}).get("days", ())) for entry in entries],
        "affected": found,
        "people": sum(one.people for one in found),
        "unnamed": total - named,
        "note": TownChanges.note,
    }
    what = (entries[0].changes or {}).get("what", "")
    return render_screen(
        request,
        "backoffice/town_change.html",
        data,
        title=what or str(TownChanges.title),
        icon="history",
        trail=[(str(TownChanges.title), reverse("backoffice:town_changes"))],
    )


def _kinds() -> dict[str, str]:
    return {one.model._meta.label_lower: str(one.model._meta.verbose_name) for one in VIEWSETS}


def _acts() -> dict[str, str]:
    return {act.code: str(act.label) for act in services.ACTS}
