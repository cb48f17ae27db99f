"""What agents changed in the tables of the town."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.reports import Report
from core.backoffice.tables import Column
from core.backoffice.town import VIEWSETS
from core.kernel.models import JournalEntry
from core.town import services

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
    shown = [f"{day} : {before} → {after} ({where})" for day, before, after, where in found[:SHOWN]]
    if total > SHOWN:
        shown.append(_("et %s autres") % (total - SHOWN))
    return " · ".join(shown)


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
        Column(gettext_lazy("Jours qui changent"), _days),
    )

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[JournalEntry]:
        found = JournalEntry.objects.filter(act__in=_acts()).order_by("-pk")
        return found.filter(object_kind=asked["table"]) if asked["table"] else found


def _kinds() -> dict[str, str]:
    return {one.model._meta.label_lower: str(one.model._meta.verbose_name) for one in VIEWSETS}


def _acts() -> dict[str, str]:
    return {act.code: str(act.label) for act in services.ACTS}
