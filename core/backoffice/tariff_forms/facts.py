"""The facts that a tariff declares beside those of all."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.tariff_forms.fields import Choices, RowsForm
from core.contracts.pricing import Fact
from core.pricing import sketch, spoken
from core.pricing.vocabulary import COMMON_FACTS

FACT_TYPES: Choices = [
    ("choice", gettext_lazy("un choix entre plusieurs valeurs")),
    ("boolean", gettext_lazy("oui ou non")),
    ("integer", gettext_lazy("un nombre entier")),
    ("decimal", gettext_lazy("une quantité, toujours connue (heures)")),
    ("number", gettext_lazy("un montant que la famille peut ne pas donner (revenu)")),
    ("time", gettext_lazy("une heure de la journée")),
]


class FactsForm(RowsForm):
    """The facts that a tariff declares: one row each."""

    spare = 2

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        self.own = sketch.own_facts({**document, "derived": {}})
        values = [
            {
                "label": fact.label,
                "type": fact.type,
                "values": "\n".join(_line(fact, value, label) for value, label in fact.values),
                "default": "" if fact.required else spoken.write_stated(fact.default, fact),
                "name": fact.name,
            }
            for fact in self.own
        ]
        super().__init__(*args, values=values, **kwargs)

    def row_fields(self) -> dict[str, forms.Field]:
        return {
            "label": forms.CharField(label=_("Critère"), max_length=200, required=False),
            "type": forms.ChoiceField(label=_("Nature"), choices=[("", "—"), *FACT_TYPES], required=False),
            "values": forms.CharField(
                label=_("Valeurs, une par ligne"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("Oui ou non : d’abord les mots du oui, puis ceux du non."),
            ),
            "default": forms.CharField(
                label=_("Valeur habituelle"),
                required=False,
                help_text=_("Vide : il faut toujours la donner."),
            ),
            "name": forms.CharField(required=False, max_length=50, widget=forms.HiddenInput),
        }

    def clean_row(self, index: int, row: dict[str, Any]) -> None:
        if not row["label"]:
            if row["name"] and not row["default"]:  # emptied: the row goes away
                row["gone"] = True
            else:
                self.wrong(index, "label", _("Donnez un nom à ce critère."))
            return
        if not row["type"]:
            self.wrong(index, "type", _("Choisissez sa nature."))
            return
        lines = [line.strip() for line in row["values"].splitlines() if line.strip()]
        known = {fact.name: fact for fact in self.own}
        before = known.get(row["name"])
        try:
            row["given"] = _values(row["type"], lines, before)
        except spoken.Unreadable as error:
            self.wrong(index, "values", str(error))
            return
        fact = Fact(row["name"] or "x", row["type"], row["label"], tuple(row["given"]))
        try:
            row["usual"] = spoken.read_stated(row["default"], fact) if row["default"] else None
        except spoken.Unreadable as error:
            self.wrong(index, "default", str(error))

    def changed(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with these facts; a new one is named after its label."""
        facts: dict[str, Any] = {}
        for _index, row in self.kept:
            if row.get("gone"):
                continue
            name = row["name"] or free_name(sketch.slug(row["label"], sign="_"), {*facts, *COMMON_FACTS})
            facts[name] = {"type": row["type"], "label": row["label"]}
            if row["given"]:
                facts[name]["values"] = {_key(value): label for value, label in row["given"]}
            if row["default"]:
                facts[name]["default"] = row["usual"]
        made = {**document, "facts": facts}
        if not facts:
            del made["facts"]
        return made


def _line(fact: Fact, value: Any, label: str) -> str:
    return f"{value} : {label}" if fact.type == "integer" else label


def _key(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    base = wanted if wanted[:1].isalpha() else f"f_{wanted}"
    names = (base, *(f"{base}_{number}" for number in range(2, 100)))
    return next(name for name in names if name not in taken)


def _values(kind: str, lines: list[str], before: Fact | None) -> list[tuple[Any, str]]:
    """Values and their names. A value keeps its code when its words are the same, or when only its words changed."""
    match kind:
        case "boolean":
            if len(lines) not in (0, 2):
                raise spoken.Unreadable(_("Deux lignes : les mots du oui, puis ceux du non."))
            return list(zip((True, False), lines or (_("oui"), _("non")), strict=True))
        case "integer":
            pairs = [line.partition(":") for line in lines]
            if any(not number.strip().isdigit() or not words.strip() for number, _sign, words in pairs):
                raise spoken.Unreadable(_("Une ligne par valeur, comme « 3 : troisième enfant »."))
            return [(int(number), words.strip()) for number, _sign, words in pairs]
        case "choice":
            if not lines:
                raise spoken.Unreadable(_("Écrivez les valeurs possibles, une par ligne."))
            known = {label: str(value) for value, label in before.values} if before else {}
            places = list(known.items()) if len(known) == len(lines) else []
            found: dict[str, str] = {}
            for rank, words in enumerate(lines):
                code = known.get(words) or (
                    places[rank][1] if places and places[rank][0] not in lines else ""
                )
                found[code or free_name(sketch.slug(words, sign="_"), {*found, *known.values()})] = words
            return list(found.items())
    if lines:
        raise spoken.Unreadable(_("Les valeurs de ce critère n’ont pas de nom : laissez vide."))
    return []
