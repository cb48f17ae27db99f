"""Filters that stay in the address: a form of optional fields, drawn by `backoffice/filters.html`."""

from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest

F = TypeVar("F", bound=forms.Form)


def filled(filters: type[F], request: HttpRequest, **given: Any) -> F:
    """The form as the address fills it, with the initial value of each field that the address does not name.

    `given`: what the form itself needs to know.
    """
    data = request.GET.copy()
    blank = filters(**given)
    for name, field in blank.fields.items():
        initial = blank.get_initial_for_field(field, name)
        if name not in data and initial not in (None, ""):
            data[name] = field.prepare_value(initial)
    form = filters(data, auto_id="f-%s", label_suffix="", **given)
    form.use_required_attribute = False
    return form


def values(form: forms.Form) -> dict[str, Any]:
    """A value for each field, None or "" for none; the initial one where what was typed makes no sense."""
    form.is_valid()
    return {
        name: form.cleaned_data[name] if name in form.cleaned_data else _initial(form, name)
        for name in form.fields
    }


def _initial(form: forms.Form, name: str) -> Any:
    field = form.fields[name]
    initial = form.get_initial_for_field(field, name)
    return None if initial in (None, "") else field.clean(field.prepare_value(initial))
