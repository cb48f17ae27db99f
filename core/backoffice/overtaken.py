"""A form shows a row as it was when the page was made. What somebody else wrote since is told, never written over."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.families.services.desk import state_of

SEEN = "vu"
TOLD = _(
    "Quelqu’un a changé cette ligne pendant que vous écriviez. Relisez ce que vous envoyez, puis confirmez."
)


class _Seen(forms.CharField):
    """Carried by the form, never one of its changes."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def watch(form: forms.BaseForm, row: Model) -> None:
    """Let the form carry what the row holds now, in the fields that both have. Before the form is read."""
    names = [field.name for field in row._meta.concrete_fields if field.name in form.fields]
    now = state_of(row, tuple(names))
    form.fields[SEEN] = _Seen(required=False, initial=now)


def overtaken(form: Any) -> bool:
    """Whether a form that was read comes from an older page: it is told, and the next attempt starts from here."""
    now = form.fields[SEEN].initial
    if form.cleaned_data.pop(SEEN) in ("", now):
        return False
    form.add_error(None, str(TOLD))
    form.data = form.data.copy()
    form.data[SEEN] = now
    return True
