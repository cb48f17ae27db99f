"""What agents do to several sessions or enrolments at once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from core.backoffice.bulk import BulkAct, BulkRefused
from core.backoffice.forms import NativeDate
from core.kernel import clock
from plugins.enfance import services
from plugins.enfance.models import Enrolment, Session


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        max_length=120,
        help_text=gettext_lazy("Ce que lisent les familles."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PlacesForm(forms.Form):
    capacity = forms.IntegerField(
        label=gettext_lazy("Places de chaque séance"), min_value=0, max_value=10_000
    )


class LastDayForm(forms.Form):
    valid_to = forms.DateField(label=gettext_lazy("Dernier jour (compris)"), widget=NativeDate)


class CancelSessions(BulkAct):
    name = "annuler"
    label = gettext_lazy("Annuler les séances")
    submit = ngettext_lazy("Annuler %(count)s séance", "Annuler %(count)s séances", "count")
    note = gettext_lazy(
        "Les enfants inscrits ces jours-là sont retirés, et rien n’est facturé. "
        "Rouvrir une séance ne rend pas les réservations."
    )
    danger = True
    form_class = ReasonForm

    def refusal(self, row: Session) -> str:
        return _("Elle est déjà annulée.") if row.cancelled else ""

    def apply(self, rows: Sequence[Session], data: dict[str, Any], user: Any) -> str:
        sessions, children = services.cancel_sessions(
            sessions=[row.pk for row in rows], reason=data["reason"], actor=user, now=clock.now()
        )
        return ngettext(
            "%(n)s séance est annulée, %(children)s réservations retirées.",
            "%(n)s séances sont annulées, %(children)s réservations retirées.",
            sessions,
        ) % {"n": sessions, "children": children}


class ReopenSessions(BulkAct):
    name = "rouvrir"
    label = gettext_lazy("Rouvrir les séances")
    submit = ngettext_lazy("Rouvrir %(count)s séance", "Rouvrir %(count)s séances", "count")
    note = gettext_lazy(
        "Les familles peuvent réserver de nouveau. Les réservations d’avant ne reviennent pas."
    )

    def refusal(self, row: Session) -> str:
        return "" if row.cancelled else _("Elle est déjà ouverte.")

    def apply(self, rows: Sequence[Session], data: dict[str, Any], user: Any) -> str:
        done = services.reopen_sessions(sessions=[row.pk for row in rows], actor=user)
        return ngettext("%(n)s séance est rouverte.", "%(n)s séances sont rouvertes.", done) % {"n": done}


class ResizeSessions(BulkAct):
    name = "places"
    label = gettext_lazy("Changer le nombre de places")
    submit = ngettext_lazy("Changer %(count)s séance", "Changer %(count)s séances", "count")
    note = gettext_lazy("Une séance où il y a déjà plus de réservations garde ses places.")
    form_class = PlacesForm

    def apply(self, rows: Sequence[Session], data: dict[str, Any], user: Any) -> str:
        done = services.resize_sessions(
            sessions=[row.pk for row in rows], capacity=data["capacity"], actor=user
        )
        if not done:
            raise BulkRefused(_("Ces séances ont toutes plus de réservations que cela."))
        said = ngettext(
            "%(n)s séance a maintenant %(places)s places.",
            "%(n)s séances ont maintenant %(places)s places.",
            done,
        ) % {"n": done, "places": data["capacity"]}
        if kept := len(rows) - done:
            said += " " + ngettext(
                "%(n)s garde les siennes : elle a plus de réservations.",
                "%(n)s gardent les leurs : elles ont plus de réservations.",
                kept,
            ) % {"n": kept}
        return said


class EndEnrolments(BulkAct):
    name = "dernier-jour"
    label = gettext_lazy("Changer le dernier jour")
    submit = ngettext_lazy("Changer %(count)s inscription", "Changer %(count)s inscriptions", "count")
    note = gettext_lazy(
        "Les jours déjà réservés après ce jour restent réservés : retirez-les sur la fiche de la famille."
    )
    form_class = LastDayForm

    def apply(self, rows: Sequence[Enrolment], data: dict[str, Any], user: Any) -> str:
        done = services.end_enrolments(
            enrolments=[row.pk for row in rows], valid_to=data["valid_to"], actor=user
        )
        if not done:
            raise BulkRefused(_("Toutes ces inscriptions commencent après ce jour."))
        said = ngettext(
            "%(n)s inscription finit maintenant ce jour-là.",
            "%(n)s inscriptions finissent maintenant ce jour-là.",
            done,
        ) % {"n": done}
        if kept := len(rows) - done:
            said += " " + ngettext(
                "%(n)s reste comme elle est : elle commence après.",
                "%(n)s restent comme elles sont : elles commencent après.",
                kept,
            ) % {"n": kept}
        return said
