"""Fields of agents' forms. Dates are native: Wagtail's own pickers need an inline script, which the policy forbids."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.families.models import Quotient


class NativeDate(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class NativeTime(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class NativeDateTime(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class NativeMonth(forms.DateInput):
    """A month, as the first of its days."""

    input_type = "month"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m")


class MonthField(forms.DateField):
    widget = NativeMonth

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m", "%m/%Y"], **kwargs)


class QuotientForm(forms.Form):
    """One more value in a family's history."""

    value = forms.DecimalField(
        label=_("Quotient familial (€ par mois)"),
        min_value=Decimal(0),
        max_value=Decimal(99999),
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 10}),
    )
    kind = forms.ChoiceField(label=_("Établi par"), choices=Quotient.Kind.choices)
    month = MonthField(
        label=_("Mois du quotient"), help_text=_("Celui de l’attestation, par exemple 2026-11.")
    )
    valid_from = forms.DateField(
        label=_("Compte à partir du"),
        widget=NativeDate,
        help_text=_("Les prix calculés avant ce jour ne changent pas."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        month: date | None = cleaned.get("month")
        valid_from: date | None = cleaned.get("valid_from")
        if month and valid_from and month > valid_from:
            self.add_error(
                "valid_from",
                ValidationError(_("Ce jour est avant le mois du quotient : choisissez-en un plus tard.")),
            )
        return cleaned
