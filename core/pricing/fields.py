"""How the facts of a tariff are asked in a form, of a family or of an agent."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.contracts.pricing import Fact, Quotient


class EurosField(forms.DecimalField):
    """An amount as people write it: « 1 200 », « 520,50 » or « 520.50 »."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=0,
            max_digits=9,
            decimal_places=2,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **options,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = "".join(value.replace("€", "").split())
        return super().to_python(value)


class QuotientField(EurosField):
    """Euros a month, or nothing; gives a Quotient."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> Quotient | None:
        euros: Decimal | None = super().clean(value)
        return None if euros is None else Quotient(euros)


def sentence_case(label: str) -> str:
    return label[:1].upper() + label[1:]


def field_of(fact: Fact) -> forms.Field:
    """How a fact is asked. What a family may leave unsaid is not required."""
    label = sentence_case(fact.label)
    match fact.type:
        case "quotient":
            return QuotientField(
                label=_("Quotient familial (QF)"),
                help_text=_("Il est sur votre attestation de la CAF ou de la MSA. Sans lui, laissez vide."),
            )
        case "number":
            return EurosField(label=label, required=False)
        case "decimal":
            return EurosField(label=label, required=fact.required)
        case "integer" if not fact.values:
            return forms.IntegerField(
                label=label,
                required=fact.required,
                min_value=0 if fact.name != "child_rank" else 1,
                max_value=99,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                initial=fact.default,
            )
        case "time":
            return forms.TimeField(
                label=label, required=fact.required, widget=forms.TimeInput(attrs={"type": "time"})
            )
    return _choice(label, fact)


def _choice(label: str, fact: Fact) -> forms.TypedChoiceField:
    known = {str(value): value for value, _label in fact.values}
    return forms.TypedChoiceField(
        label=label,
        choices=[(str(value), sentence_case(text)) for value, text in fact.values],
        coerce=known.__getitem__,
        initial=str(fact.default if fact.default is not None else fact.values[0][0]),
        widget=forms.RadioSelect,
    )
