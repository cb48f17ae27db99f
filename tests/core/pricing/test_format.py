"""Files that are not valid: each refused with its path and its reason, and nothing guessed."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pricing.engine import run_examples
from core.pricing.format import SHIPPED, Examination, digest, examine, load, parse
from core.pricing.reading import MAX_DEPTH, InvalidTariffError
from core.pricing.steps import POLICIES, STEP_KINDS
from core.pricing.vocabulary import COMMON_FACTS, COMPONENT_KINDS, ROUNDINGS, UNITS
from tests.core.pricing.documents import brackets, document

STEP = "components[0].steps[0]"
OPEN = {"from": "0", "to": None, "amount": "1.00"}


def errors(value):
    return {problem.path: problem.reason for problem in examine(value).errors}


def set_at(value, path, new):
    *parents, last = path
    for key in parents:
        value = value[key]
    if new is DELETE:
        del value[last]
    else:
        value[last] = new


DELETE = object()

COMPONENT = ("components", 0)
FIRST_STEP = (*COMPONENT, "steps", 0)
BRACKET = (*FIRST_STEP, "brackets", 1)
EXAMPLE = ("examples", 0)


@pytest.mark.parametrize(
    ("where", "new", "path", "reason"),
    [
        (("format",), "parvis/tariff@9", "format", "parvis/tariff@1"),
        (("code",), "Été", "code", "minuscules"),
        (("name",), "", "name", "vide"),
        (("name",), "a\u202eb", "name", "imprime"),
        (("name",), "x" * 201, "name", "200"),
        (("name",), 3, "name", "texte"),
        (("unit",), "lunch", "unit", "meal"),
        (("colour",), "red", "colour", "inconnue"),
        (("clé à part",), "red", '["cl\\u00e9 \\u00e0 part"]', "inconnue"),
        (("service",), DELETE, "service", "manque"),
        (("decision",), {"number": "1"}, "decision.date", "manque"),
        (("decision",), {"number": "1", "date": "30/06/2026"}, "decision.date", "2026-09-01"),
        (("validity",), {"from": "2026-02-30", "to": None}, "validity.from", "date"),
        (("validity",), {"from": "2026-09-01", "to": "2026-08-31"}, "validity.to", "précède"),
        (("rounding",), "bankers", "rounding", "half_up"),
        (("components",), [], "components", "de 1 à 20"),
        (("components",), {}, "components", "liste"),
        (("examples",), [], "examples", "de 1 à"),
        ((*COMPONENT,), "repas", "components[0]", "objet"),
        ((*COMPONENT, "kind"), "food", "components[0].kind", "care"),
        ((*COMPONENT, "product"), "a b", "components[0].product", "minuscules"),
        ((*COMPONENT, "unit"), "lunch", "components[0].unit", "meal"),
        ((*COMPONENT, "when"), {"colour": "red"}, "components[0].when.colour", "déclaré"),
        ((*COMPONENT, "when"), {"qf": "300"}, "components[0].when.qf", "ne se compare pas"),
        ((*COMPONENT, "when"), {"resident": "yes"}, "components[0].when.resident", "true ou false"),
        ((*COMPONENT, "when"), {"child_rank": [1, True]}, "components[0].when.child_rank[1]", "entier"),
        ((*FIRST_STEP,), {}, f"{STEP}.kind", "manque"),
        ((*FIRST_STEP, "kind"), "magic", f"{STEP}.kind", "« magic » n’est pas connu"),
        ((*FIRST_STEP, "kind"), ["fixed"], f"{STEP}.kind", "n’est pas connu"),
        ((*FIRST_STEP, "missing"), DELETE, f"{STEP}.missing", "manque"),
        ((*FIRST_STEP, "missing"), "last", f"{STEP}.missing", "highest"),
        ((*FIRST_STEP, "missing"), 2, f"{STEP}.missing", "highest"),
        ((*FIRST_STEP, "hole"), "highest", f"{STEP}.hole", "pas de trou"),
        ((*BRACKET, "amount"), "-2.00", f"{STEP}.brackets[1].amount", "négatif"),
        ((*BRACKET, "amount"), 2, f"{STEP}.brackets[1].amount", "guillemets"),
        ((*BRACKET, "amount"), 2.5, f"{STEP}.brackets[1].amount", "guillemets"),
        ((*BRACKET, "amount"), "2,50", f"{STEP}.brackets[1].amount", "guillemets"),
        ((*BRACKET, "amount"), "NaN", f"{STEP}.brackets[1].amount", "guillemets"),
        ((*BRACKET, "amount"), "1.1234567", f"{STEP}.brackets[1].amount", "guillemets"),
        ((*BRACKET, "to"), DELETE, f"{STEP}.brackets[1].to", "borne haute manque"),
        ((*BRACKET, "above"), DELETE, f"{STEP}.brackets[1].from", "borne basse manque"),
        ((*BRACKET, "below"), "700", f"{STEP}.brackets[1].to", "écrite deux fois"),
        ((*BRACKET, "to"), "700.001", f"{STEP}.brackets[1].to", "2 décimales"),
        ((*BRACKET, "to"), "300", f"{STEP}.brackets[1]", "vide"),
        ((*BRACKET, "to"), None, f"{STEP}.brackets[2]", "chevauche"),
        ((*BRACKET, "above"), None, f"{STEP}.brackets[1].above", "guillemets"),
        ((*EXAMPLE, "situation"), {"colour": "red"}, "examples[0].situation.colour", "déclaré"),
        ((*EXAMPLE, "situation"), {"qf": 400}, "examples[0].situation.qf", "guillemets"),
        ((*EXAMPLE, "situation"), {"qf": "99999999"}, "examples[0].situation.qf", "trop grand"),
        ((*EXAMPLE, "situation"), {"qf": {"value": "1", "month": "2026"}}, "examples[0].situation.qf.month", "date"),
        ((*EXAMPLE, "expected"), DELETE, "examples[0].expected", "refused"),
        ((*EXAMPLE, "refused"), True, "examples[0].expected", "refused"),
        ((*EXAMPLE, "expected"), 1.0, "examples[0].expected", "guillemets"),
        ((*EXAMPLE, "lines"), [{"product": "repas", "amount": "2.00"}], "examples[0].lines", "somme"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_path_and_its_reason(where, new, path, reason):
    value = document()
    set_at(value, where, new)
    found = errors(value)
    assert path in found
    assert reason in found[path]
    with pytest.raises(InvalidTariffError):
        parse(value)


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"resident": {"type": "boolean", "label": "x"}}, "facts.resident"),
        ({"Format": {"type": "boolean", "label": "x"}}, "facts.Format"),
        ({"form": {"type": "date", "label": "x"}}, "facts.form.type"),
        ({"form": {"type": "choice", "label": "x"}}, "facts.form.values"),
        (
            {"form": {"type": "choice", "label": "x", "values": {"a": "A"}, "default": "b"}},
            "facts.form.default",
        ),
        ({"form": {"type": "boolean", "label": "x", "values": {"yes": "oui"}}}, "facts.form.values.yes"),
        ({"form": {"type": "integer", "label": "x", "values": {"-1": "oui"}}}, 'facts.form.values["-1"]'),
        ([], "facts"),
    ],
)
def test_a_fact_is_declared_with_care(facts, path):
    assert path in errors(document(facts=facts))


@pytest.mark.parametrize(
    ("rows", "path", "reason"),
    [
        ([OPEN, OPEN], f"{STEP}.brackets[1]", "chevauche"),
        (
            [{"from": "0", "to": "500", "amount": "1.00"}, {"from": "500", "to": None, "amount": "2.00"}],
            f"{STEP}.brackets[1]",
            "quotient 500",
        ),
        (
            [{"from": "501", "to": None, "amount": "1.00"}, {"from": "0", "to": "500", "amount": "2.00"}],
            f"{STEP}.brackets[1]",
            "basse à la plus haute",
        ),
        (
            [{"from": "0", "to": "500", "amount": "1.00"}, {"from": "501", "to": None, "amount": "2.00"}],
            f"{STEP}.brackets[1]",
            "de 500,01 à 500,99 inclus",
        ),
        ([{"from": "1", "to": None, "amount": "1.00"}], f"{STEP}.brackets[0]", "aucune tranche sous 1"),
        ([{"from": "0", "to": "900", "amount": "1.00"}], f"{STEP}.brackets[0]", "au-dessus de 900"),
        ([], f"{STEP}.brackets", "de 1 à 200"),
    ],
)
def test_overlaps_are_refused_and_so_are_holes_that_the_tariff_does_not_answer_for(rows, path, reason):
    found = errors(brackets(*rows))
    assert reason in found[path]


def test_a_hole_that_the_tariff_answers_for_is_a_warning():
    rows = [{"from": "0", "to": "500", "amount": "1.00"}, {"from": "501", "to": None, "amount": "2.00"}]
    examination = examine(brackets(*rows, hole="highest"))
    assert examination.tariff is not None
    assert [problem.path for problem in examination.warnings] == [f"{STEP}.brackets[1]"]


def test_all_the_mistakes_are_told_at_once():
    value = document(code="É", unit="x")
    value["components"][0]["kind"] = "x"
    assert {"code", "unit", "components[0].kind"} <= set(errors(value))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "JSON"),
        ("{", "ligne 1, colonne 2"),
        ("{'format': 1}", "JSON"),
        (b"\xff\xfe{}", "UTF-8"),
        ("[" * 100_000, f"{MAX_DEPTH} niveaux"),
        ('{"a":' * 50 + "1" + "}" * 50, f"{MAX_DEPTH} niveaux"),
        (" " * 1_000_001, "1 Mo"),
        ('\\"' * 400_000, "JSON"),
    ],
)
def test_text_that_is_no_tariff_is_refused(text, reason):
    with pytest.raises(InvalidTariffError, match=reason):
        load(text)


def test_brackets_inside_a_text_are_not_levels():
    assert load(json.dumps({"note": "[{" * 100 + '\\"'})) == {"note": "[{" * 100 + '\\"'}


def test_a_byte_order_mark_is_harmless():
    assert load(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize("number", ["2.40", "NaN", "Infinity", "-Infinity", "1e400", "9" * 5000])
def test_a_bare_number_is_never_an_amount(number):
    text = json.dumps(document()).replace('"2.00"', number)
    found = examine(load(text)).errors
    assert [problem.path for problem in found] == [f"{STEP}.brackets[1].amount"]
    assert "guillemets" in found[0].reason


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('"code": "cantine"', '"code": "a", "code": "cantine"', "code"),
        ('"above": "400"', '"above": "300", "above": "400"', f"{STEP}.brackets[1].above"),
        ('"situation": {', '"situation": {"qf": null, ', "examples[0].situation.qf"),
    ],
)
def test_a_key_written_twice_is_refused(old, new, path):
    text = json.dumps(document())
    assert old in text
    found = {problem.path: problem.reason for problem in examine(load(text.replace(old, new, 1))).errors}
    assert "deux fois" in found[path]


@pytest.mark.parametrize("value", [None, [], "x", 3, {}, {"format": []}])
def test_a_document_that_is_no_object_of_ours(value):
    assert examine(value).errors


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


def places(value, path=()):
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from places(child, (*path, key))


@settings(max_examples=300)
@given(st.data())
def test_whatever_is_put_anywhere_gets_an_answer_never_a_crash(data):
    value = json.loads((SHIPPED / "alsh-saint-medard-en-jalles.json").read_text())
    where = data.draw(st.sampled_from([path for path in places(value) if path]))
    set_at(value, where, data.draw(json_values))
    examination = examine(value)
    assert isinstance(examination, Examination)
    assert (examination.tariff is None) == bool(examination.errors)
    for problem in examination.problems:
        str(problem).encode()


def test_the_digest_ignores_order_and_nothing_else():
    value = document()
    assert digest(dict(reversed(value.items()))) == digest(value) == parse(value).digest
    assert digest(document(name="Autre")) != digest(value)


DECLARED = {
    "annual_income": {"type": "number", "label": "revenu annuel", "default": None},
    "reference_income": {"type": "number", "label": "revenu fiscal", "default": None},
    "benefits": {"type": "number", "label": "prestations", "default": None},
    "tax_shares": {"type": "decimal", "label": "parts", "default": "1"},
    "coefficient": {"type": "decimal", "label": "coefficient", "default": "1"},
    "days": {"type": "integer", "label": "journées", "default": 1},
    "children": {"type": "integer", "label": "enfants", "default": 1},
    "minutes": {"type": "integer", "label": "minutes", "default": 0},
    "term": {"type": "integer", "label": "trimestre", "default": 1},
    "arrival": {"type": "time", "label": "arrivée", "default": "07:30"},
    "departure": {"type": "time", "label": "départ", "default": "18:00"},
    "pickup": {"type": "time", "label": "départ", "default": "18:00"},
}


def test_the_reference_shows_what_is_read():
    """Every piece of the page is put into a tariff that is then read and tried."""
    page = (Path(__file__).parents[3] / "docs/reference/tariff-format.md").read_text(encoding="utf-8")
    facts, derived, *blocks, example = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    shown = [
        json.loads(piece)
        for piece in (*blocks, *re.findall(r"`(\{[^`]*\})`", page))
        if not re.search("…|date|town", piece)
    ]
    steps = [piece for piece in shown if "kind" in piece and piece["kind"] in STEP_KINDS]
    counts = [piece for piece in shown if "per" in piece or "fact" in piece]
    conditions = [
        piece for piece in shown if any(name in piece for name in ("qf", "resident", "child_rank", "pickup"))
    ]
    assert {step["kind"] for step in steps} == set(STEP_KINDS) - {"brackets"}
    assert (len(counts), len(conditions)) == (4, 5), (counts, conditions)
    value = document(
        facts=json.loads(f"{{{facts}}}")["facts"] | DECLARED,
        **json.loads(f"{{{derived}}}"),
        examples=[json.loads(example)],
    )
    value["components"] += [
        value["components"][0] | {"product": "autre", "when": {"term": 9}, "count": counts[0]},
        value["components"][0] | {"product": "autre", "when": {"term": 9}, "count": ["days", *counts[1:]]},
        *(value["components"][0] | {"product": "autre", "when": {"term": 9} | when} for when in conditions),
    ]
    last = {"kind": "fixed", "amount": "4.00"}
    value["components"][0]["steps"] = [*(step | {"when": {"term": 9}} for step in steps), last]
    assert errors(value) == {}
    assert [result.failure for result in run_examples(parse(value))] == [None]
    words = [*UNITS, *COMPONENT_KINDS, *ROUNDINGS, *COMMON_FACTS, *STEP_KINDS, *POLICIES]
    assert [word for word in words if f"`{word}`" not in page and f'"{word}"' not in page] == []
