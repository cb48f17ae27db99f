"""The journal as agents with the right read it: all of it, with filters, and as a file."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import User
from core.backoffice import exports
from core.backoffice.forms import NativeDate
from core.backoffice.reports import Report
from core.backoffice.tables import Column
from core.kernel import clock, journal
from core.kernel.models import JournalEntry

EXPORT = "kernel.export_journalentry"


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
    title = gettext_lazy("Journal")
    icon = "history"
    template_name = "backoffice/journal.html"
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
            Column(gettext_lazy("Qui"), self._who),
            Column(gettext_lazy("Acte"), lambda row: self.labels.get(row.act, row.act)),
            Column(gettext_lazy("Objet"), lambda row: f"{row.object_kind} {row.object_id}"),
            Column(gettext_lazy("Service"), lambda row: row.service),
            Column(gettext_lazy("Raison"), lambda row: row.reason),
            Column(gettext_lazy("Différences"), lambda row: _told(row.changes)),
        )

    def _who(self, row: JournalEntry) -> str:
        name = str(self.names.get(row.actor, row.actor)) if row.actor else _("traitement automatique")
        return _("%(who)s, pour le compte de quelqu’un") % {"who": name} if row.on_behalf_of else name

    @cached_property
    def names(self) -> dict[UUID, str]:
        """Identifiers of the accounts of agents: the journal itself holds none. One statement."""
        return dict(User.objects.filter(is_staff=True).values_list("pk", "username"))

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[JournalEntry]:
        found = JournalEntry.objects.order_by("-pk")
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

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if exports.asked(request) and not request.user.has_perm(EXPORT):
            raise Http404
        return super().get(request, *args, **kwargs)


def _told(changes: Any) -> str:
    """« value_cents : 52000 → 61000 »."""
    if not changes:
        return ""
    return " ; ".join(
        f"{name} : {_value(value[0])} → {_value(value[1])}"
        if isinstance(value, list) and len(value) == 2
        else f"{name} : {_value(value)}"
        for name, value in changes.items()
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
