"""Forms that compose a tariff: each published rule reads back from them as it was, and bad input is told in place."""

import json
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from core.backoffice.tariff_forms import (
    DerivedForm,
    ExamplesForm,
    FactsForm,
    GeneralForm,
    PartForm,
    step_form,
)
from core.pricing import sketch
from core.pricing.engine import run_examples
from core.pricing.format import SHIPPED, declared, parse
from tests.core.pricing.documents import document

RULES = sorted(path.stem for path in SHIPPED.glob("*.json"))
EVERYTHING = document(
    facts={
        "hours": {"type": "decimal", "label": "heures", "default": "1"},
        "term": {"type": "integer", "label": "trimestre", "values": {"1": "premier", "2": "second"}, "default": 1},
        "arrival": {"type": "time", "label": "arrivée"},
        "income": {"type": "number", "label": "revenu"},
    },
    derived={
        "quotient_municipal": {"label": "quotient municipal", "sum": ["income"], "less": ["hours"],
                               "divided_by": ["term", "12"], "places": 1, "rounding": "up"},
    },
    ranks={"basis": "day", "order": "youngest"},
    rounding="down",
    cost_per_unit="9.40",
    note="Le goûter est compris.",
    components=[
        {
            "kind": "care",
            "product": "accueil",
            "label": "Accueil",
            "unit": "quarter_hour",
            "when": {"arrival": {"above": "07:30"}, "qf": [{"below": "400"}, None]},
            "count": {"from": "07:30", "to": "arrival", "per": 15, "count": "full", "grace": 5, "at_most": 8},
            "debtor": "ccas",
            "steps": [
                {"kind": "rate", "on": "qf", "rate": "0.003", "plus": "1.00", "base_min": "200",
                 "base_max": "2000", "missing": "highest"},
                {"kind": "linear", "on": "income", "points": [{"at": "0", "amount": "1.00"},
                 {"at": "900", "amount": "4.50"}], "missing": "2.00"},
                {"kind": "brackets", "on": "hours", "brackets": [{"from": "0", "to": "2", "amount": "1.00"},
                 {"above": "3", "to": None, "amount": "2.00"}], "missing": "refuse", "hole": "1.50"},
                {"kind": "table", "axes": [
                    {"on": "qf", "brackets": [{"from": "0", "below": "300"}, {"from": "300", "to": None}],
                     "missing": "lowest", "drop": {"by": 1, "when": {"child_rank": {"from": 3}}}},
                    {"on": "resident", "values": [True, False]}, {"on": "term", "values": [1, 2]}],
                 "amounts": [[["1.00", "2.00"], [None, "3.00"]], [["4.00", "5.00"], ["6.00", "7.00"]]]},
                {"kind": "clamp", "min": "1.00", "max": "9.00"},
                {"kind": "take", "percent": "50", "label": "Acompte"},
                {"kind": "multiply", "by_fact": "hours"},
                {"kind": "multiply", "by": "1.5"},
                {"kind": "reduce", "percent": "10", "when": {"child_rank": [2, {"from": 4}]}},
                {"kind": "increase", "percent": "5"},
                {"kind": "round", "mode": "up", "to": "0.05"},
            ],
            "then": [{"kind": "part", "parts": 2, "of": "term"}, {"kind": "add", "amount": "1.00"},
                     {"kind": "subtract", "amount": "0.50", "label": "Aide"}],
        },
        {"kind": "meal", "product": "repas", "label": "Repas", "count": {"fact": "hours", "at_most": 3},
         "steps": [{"kind": "fixed", "amount": "2.00"}]},
    ],
    examples=[{"name": "Un cas", "situation": {"qf": {"value": "500", "month": "2026-01", "kind": "msa"},
               "arrival": "08:15", "income": None}, "on": "2026-10-01", "expected": "2.00"}],
)  # fmt: skip
"""Every kind of step and every option of a part, in one tariff that makes no sense."""


def typed(form: forms.Form, **changes: Any) -> QueryDict:
    """What a browser sends of a form that was opened and not touched."""
    data = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list):
            data.setlist(name, [str(one) for one in value])
        elif value is not None and value is not False:
            data[name] = "on" if value is True else str(value)
    for name, value in changes.items():
        data[name] = value
    return data


def through_forms(known: dict[str, Any]) -> dict[str, Any]:
    """The document as the forms give it back, each opened then saved untouched."""
    made = json.loads(json.dumps(known))
    general = GeneralForm(typed(GeneralForm(initial={**GeneralForm.initial_of(made), "revision": 0})))
    assert general.is_valid(), general.errors
    made = general.changed(made)
    facts = FactsForm(typed(FactsForm(document=made, initial={"revision": 0})), document=made)
    assert facts.is_valid(), facts.errors
    made = facts.changed(made)
    derived = DerivedForm(typed(DerivedForm(document=made, initial={"revision": 0})), document=made)
    assert derived.is_valid(), derived.errors
    made = derived.changed(made)
    for index, part in enumerate(made["components"]):
        blank = PartForm(document=made, part=part, initial={"revision": 0})
        form = PartForm(typed(blank), document=made, part=part)
        assert form.is_valid(), form.errors
        part = form.made
        for chain in sketch.CHAINS:
            for rank, step in enumerate(part.get(chain, [])):
                options = {"kind": step["kind"], "facts": declared(made), "step": step}
                steps = step_form(data=typed(step_form(initial={"revision": 0}, **options)), **options)
                assert steps.is_valid(), steps.errors
                part[chain][rank] = steps.made
        made["components"][index] = part
    examples = ExamplesForm(typed(ExamplesForm(document=made, initial={"revision": 0})), document=made)
    assert examples.is_valid(), examples.errors
    return examples.changed(made)


def test_there_are_rules_to_try() -> None:
    assert len(RULES) == 33


@pytest.mark.parametrize("known", [*RULES, "everything"])
def test_a_published_rule_goes_through_the_forms_unchanged(known: str) -> None:
    before = EVERYTHING if known == "everything" else json.loads((SHIPPED / f"{known}.json").read_bytes())
    made = through_forms(before)
    was, now = parse(before), parse(made)
    assert now.facts == was.facts
    assert now.components == was.components
    for name in (
        "ranks",
        "rounding",
        "cost_per_unit",
        "note",
        "decision",
        "valid_from",
        "valid_to",
        "source",
    ):
        assert getattr(now, name) == getattr(was, name)
    assert [(one.name, one.expected, one.lines) for one in now.examples] == [
        (one.name, one.expected, one.lines) for one in was.examples
    ]
    if known != "everything":
        assert not [result for result in run_examples(now) if result.failure]
    else:
        assert made == before
