"""Measures computed from facts, as a municipal quotient is from a tax notice."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.backoffice.tariff_forms.facts import free_name
from core.backoffice.tariff_forms.fields import ROUNDING_CHOICES, Choices, RowsForm, number_field, written
from core.pricing import sketch
from core.pricing.vocabulary import COMMON_FACTS

MEASURES = ("number", "decimal", "integer", "quotient")


class DerivedForm(RowsForm):
    """One row a measure: what is added, what is taken away, what divides."""

    spare = 1

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        facts = sketch.declared({**document, "derived": {}})
        self.choices: Choices = [(fact.name, fact.label) for fact in facts.values() if fact.type in MEASURES]
        self.taken = {*facts, *COMMON_FACTS}
        values = [
            {
                "label": known["label"],
                "sum": known["sum"],
                "less": known.get("less", []),
                "by": [name for name in known.get("divided_by", ()) if name in facts],
                "number": written(next((by for by in known.get("divided_by", ()) if by not in facts), None)),
                "places": str(known.get("places", 2)),
                "rounding": known.get("rounding", "half_up"),
                "name": name,
            }
            for name, known in document.get("derived", {}).items()
        ]
        super().__init__(*args, values=values, **kwargs)

    def row_fields(self) -> dict[str, forms.Field]:
        def several(label: str) -> forms.Field:
            return forms.MultipleChoiceField(
                label=label, choices=self.choices, required=False, widget=forms.CheckboxSelectMultiple
            )

        return {
            "label": forms.CharField(label=_("Mesure calculée"), max_length=200, required=False),
            "sum": several(_("Ajouter")),
            "less": several(_("Retirer")),
            "by": several(_("Diviser par")),
            "number": number_field(_("Diviser aussi par le nombre")),
            "places": forms.ChoiceField(
                label=_("Décimales"),
                choices=[("2", "2"), ("1", "1"), ("0", "0")],
                required=False,
                initial="2",
            ),
            "rounding": forms.ChoiceField(label=_("Arrondi"), choices=ROUNDING_CHOICES, required=False),
            "name": forms.CharField(required=False, max_length=50, widget=forms.HiddenInput),
        }

    def is_filled(self, row: Mapping[str, Any]) -> bool:
        return any(row[name] for name in ("label", "sum", "less", "by", "number"))

    def clean_row(self, index: int, row: dict[str, Any]) -> None:
        for name, words in (
            ("label", _("Donnez un nom à cette mesure.")),
            ("sum", _("Dites ce qui s’ajoute.")),
        ):
            if not row[name]:
                self.wrong(index, name, words)

    def changed(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with these measures."""
        derived: dict[str, Any] = {}
        for _index, row in self.kept:
            name = row["name"] or free_name(sketch.slug(row["label"], sign="_"), {*derived, *self.taken})
            by = [*row["by"], *([row["number"]] if row["number"] else [])]
            derived[name] = {
                "label": row["label"],
                "sum": row["sum"],
                **({"less": row["less"]} if row["less"] else {}),
                **({"divided_by": by} if by else {}),
                "places": int(row["places"] or 2),
                "rounding": row["rounding"] or "half_up",
            }
        made = {**document, "derived": derived}
        if not derived:
            del made["derived"]
        return made
