"""Cases worked out by hand."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.backoffice.forms import NativeDate
from core.backoffice.tariff_forms.fields import RowsForm, SpokenField, number_field, written
from core.contracts.pricing import Fact
from core.pricing import sketch, spoken
from core.pricing.vocabulary import QF


class ExamplesForm(RowsForm):
    """Cases worked out by hand, with their price. A row without a name adds its price to the case above."""

    least = 6

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        self.facts = sketch.asked_facts(document)
        super().__init__(*args, values=list(self._rows(document["examples"])), **kwargs)

    def _rows(self, examples: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
        for example in examples:
            cases = [example["situation"]] if "situation" in example else example["cases"]
            lines = " ; ".join(
                f"{line['product']} {spoken.shown_number(line['amount'])}"
                for line in example.get("lines", ())
            )
            said = {
                "name": example["name"],
                "expected": written(example.get("expected")),
                "refused": example.get("refused", False),
                "on": example.get("on"),
                "lines": lines,
            }
            for rank, case in enumerate(cases):
                yield {**({} if rank else said), **self._stated(case)}

    def _stated(self, case: Mapping[str, Any]) -> dict[str, Any]:
        chosen = ("choice", "boolean")
        return {
            f"f_{fact.name}": str(case[fact.name])
            if fact.type in chosen
            else spoken.write_stated(case[fact.name], fact)
            for fact in self.facts
            if fact.name in case
        }

    def row_fields(self) -> dict[str, forms.Field]:
        return {
            "name": forms.CharField(label=_("Le cas"), max_length=200, required=False),
            **{f"f_{fact.name}": self._field(fact) for fact in self.facts},
            "expected": number_field(_("Prix attendu (€)"), money=True),
            "refused": forms.BooleanField(label=_("Pas de prix"), required=False),
            "on": forms.DateField(label=_("Jour"), required=False, widget=NativeDate),
            "lines": SpokenField(_read_lines, label=_("Lignes attendues")),
        }

    def _field(self, fact: Fact) -> forms.Field:
        label = "QF" if fact.name == QF else fact.label[:1].upper() + fact.label[1:]
        if fact.type in ("choice", "boolean"):
            usual = "—" if fact.required else _("habituel")
            choices = [("", usual), *((str(value), words) for value, words in fact.values)]
            return forms.ChoiceField(label=label, choices=choices, required=False)
        return SpokenField(lambda words: spoken.read_stated(words, fact), label=label)

    def clean_row(self, index: int, row: dict[str, Any]) -> None:
        if not row["name"]:
            if not self.kept:
                self.wrong(index, "name", _("Donnez un nom à cet exemple."))
            if row["expected"] or row["refused"]:
                self.wrong(
                    index, "name", _("Nommez ce cas, ou laissez son prix vide : il s’ajoute au précédent.")
                )
        elif bool(row["expected"]) == bool(row["refused"]):
            self.wrong(index, "expected", _("Donnez le prix attendu, ou cochez « pas de prix »."))

    def changed(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with these examples."""
        examples: list[dict[str, Any]] = []
        for _index, row in self.kept:
            situation = self._situation(row)
            if not row["name"]:
                before = examples[-1]
                cases = before.pop("cases", None) or [before.pop("situation")]
                before["cases"] = [*cases, situation]
                continue
            example: dict[str, Any] = {"name": row["name"], "situation": situation}
            if row["on"]:
                example["on"] = row["on"].isoformat()
            example |= {"refused": True} if row["refused"] else {"expected": row["expected"]}
            if row["lines"]:
                example["lines"] = row["lines"]
            examples.append(example)
        return {**document, "examples": examples}

    def _situation(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A measure left empty is one that the family did not prove."""
        found: dict[str, Any] = {}
        for fact in self.facts:
            said = row[f"f_{fact.name}"]
            if fact.type in ("quotient", "number"):
                found[fact.name] = said
            elif said not in (None, ""):
                codes = {str(value): value for value, _words in fact.values}
                found[fact.name] = codes[said] if fact.type in ("choice", "boolean") else said
        return found


def _read_lines(words: str) -> list[dict[str, str]]:
    found = []
    for piece in words.split(";"):
        product, _space, amount = piece.strip().rpartition(" ")
        if not product:
            raise spoken.Unreadable(_("Écrivez chaque ligne comme « repas 4,40 », séparées par « ; »."))
        number = Decimal(spoken.plain_number(amount))
        found.append({"product": product.strip(), "amount": format(number, ".2f")})
    return found
