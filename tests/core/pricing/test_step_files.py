"""Steps, counts, facts and metadata written wrongly: each mistake refused with its path and its reason."""

import copy
import json

import pytest

from core.pricing.format import SHIPPED, examine, load
from core.pricing.models import TariffVersion
from core.pricing.reading import MAX_DEPTH, InvalidTariffError
from core.pricing.services import import_tariff
from core.pricing.steps import STEP_KINDS
from tests.core.pricing.documents import document

STEP = "components[0].steps[0]"
ROWS = [{"from": "0", "below": "500"}, {"from": "500", "to": None}]
FACTS = {
    "term": {"type": "integer", "label": "échéance"},
    "pickup": {"type": "time", "label": "reprise"},
    "income": {"type": "number", "label": "revenu"},
    "slot": {"type": "choice", "label": "moment", "values": {"am": "matin", "pm": "après-midi"}},
}
GOOD = {
    "fixed": {"amount": "1.00"},
    "qf_brackets": {
        "brackets": [{**ROWS[0], "amount": "1.00"}, {**ROWS[1], "amount": "2.00"}],
        "missing": "refuse",
    },
    "brackets": {
        "on": "income",
        "brackets": [{**ROWS[0], "amount": "1.00"}, {**ROWS[1], "amount": "2.00"}],
        "missing": "refuse",
    },
    "table": {
        "axes": [{"on": "qf", "brackets": ROWS, "missing": "refuse"}, {"on": "slot", "values": ["am", "pm"]}],
        "amounts": [["1.00", "2.00"], ["3.00", None]],
    },
    "rate": {"on": "qf", "rate": "0.0036", "missing": "refuse"},
    "linear": {
        "on": "qf",
        "points": [{"at": "0", "amount": "1.00"}, {"at": "900", "amount": "5.00"}],
        "missing": "refuse",
    },
    "clamp": {"min": "1.00", "max": "2.00"},
    "add": {"amount": "1.00"},
    "subtract": {"amount": "1.00"},
    "increase": {"percent": "50"},
    "reduce": {"percent": "50"},
    "take": {"percent": "50"},
    "multiply": {"by": "2"},
    "round": {"mode": "half_up", "to": "0.05"},
    "part": {"parts": 3, "of": "term"},
}
DELETE = object()


def of(kind, changes=None, **component):
    """A document whose first step has that kind and those changes: ``{"axes[0].missing": DELETE}``."""
    step = {"kind": kind, **copy.deepcopy(GOOD[kind])}
    for where, new in (changes or {}).items():
        *parents, last = where.replace("]", "").replace("[", ".").split(".")
        place = step
        for key in parents:
            place = place[int(key) if isinstance(place, list) else key]
        last = int(last) if isinstance(place, list) else last
        if new is DELETE:
            del place[last]
        else:
            place[last] = new
    part = {"kind": "care", "product": "accueil", "label": "Accueil", "steps": [step], **component}
    return document(components=[part], facts=FACTS)


def errors(value):
    return {problem.path: problem.reason for problem in examine(value).errors}


def test_every_kind_is_tried():
    assert set(GOOD) == set(STEP_KINDS)


@pytest.mark.parametrize("kind", GOOD)
def test_what_is_right_is_read(kind):
    assert errors(of(kind)) == {}


@pytest.mark.parametrize("kind", GOOD)
def test_every_kind_refuses_a_key_it_does_not_know_and_the_lack_of_one_it_needs(kind):
    assert "inconnue" in errors(of(kind, {"colour": "red"}))[f"{STEP}.colour"]
    for key in STEP_KINDS[kind].keys:
        assert "manque" in errors(of(kind, {key: DELETE}))[f"{STEP}.{key}"]
    assert "déclaré" in errors(of(kind, {"when": {"weather": "rain"}}))[f"{STEP}.when.weather"]


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("wrong", [[], {}, True, 3, 2.5, "", None])
def test_every_key_of_every_kind_refuses_a_wrong_type_under_its_own_path(kind, wrong):
    tried = 0
    for key in GOOD[kind]:
        if (key, wrong) == ("parts", 3):
            continue
        found = errors(of(kind, {key: wrong}))
        assert found, (key, wrong)
        assert all(path.startswith(f"{STEP}.{key}") or path == STEP for path in found), (key, wrong, found)
        tried += 1
    assert tried or kind == "part"


@pytest.mark.parametrize(
    ("kind", "changes", "path", "reason"),
    [
        # negative
        ("fixed", {"amount": "-1.00"}, ".amount", "négatif"),
        ("brackets", {"brackets[0].amount": "-1.00"}, ".brackets[0].amount", "négatif"),
        ("table", {"amounts[0][1]": "-1.00"}, ".amounts[0][1]", "négatif"),
        ("rate", {"rate": "-0.01"}, ".rate", "négatif"),
        ("rate", {"plus": "-1"}, ".plus", "négatif"),
        ("linear", {"points[0].amount": "-1"}, ".points[0].amount", "négatif"),
        ("clamp", {"min": "-1"}, ".min", "négatif"),
        ("add", {"amount": "-1"}, ".amount", "négatif"),
        ("subtract", {"amount": "-1"}, ".amount", "négatif"),
        ("increase", {"percent": "-1"}, ".percent", "négatif"),
        ("multiply", {"by": "-1"}, ".by", "négatif"),
        ("round", {"to": "-0.05"}, ".to", "négatif"),
        # overlap, hole, missing bound
        ("brackets", {"brackets[0].below": "501"}, ".brackets[1]", "chevauche"),
        ("brackets", {"brackets[0].below": "499"}, ".brackets[1]", "aucune tranche"),
        ("brackets", {"brackets[1].to": DELETE}, ".brackets[1].to", "borne haute manque"),
        ("table", {"axes[0].brackets[0].below": "501"}, ".axes[0].brackets[1]", "chevauche"),
        ("table", {"axes[0].brackets[0].below": "499"}, ".axes[0].brackets[1]", "aucune tranche"),
        ("table", {"axes[0].brackets[1].to": DELETE}, ".axes[0].brackets[1].to", "borne haute manque"),
        ("linear", {"points[1].at": "0"}, ".points[1].at", "du plus bas au plus haut"),
        ("linear", {"points[1]": DELETE}, ".points", "de 2 à 50"),
        ("clamp", {"max": "0.50"}, ".max", "sous le plancher"),
        ("rate", {"base_min": "900", "base_max": "500"}, ".base_max", "au-dessus du minimum"),
        ("rate", {"missing": "highest"}, ".missing", "base_max"),
        # tables of the wrong size or depth
        ("table", {"amounts": ["1.00", "2.00"]}, ".amounts[0]", "une liste de 2"),
        ("table", {"amounts[1]": DELETE}, ".amounts", "une liste de 2 éléments"),
        ("table", {"amounts[1]": ["1.00"]}, ".amounts[1]", "ici : 1"),
        ("table", {"amounts[0][0]": ["1.00"]}, ".amounts[0][0]", "guillemets"),
        ("table", {"amounts[0][0]": [[[["1.00"]]]]}, ".amounts[0][0]", "guillemets"),
        ("table", {"axes": []}, ".axes", "de 1 à 5"),
        ("table", {"axes": [{"on": "slot", "values": ["am"]}] * 6}, ".axes", "de 1 à 5"),
        ("table", {"axes[0]": {"on": "slot", "values": ["am", "pm"]}}, ".axes", "même fait"),
        ("table", {"axes[1].values": ["am", "am"]}, ".axes[1].values[1]", "déjà sa place"),
        ("table", {"axes[1].values": ["am", ["pm", "am"]]}, ".axes[1].values[1]", "déjà sa place"),
        ("table", {"axes[1].values": ["am", "noon"]}, ".axes[1].values[1]", "pas connu"),
        ("table", {"axes[1].on": "weather"}, ".axes[1].on", "pas connu"),
        ("table", {"axes[0].missing": DELETE}, ".axes[0].missing", "manque"),
        ("table", {"axes[0].drop": {"by": 0, "when": {}}}, ".axes[0].drop.by", "de 1 à 50"),
        # wrong values
        ("brackets", {"on": "slot"}, ".on", "pas connu"),
        ("rate", {"on": "pickup"}, ".on", "pas connu"),
        ("rate", {"rate": "0.0000001"}, ".rate", "guillemets"),
        ("increase", {"percent": "1001"}, ".percent", "1000 % au plus"),
        ("reduce", {"percent": "101"}, ".percent", "100 % au plus"),
        ("multiply", {"by_fact": "term"}, "", "l’un des deux"),
        ("multiply", {"by": DELETE}, "", "l’un des deux"),
        ("multiply", {"by": DELETE, "by_fact": "slot"}, ".by_fact", "pas connu"),
        ("round", {"to": "0"}, ".to", "plus grand que zéro"),
        ("round", {"mode": "nearest"}, ".mode", "half_up"),
        ("part", {"parts": 1}, ".parts", "de 2 à 60"),
        ("part", {"parts": "3"}, ".parts", "entier"),
        ("part", {"of": "slot"}, ".of", "pas connu"),
        ("clamp", {"min": DELETE, "max": DELETE}, "", "« min », « max »"),
        # spans of conditions
        ("fixed", {"when": {"qf": {}}}, ".when.qf", "au moins une borne"),
        ("fixed", {"when": {"qf": {"from": "9", "above": "9"}}}, ".when.qf", "pas les deux"),
        ("fixed", {"when": {"qf": {"from": "9", "to": "8"}}}, ".when.qf", "sous la borne basse"),
        ("fixed", {"when": {"qf": {"from": 9}}}, ".when.qf.from", "guillemets"),
        ("fixed", {"when": {"pickup": {"from": "25:00"}}}, ".when.pickup.from", "18:30"),
        ("fixed", {"when": {"slot": {"from": "am"}}}, ".when.slot", "pas connu"),
        ("fixed", {"when": {"child_rank": {"from": "3"}}}, ".when.child_rank.from", "entier"),
    ],
)  # fmt: skip
def test_each_mistake_of_a_step_has_its_path_and_its_reason(kind, changes, path, reason):
    found = errors(of(kind, changes))
    assert STEP + path in found
    assert reason in found[STEP + path]


@pytest.mark.parametrize(
    ("count", "path", "reason"),
    [
        ("weather", "", "pas connu"),
        ("slot", "", "pas connu"),
        (3, "", "objet"),
        ([], "", "de 1 à 5"),
        (["quantity"] * 6, "", "de 1 à 5"),
        ({"fact": "quantity", "at_most": 0}, ".at_most", "de 1 à"),
        ({"minutes": "term"}, ".per", "manque"),
        ({"minutes": "term", "per": 0}, ".per", "de 1 à"),
        ({"minutes": "term", "per": "30"}, ".per", "entier"),
        ({"minutes": "term", "per": 30, "from": "19:00"}, "", "donnez « minutes »"),
        ({"per": 30}, "", "donnez « minutes »"),
        ({"from": "19:00", "per": 30}, ".to", "18:30"),
        ({"from": "19 h", "to": "pickup", "per": 30}, ".from", "18:30"),
        ({"minutes": "pickup", "per": 30}, ".minutes", "pas connu"),
        ({"minutes": "term", "per": 30, "grace": -1}, ".grace", "de 0 à"),
        ({"minutes": "term", "per": 30, "count": "begun"}, ".count", "started"),
    ],
)
def test_each_mistake_of_a_count_has_its_path_and_its_reason(count, path, reason):
    found = errors(of("fixed", count=count))
    assert f"components[0].count{path}" in found
    assert reason in found[f"components[0].count{path}"]


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"ranks": {"basis": "street"}}, "ranks.basis", "household"),
        ({"ranks": {"basis": "day", "order": "tallest"}}, "ranks.order", "eldest"),
        ({"ranks": {}}, "ranks.basis", "manque"),
        ({"cost_per_unit": "-1.00"}, "cost_per_unit", "négatif"),
        ({"cost_per_unit": 9}, "cost_per_unit", "guillemets"),
        ({"note": ""}, "note", "vide"),
        ({"derived": {"q": {"label": "quotient", "sum": []}}}, "derived.q.sum", "de 1 à"),
        ({"derived": {"q": {"label": "quotient", "sum": ["weather"]}}}, "derived.q.sum[0]", "pas connu"),
        ({"derived": {"q": {"sum": ["quantity"]}}}, "derived.q.label", "manque"),
        ({"derived": {"qf": {"label": "q", "sum": ["quantity"]}}}, "derived.qf", "déjà ce nom"),
        (
            {"derived": {"q": {"label": "q", "sum": ["quantity"], "divided_by": ["0"]}}},
            "derived.q.divided_by[0]",
            "zéro",
        ),
        (
            {"derived": {"q": {"label": "q", "sum": ["quantity"], "places": 3}}},
            "derived.q.places",
            "0, 1 ou 2",
        ),
        ({"examples": [{"name": "x", "expected": "1.00"}]}, "examples[0]", "situation"),
        ({"examples": [{"name": "x", "cases": [], "expected": "1.00"}]}, "examples[0].cases", "de 1 à"),
        (
            {"examples": [{"name": "x", "cases": [{"weather": 1}], "expected": "1.00"}]},
            "examples[0].cases[0].weather",
            "déclaré",
        ),
    ],
)
def test_each_mistake_of_the_document_has_its_path_and_its_reason(changes, path, reason):
    found = errors(document(**changes))
    assert path in found
    assert reason in found[path]


def test_a_third_party_is_named_by_a_code():
    assert "minuscules" in errors(of("fixed", debtor="La CAF"))["components[0].debtor"]


@pytest.mark.parametrize("kind", GOOD)
def test_a_step_may_stand_after_the_quantity_too(kind):
    step = {"kind": kind, **GOOD[kind]}
    assert errors(of("fixed", then=[step])) == {}
    assert "inconnue" in errors(of("fixed", then=[{**step, "colour": 1}]))["components[0].then[0].colour"]


def test_a_table_that_would_fill_the_memory_is_refused_before_it_is_read():
    names = [f"f{index}" for index in range(4)]
    facts = {
        name: {"type": "choice", "label": name, "values": {f"v{value}": "x" for value in range(20)}}
        for name in names
    }
    axes = [{"on": name, "values": [f"v{value}" for value in range(20)]} for name in names]
    value = document(facts=facts)
    value["components"][0]["steps"] = [{"kind": "table", "axes": axes, "amounts": []}]
    assert "160000 cases" in errors(value)[f"{STEP}.axes"]


def test_a_table_that_is_nested_too_deep_is_refused_before_it_is_read():
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    text = json.dumps(of("table", {"amounts": "HERE"})).replace('"HERE"', deep)
    with pytest.raises(InvalidTariffError, match=f"{MAX_DEPTH} niveaux"):
        load(text)


# Nothing is half-imported


@pytest.mark.django_db
@pytest.mark.parametrize("kind", GOOD)
def test_a_file_that_is_refused_leaves_nothing_behind(kind):
    with pytest.raises(InvalidTariffError):
        import_tariff(document=of(kind, {"colour": "red"}))
    assert not TariffVersion.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_refused_leaves_the_draft_of_the_same_code_as_it_was():
    before = import_tariff(document=document())
    with pytest.raises(InvalidTariffError):
        import_tariff(document=document(name="Autre", unit="lunch"))
    kept = TariffVersion.objects.get()
    assert (kept.pk, kept.name, kept.digest) == (before.pk, before.name, before.digest)


@pytest.mark.django_db
def test_every_shipped_tariff_may_be_imported():
    paths = sorted(SHIPPED.glob("*.json"))
    for path in paths:
        import_tariff(document=load(path.read_bytes()))
    assert TariffVersion.objects.count() == len(paths)
