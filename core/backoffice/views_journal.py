"""The journal as agents with the right read it: all of it, with filters, and as a file."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import User
from core.backoffice.forms import NativeDate
from core.backoffice.reports import Report
from core.backoffice.tables import Column
from core.kernel import clock, journal
from core.kernel.models import JournalEntry


def _acts() -> list[tuple[str, str]]:
    named = sorted((str(act.label), code) for code, act in journal.acts().items())
    return [("", _("tous")), *((code, label) for label, code in named)]


class JournalFilters(forms.Form):
    du = forms.DateField(label=gettext_lazy("Du"), required=False, widget=NativeDate)
    au = forms.DateField(label=gettext_lazy("Au (compris)"), required=False, widget=NativeDate)
    acte = forms.ChoiceField(label=gettext_lazy("Acte"), required=False, choices=_acts)
    agent = forms.CharField(
        label=gettext_lazy("Identifiant de l’agent"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    objet = forms.UUIDField(
        label=gettext_lazy("Famille, enfant ou objet"),
        required=False,
        help_text=gettext_lazy("L’identifiant, tel que le donne l’adresse de la fiche."),
    )
    nature = forms.ChoiceField(
        label=gettext_lazy("Nature"),
        required=False,
        choices=[
            ("", gettext_lazy("tout")),
            ("actes", gettext_lazy("actes")),
            ("consultations", gettext_lazy("consultations")),
        ],
    )


class Journal(Report):
    permission = "kernel.view_journalentry"
    export_permission = "kernel.export_journalentry"
    title = gettext_lazy("Journal")
    icon = "history"
    filters = JournalFilters
    note = gettext_lazy(
        "Qui a fait ou consulté quoi, pour qui et pourquoi. Rien ne peut y être changé ni effacé à la main."
    )
    empty = gettext_lazy("Aucune entrée ne correspond à ces filtres.")

    @cached_property
    def labels(self) -> dict[str, str]:
        return {code: str(act.label) for code, act in journal.acts().items()}

    @cached_property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        return (
            Column(gettext_lazy("Quand"), lambda row: row.at),
            Column(gettext_lazy("Qui"), _who),
            Column(gettext_lazy("Acte"), lambda row: self.labels.get(row.act, row.act)),
            Column(gettext_lazy("Objet"), _thing, url=_sheet),
            Column(gettext_lazy("Service"), lambda row: row.service),
            Column(gettext_lazy("Raison"), lambda row: row.reason),
            Column(gettext_lazy("Différences"), _differences),
        )

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[JournalEntry]:
        account = User.objects.filter(pk=OuterRef("actor")).values("username")
        found: QuerySet[Any] = JournalEntry.objects.annotate(username=Subquery(account)).order_by("-pk")
        if asked["du"]:
            found = found.filter(at__gte=datetime.combine(asked["du"], time(), clock.PARIS))
        if asked["au"]:
            after = datetime.combine(asked["au"] + timedelta(days=1), time(), clock.PARIS)
            found = found.filter(at__lt=after)
        if asked["acte"]:
            found = found.filter(act=asked["acte"])
        if asked["agent"]:
            found = found.filter(actor__in=User.objects.filter(username__iexact=asked["agent"]).values("pk"))
        if asked["objet"]:
            found = journal.about(found, asked["objet"])
        if asked["nature"]:
            found = found.filter(is_read=asked["nature"] == "consultations")
        return found


def _who(row: Any) -> str:
    """The identifier of the account: the journal itself holds none."""
    if row.actor is None:
        return _("traitement automatique")
    name = row.username or _("compte effacé")
    return _("%(who)s, pour le compte de quelqu’un") % {"who": name} if row.on_behalf_of else name


def _model(row: JournalEntry) -> type[Model] | None:
    try:
        return apps.get_model(row.object_kind)
    except (LookupError, ValueError):  # the act of a plugin that left
        return None


def _thing(row: JournalEntry) -> str:
    model = _model(row)
    kind = str(model._meta.verbose_name) if model else row.object_kind
    return f"{kind} {row.object_id}"


def _sheet(row: JournalEntry) -> str:
    """Where an agent looks at it, if there is such a page."""
    name = SHEETS.get(row.object_kind)
    return reverse(name, args=[row.object_id]) if name else ""


SHEETS = {"families.family": "backoffice:family"}


def _differences(row: JournalEntry) -> str:
    """« Valeur (centimes) : 52000 → 61000 »."""
    model = _model(row)
    names = {field.name: str(field.verbose_name) for field in model._meta.fields} if model else {}
    return " ; ".join(
        f"{names.get(name, name)} : {_value(value[0])} → {_value(value[1])}"
        if isinstance(value, list) and len(value) == 2
        else f"{names.get(name, name)} : {_value(value)}"
        for name, value in (row.changes or {}).items()
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if value is None:
        return "—"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(item)}" for name, item in value.items() if item is not None)
    if isinstance(value, list):
        return ", ".join(_value(item) for item in value)
    return str(value)
