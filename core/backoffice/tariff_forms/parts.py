"""A part of a price: one line of the invoice."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.tariff_forms.fields import (
    UNIT_CHOICES,
    Choices,
    SketchForm,
    condition_fields,
    condition_of,
)
from core.contracts.pricing import Fact
from core.pricing import sketch, spoken
from core.pricing.explain import typeset
from core.pricing.vocabulary import COMPONENT_KINDS, QUANTITY, UNITS


class PartForm(SketchForm):
    """One line of the invoice: what it is called, in which case it is due, what it counts."""

    label = forms.CharField(
        label=gettext_lazy("Ce que la facture dit"),
        max_length=100,
        help_text=gettext_lazy("« Repas », « Accueil du matin », « Majoration »."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Nature"),
        choices=list(COMPONENT_KINDS.items()),
        help_text=gettext_lazy(
            "Les attestations fiscales et les CESU la regardent : un repas ou une majoration n’est pas de la garde."
        ),
    )
    product = forms.CharField(
        label=gettext_lazy("Code de facturation"),
        required=False,
        max_length=100,
        validators=[validate_slug],
        help_text=gettext_lazy(
            "La facturation y attache la régie et le compte. Vide : fait du tarif et du nom."
        ),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unité"), required=False)
    debtor = forms.CharField(
        label=gettext_lazy("Payé par un tiers"),
        required=False,
        max_length=100,
        validators=[validate_slug],
        help_text=gettext_lazy("« ccas », « caf » : cette part n’est pas due par la famille."),
    )
    count = forms.ChoiceField(label=gettext_lazy("Nombre d’unités"))
    count_facts = forms.MultipleChoiceField(
        label=gettext_lazy("Multiplié par"), required=False, widget=forms.CheckboxSelectMultiple
    )
    at_most = forms.IntegerField(label=gettext_lazy("Unités comptées, au plus"), required=False, min_value=1)
    minutes = forms.ChoiceField(label=gettext_lazy("Minutes données par"), required=False)
    start = forms.CharField(
        label=gettext_lazy("De"),
        required=False,
        help_text=gettext_lazy("Une heure, ou un critère : 19 h 00."),
    )
    end = forms.CharField(label=gettext_lazy("À"), required=False)
    per = forms.IntegerField(
        label=gettext_lazy("Une unité dure (minutes)"), required=False, min_value=1, max_value=1440
    )
    way = forms.ChoiceField(
        label=gettext_lazy("On compte"),
        required=False,
        choices=[
            ("started", gettext_lazy("chaque unité commencée")),
            ("full", gettext_lazy("les unités entières")),
            ("exact", gettext_lazy("la durée exacte")),
        ],
    )
    free = forms.IntegerField(
        label=gettext_lazy("Premières minutes gratuites"), required=False, min_value=0, max_value=1440
    )
    grace = forms.IntegerField(
        label=gettext_lazy("Minutes de tolérance"), required=False, min_value=0, max_value=1440
    )

    def __init__(
        self, *args: Any, document: Mapping[str, Any], part: Mapping[str, Any], **kwargs: Any
    ) -> None:
        self.facts = sketch.declared(document)
        self.document, self.part = document, part
        counts = _counts(part.get("count", QUANTITY))
        super().__init__(*args, **kwargs)
        self.initial = {**self._initial(counts), **self.initial}
        stated = [fact for fact in self.facts.values() if fact.type in ("integer", "decimal")]
        ways = [("units", _("Un nombre : la quantité réservée, ou un critère")), ("minutes", _("Une durée"))]
        if counts["count"] == "keep":
            ways.append(("keep", _("Comme dans le fichier importé")))
        usual = UNITS[document["unit"]].label
        choices: dict[str, Choices] = {
            "count": ways,
            "count_facts": [(fact.name, fact.label) for fact in stated],
            "minutes": [("", _("deux heures, ci-dessous")), *((fact.name, fact.label) for fact in stated)],
            "unit": [("", _("Celle du tarif (%(unit)s)") % {"unit": usual}), *UNIT_CHOICES],
        }
        for name, known in choices.items():
            self.fields[name].choices = known  # type: ignore[attr-defined]
        self.fields.update(condition_fields(self.facts, part.get("when", {})))

    def _initial(self, counts: dict[str, Any]) -> dict[str, Any]:
        clocks = {
            key: spoken.write_stated(value, Fact("", "time", "")) if ":" in str(value) else self._said(value)
            for key in ("start", "end")
            if (value := counts.pop(key, ""))
        }
        return {
            **{key: self.part.get(key, "") for key in ("label", "product", "unit", "debtor")},
            "kind": self.part.get("kind", "care"),
            **counts,
            **clocks,
        }

    def _said(self, name: str) -> str:
        return self.facts[name].label if name in self.facts else name

    @property
    def condition(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("when_")]

    @property
    def shown(self) -> list[tuple[str, list[forms.BoundField]]]:
        names = ("label", "kind", "product", "unit", "debtor")
        return [(_("La ligne de facture"), [self[name] for name in names])]

    @property
    def counting(self) -> list[forms.BoundField]:
        names = ("count", "count_facts", "at_most", "minutes", "start", "end", "per", "way", "free", "grace")
        return [self[name] for name in names]

    @property
    def counts_otherwise(self) -> bool:
        return "count" in self.part or (
            self.is_bound and bool(set(self.errors) & {"at_most", "per", "start", "end"})
        )

    @property
    def has_condition(self) -> bool:
        return any(field.value() for field in self.condition)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("count") == "minutes":
            if not cleaned.get("per"):
                self.add_error("per", _("Combien de minutes dure une unité ?"))
            if not cleaned.get("minutes"):
                for side in ("start", "end"):
                    self._clean_clock(cleaned, side)
        elif cleaned.get("at_most") and len(cleaned.get("count_facts") or ()) > 1:
            self.add_error("at_most", _("Un plafond se pose sur un seul nombre : gardez-en un."))
        return cleaned

    def _clean_clock(self, cleaned: dict[str, Any], side: str) -> None:
        said = cleaned.get(side) or ""
        clocks = {fact.label.casefold(): fact.name for fact in self.facts.values() if fact.type == "time"}
        if said.casefold() in clocks:
            cleaned[side] = clocks[said.casefold()]
            return
        try:
            cleaned[side] = spoken.read_stated(said, Fact("", "time", ""))
        except spoken.Unreadable as error:
            self.add_error(side, typeset(str(error)))

    @property
    def made(self) -> dict[str, Any]:
        """The part, with the steps that it had."""
        said = self.cleaned_data
        product = said["product"] or f"{self.document['code']}-{sketch.slug(said['label'])}"
        made: dict[str, Any] = {"kind": said["kind"], "product": product, "label": said["label"]}
        options = {
            "unit": said["unit"],
            "when": condition_of(said, self.facts, self.part.get("when", {})),
            "count": self._count(),
            "debtor": said["debtor"],
        }
        made |= {key: value for key, value in options.items() if value}
        made["steps"] = self.part.get("steps", [])
        return made | ({"then": self.part["then"]} if self.part.get("then") else {})

    def _count(self) -> Any:
        said = self.cleaned_data
        if said["count"] == "keep":
            return self.part["count"]
        if said["count"] == "units":
            names = said["count_facts"]
            if said["at_most"]:
                return {"fact": names[0] if names else QUANTITY, "at_most": said["at_most"]}
            return None if names in ([], [QUANTITY]) else names[0] if len(names) == 1 else names
        ends = {"minutes": said["minutes"]} if said["minutes"] else {"from": said["start"], "to": said["end"]}
        options = {key: said[key] for key in ("free", "grace", "at_most") if said[key]}
        way = {} if said["way"] in ("", "started") else {"count": said["way"]}
        return {**ends, "per": said["per"], **way, **options}


def _counts(count: Any) -> dict[str, Any]:
    """What the form shows of a way of counting."""
    listed = count if isinstance(count, list) else [count]
    if all(isinstance(one, str) for one in listed):
        return {"count": "units", "count_facts": [] if listed == [QUANTITY] else listed}
    if len(listed) > 1:
        return {"count": "keep"}
    known = listed[0]
    if "fact" in known:
        return {"count": "units", "count_facts": [known["fact"]], "at_most": known.get("at_most")}
    keys = {"minutes": "minutes", "start": "from", "end": "to", "per": "per", "way": "count",
            "free": "free", "grace": "grace", "at_most": "at_most"}  # fmt: skip
    return {"count": "minutes", **{name: known[key] for name, key in keys.items() if key in known}}
