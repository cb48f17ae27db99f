"""Steps of a price, but tables: each form gives the step as a document holds it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _

from core.backoffice.tariff_forms.fields import (
    ROUNDING_CHOICES,
    Choices,
    RowsForm,
    SpokenField,
    condition_fields,
    condition_of,
    number_field,
    written,
)
from core.contracts.pricing import Fact
from core.pricing import spoken
from core.pricing.axes import Interval, holes, read_interval
from core.pricing.explain import typeset
from core.pricing.format import examine_step
from core.pricing.reading import Reader
from core.pricing.vocabulary import QF

Facts = Mapping[str, Fact]
AMOUNT: Final = "amount"


def policies() -> Choices:
    return [
        ("highest", _("le prix le plus élevé")),
        ("lowest", _("le prix le plus bas")),
        ("refuse", _("aucun : le tarif ne donne pas de prix")),
        (AMOUNT, _("ce prix :")),
    ]


def of_types(facts: Facts, *types: str) -> Choices:
    return [(fact.name, fact.label) for fact in facts.values() if fact.type in types]


MEASURED: Final = ("quotient", "decimal", "number", "integer")


def _field(name: str, facts: Facts) -> forms.Field:
    """The field of one key of a step."""
    money = {
        "amount": _("Prix (€)"),
        "plus": _("Puis ajouter (€)"),
        "min": _("Au moins (€)"),
        "max": _("Au plus (€)"),
    }
    numbers = {
        "percent": _("Pourcentage"),
        "rate": _("Taux (0,0027 pour 0,27 %)"),
        "base_min": _("Compter au moins"),
        "base_max": _("Compter au plus"),
        "by": _("Coefficient"),
        "to": _("Par pas de (€)"),
    }
    if name in money:
        return number_field(money[name], money=True, required=name == "amount")
    if name in numbers:
        return number_field(numbers[name], required=name in ("percent", "rate"))
    match name:
        case "label":
            return forms.CharField(
                label=_("Mots de l’explication"), max_length=100, required=False,
                help_text=_("Ce que la famille lit, par exemple « Réduction fratrie »."),
            )  # fmt: skip
        case "on":
            return forms.ChoiceField(label=_("Mesure"), choices=of_types(facts, *MEASURED))
        case "by_fact":
            choices = [("", _("celui écrit ci-contre")), *of_types(facts, "integer", "decimal")]
            return forms.ChoiceField(label=_("Ou donné par"), choices=choices, required=False)
        case "mode":
            return forms.ChoiceField(label=_("Arrondi"), choices=ROUNDING_CHOICES)
        case "parts":
            return forms.IntegerField(label=_("En combien de fois"), min_value=2, max_value=60)
    return forms.ChoiceField(label=_("Quelle fois ?"), choices=of_types(facts, "integer"))


SCALARS: Final[Mapping[str, tuple[str, ...]]] = {
    "fixed": ("amount", "label"),
    "qf_brackets": (),
    "brackets": ("on",),
    "rate": ("on", "rate", "plus", "base_min", "base_max"),
    "linear": ("on",),
    "clamp": ("min", "max"),
    "add": ("amount", "label"),
    "subtract": ("amount", "label"),
    "increase": ("percent", "label"),
    "reduce": ("percent", "label"),
    "take": ("percent", "label"),
    "multiply": ("by", "by_fact", "label"),
    "round": ("mode", "to"),
    "part": ("parts", "of"),
}


class StepForm(RowsForm):
    """A step without rows: its numbers, and the case in which it applies."""

    spare: ClassVar[int] = 0

    def __init__(
        self, *args: Any, kind: str, facts: Facts, step: Mapping[str, Any] | None, **kwargs: Any
    ) -> None:
        self.kind, self.facts, self.step = kind, facts, step or {}
        super().__init__(*args, values=self.values_of(self.step), **kwargs)
        for name in SCALARS.get(kind, ()):
            field = self.fields[name] = _field(name, facts)
            known = self.step.get(name)
            field.initial = written(known) if isinstance(field, SpokenField) else known
        self.build()
        self.fields.update(condition_fields(facts, self.step.get("when", {})))

    def values_of(self, step: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        return ()

    def row_fields(self) -> dict[str, forms.Field]:
        return {}

    def build(self) -> None:
        """Fields of this shape of step."""
        if self.kind == "rate":
            self.policy_fields("missing", self.step.get("missing", "highest"))

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields above the rows."""
        hidden = {"revision", "rows", "shape"}
        return [
            self[name]
            for name in self.fields
            if name not in hidden and not name.startswith("when_") and not re.match(r"r\d+_|cell_|a\d_", name)
        ]

    @property
    def condition(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("when_")]

    @property
    def has_condition(self) -> bool:
        return any(field.value() for field in self.condition)

    def policy_fields(self, name: str, known: Any, *, prefix: str = "", required: bool = True) -> None:
        """What is paid in a case that the rows do not hold: a choice, and the amount of the last one."""
        labels = {
            "missing": _("Sans justificatif, on paie"),
            "hole": _("Dans un trou entre deux tranches, on paie"),
        }
        priced = known is not None and known not in ("highest", "lowest", "refuse")
        choices = [*([] if required else [("", _("il n’y a pas de trou"))]), *policies()]
        self.fields[f"{prefix}{name}"] = forms.ChoiceField(
            label=labels[name], choices=choices, required=required, initial=AMOUNT if priced else known
        )
        self.fields[f"{prefix}{name}_amount"] = number_field(
            _("Ce prix (€)"), money=True, initial=written(known) if priced else ""
        )

    def policy(self, cleaned: Mapping[str, Any], name: str) -> Any:
        chosen = cleaned.get(name)
        if chosen != AMOUNT:
            return chosen
        if not cleaned.get(f"{name}_amount"):
            self.add_error(f"{name}_amount", _("Écrivez ce prix."))
        return cleaned.get(f"{name}_amount")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.made: dict[str, Any] = {}
        if not self.errors:
            made = {"kind": self.kind, **self.body(cleaned)}
            if when := condition_of(cleaned, self.facts, self.step.get("when", {})):
                made["when"] = when
            self.made = made
            if not self.errors:
                self._examine(made)
        return cleaned

    def body(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The keys of the step."""
        found = {name: cleaned[name] for name in SCALARS.get(self.kind, ()) if cleaned.get(name)}
        if "missing" in self.fields:
            found["missing"] = self.policy(cleaned, "missing")
        if self.kind == "multiply" and ("by" in found) == ("by_fact" in found):
            self.add_error("by", _("Écrivez un coefficient, ou choisissez le critère qui le donne."))
        if self.kind == "clamp" and not found:
            self.add_error("min", _("Donnez un plancher, un plafond ou les deux."))
        return found

    def _examine(self, made: Mapping[str, Any]) -> None:
        for problem in examine_step(made, self.facts):
            if problem.level == "error":
                field = self.place_of(problem.path)
                reason = problem.reason[:1].upper() + problem.reason[1:]
                self.add_error(field if field in self.fields else None, typeset(f"{reason}."))

    def place_of(self, path: str) -> str:
        """The field that shows what a path names."""
        return path


class BracketsForm(StepForm):
    """Prices by bracket, one row each, in any order."""

    spare = 2
    least = 6

    def values_of(self, step: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        return [
            {"bounds": spoken.write_bounds(row, whole=True), "amount": written(row["amount"])}
            for row in step.get("brackets", ())
        ]

    def row_fields(self) -> dict[str, forms.Field]:
        return {
            "bounds": SpokenField(lambda words: spoken.read_bounds(words, whole=True), label=_("Tranche")),
            "amount": number_field(_("Prix (€)"), money=True),
        }

    def build(self) -> None:
        if self.kind == "brackets":
            self.fields["on"].choices = [  # type: ignore[attr-defined]
                (name, label) for name, label in of_types(self.facts, *MEASURED) if name != QF
            ]
        self.fields["joined"] = forms.BooleanField(
            label=_(
                "Les centimes ne comptent pas : après « 0 à 599 », « 600 à 999 », 599,50 est dans la première"
            ),
            required=False,
        )
        self.policy_fields("missing", self.step.get("missing", "highest"))
        self.policy_fields("hole", self.step.get("hole"), required=False)

    def clean_row(self, index: int, row: dict[str, Any]) -> None:
        for name, words in (("bounds", _("Écrivez la tranche.")), ("amount", _("Écrivez son prix."))):
            if row[name] is None:
                self.wrong(index, name, words)

    def body(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        found = super().body(cleaned)
        if not self.kept:
            self.add_error("r0_bounds", _("Écrivez au moins une tranche."))
            return found
        self.kept.sort(key=lambda kept: low_of(kept[1]["bounds"]))
        bounds = [row["bounds"] for _index, row in self.kept]
        if cleaned["joined"]:
            bounds = join(bounds)
        found["brackets"] = [
            {**bound, "amount": row["amount"]} for bound, (_i, row) in zip(bounds, self.kept, strict=True)
        ]
        told = tell_holes(bounds, _("quotient") if self.kind == "qf_brackets" else _("valeur"))
        chosen = self.policy(cleaned, "hole")
        if told and not chosen:
            ask = _("Dites ce que paie une famille qui y tombe, ou cochez « Les centimes ne comptent pas ».")
            self.add_error(
                "hole", typeset(" ".join([f"{words[:1].upper()}{words[1:]}." for words in told] + [ask]))
            )
        return found | ({"hole": chosen} if told and chosen else {})

    def place_of(self, path: str) -> str:
        if match := re.match(r"brackets\[(\d+)\](?:\.(\w+))?", path):
            index = self.kept[int(match[1])][0]
            return f"r{index}_{'amount' if match[2] == 'amount' else 'bounds'}"
        return path


def low_of(bounds: Mapping[str, Any]) -> Decimal:
    return Decimal(bounds.get("from") or bounds.get("above") or "0")


def join(bounds: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same brackets, those that are one unit or less apart made to touch: 0 to 599 ends before 600."""
    made = [dict(row) for row in bounds]
    for row, following in pairwise(made):
        last, first = row.get("to"), following.get("from")
        if last is not None and first is not None and 0 < Decimal(first) - Decimal(last) <= 1:
            del row["to"]
            row["below"] = first
    return made


def tell_holes(bounds: Iterable[Mapping[str, Any]], noun: str) -> list[str]:
    """What no bracket holds, in words; nothing while a bracket is not readable or the brackets overlap."""
    reader = Reader()
    rows = [read_interval(reader, row, "") for row in bounds]
    known: list[Interval] = [row for row in rows if row is not None]
    if len(known) < len(rows) or not known:
        return []
    return [words for _place, words in holes(known, "", noun)]


class LinearForm(StepForm):
    """Points of a line."""

    spare = 2
    least = 6

    def values_of(self, step: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        return [
            {"at": written(row["at"]), "amount": written(row["amount"])} for row in step.get("points", ())
        ]

    def row_fields(self) -> dict[str, forms.Field]:
        return {"at": number_field(_("À cette valeur")), "amount": number_field(_("Prix (€)"), money=True)}

    def build(self) -> None:
        self.policy_fields("missing", self.step.get("missing", "highest"))

    def clean_row(self, index: int, row: dict[str, Any]) -> None:
        for name, words in (("at", _("Écrivez la valeur.")), ("amount", _("Écrivez son prix."))):
            if row[name] is None:
                self.wrong(index, name, words)

    def body(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        found = super().body(cleaned)
        if len(self.kept) < 2:
            self.add_error("r0_at", _("Une progression a deux points au moins."))
            return found
        self.kept.sort(key=lambda kept: Decimal(kept[1]["at"]))
        return found | {"points": [dict(row) for _index, row in self.kept]}

    def place_of(self, path: str) -> str:
        if match := re.match(r"points\[(\d+)\]\.(\w+)", path):
            return f"r{self.kept[int(match[1])][0]}_{match[2]}"
        return path
