"""The form of a sheet of settings, made from its schema."""

from functools import singledispatch
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.backoffice.forms import NativeDate
from core.contracts import settings as contract
from core.contracts.money import Money
from core.contracts.settings import Boolean, Choice, Colour, Date, Email, Euros, Field, Integer, Lines, Text
from core.kernel.settings import Sheet

AFTER, NOTE = "version-after", "version-note"
"""Not a setting's name: theirs have no hyphen."""
MAX_BUNDLE = 1_000_000


@singledispatch
def control(field: Field) -> forms.Field:
    """A form field that reads what was typed; the contract then judges it, in its own words."""
    raise TypeError(f"no control for {type(field).__name__}")


@control.register
def _text(field: Text) -> forms.Field:
    return forms.CharField(widget=forms.TextInput(attrs={"maxlength": field.maximum}))


@control.register
def _lines(field: Lines) -> forms.Field:
    return forms.CharField(widget=forms.Textarea(attrs={"maxlength": field.maximum, "rows": 4}))


@control.register
def _choice(field: Choice) -> forms.Field:
    empty = [] if field.required and field.default else [("", "—")]
    return forms.ChoiceField(choices=[*empty, *field.choices])


@control.register
def _integer(field: Integer) -> forms.Field:
    bounds = {"min": field.minimum, "max": field.maximum}
    return forms.IntegerField(widget=forms.NumberInput(attrs=bounds))


@control.register
def _boolean(field: Boolean) -> forms.Field:
    return forms.BooleanField()


@control.register
def _email(field: Email) -> forms.Field:
    return forms.CharField(widget=forms.EmailInput(attrs={"autocomplete": "off"}))


@control.register
def _euros(field: Euros) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(decimal_places=2, localize=True, widget=widget)


@control.register
def _date(field: Date) -> forms.Field:
    return forms.DateField(widget=NativeDate)


@control.register
def _colour(field: Colour) -> forms.Field:
    """The browser's own palette, which cannot be left empty; a line of text where empty is an answer."""
    return forms.CharField(widget=forms.TextInput(attrs={"type": "color"} if field.required else None))


def _initial(field: Field, value: Any) -> Any:
    return value.euros if isinstance(field, Euros) and value is not None else value


def _typed(field: Field, cleaned: Any) -> Any:
    """What the contract stores: money for an amount, small letters for a colour."""
    if isinstance(field, Euros):
        return None if cleaned is None else Money.of(cleaned)
    return cleaned.lower() if isinstance(field, Colour) else cleaned


class SheetForm(forms.Form):
    """Settings of a sheet, why they change, and the number of the version that was read."""

    def __init__(self, sheet: Sheet, after: int, data: Any = None) -> None:
        super().__init__(data)
        self.sheet = sheet
        values = sheet.values()
        for field in sheet.schema:
            made = control(field)
            optional = not field.required and not isinstance(field, Boolean)
            made.label = _("%(label)s (facultatif)") % {"label": field.label} if optional else field.label
            made.help_text, made.required = field.help, False
            made.initial = _initial(field, values[field.name])
            made.error_messages["invalid"] = field.expected()
            self.fields[field.name] = made
        self.fields[NOTE] = forms.CharField(
            label=_("Raison du changement (facultatif)"),
            help_text=_("Elle reste dans l’historique, avec votre nom et la date."),
            required=False,
            max_length=300,
        )
        self.fields[AFTER] = forms.IntegerField(widget=forms.HiddenInput, initial=after, min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, message in self.sheet.problems(self.document()).items():
            if name not in self.errors:
                self.add_error(name or None, message)
        return cleaned

    def document(self) -> dict[str, Any]:
        """What was written, as the configuration keeps it; a value that could not be read is left out."""
        read = [field for field in self.sheet.schema if field.name in self.cleaned_data]
        typed = {field.name: _typed(field, self.cleaned_data[field.name]) for field in read}
        return {**contract.document(tuple(read), typed)}

    def catch_up(self, after: int) -> None:
        """Keep what was written, over the version that somebody else wrote in the meantime."""
        self.data = {**{name: self.data[name] for name in self.data}, AFTER: str(after)}


class BundleForm(forms.Form):
    """A file of settings, read as text."""

    bundle = forms.FileField(
        label=_("Fichier de réglages"), widget=forms.FileInput(attrs={"accept": ".json,application/json"})
    )

    def clean_bundle(self) -> str:
        found = self.cleaned_data["bundle"]
        if found.size > MAX_BUNDLE:
            raise forms.ValidationError(_("Ce fichier est trop gros pour un fichier de réglages."))
        text: str = found.read().decode("utf-8-sig", errors="replace")
        return text
