"""The published rules of French communes (``cases/tariffs.json``), one by one, against the tariffs that encode them."""

import ast
import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest

from core.contracts.money import ZERO, Money
from core.pricing.engine import price
from core.pricing.format import SHIPPED, parse, shipped
from tests.core.pricing.published import RULES

FILE = Path(__file__).parent / "cases" / "tariffs.json"
DIGEST = "9e526287a22733f0d03e6b765e56c63daea50c743cd2e6cae0d3016b61ab98c0"
PUBLISHED = json.loads(FILE.read_bytes(), parse_float=Decimal)
CASES = [
    pytest.param(rule["id"], example["inputs"], example["expected_price_eur"], id=f"{rule['id']}-{number}")
    for rule in PUBLISHED
    for number, example in enumerate(rule["examples"], start=1)
]


def test_the_published_file_is_unchanged():
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == DIGEST


def test_every_rule_and_every_example_is_there():
    assert [rule["id"] for rule in PUBLISHED] == list(RULES)
    assert (len(RULES), len(CASES)) == (24, 93)


@pytest.mark.parametrize(("rule", "inputs", "expected"), CASES)
def test_a_published_example_is_an_example_of_its_tariff_and_its_price(rule, inputs, expected):
    tariff = parse(shipped(RULES[rule].file(inputs)))
    situations = RULES[rule].situations(tariff, inputs)
    due = Money.of(Decimal(expected))
    told = [example for example in tariff.examples if _same(tariff, example.situations, situations)]
    assert [example.expected for example in told] == [due]
    assert sum((price(tariff, situation).total for situation in situations), ZERO) == due


def _same(tariff, ours, published):
    """Whether the published case states what an example states; a fact left out has its default on both sides."""

    def whole(situation):
        usual = {name: fact.default for name, fact in tariff.facts.items() if not fact.required}
        return situation.on, usual | dict(situation.facts)

    return [whole(one) for one in ours] == [whole(one) for one in published]


@pytest.mark.parametrize("rule", PUBLISHED, ids=lambda rule: rule["id"])
def test_a_tariff_names_the_page_that_it_was_read_on(rule):
    for name in RULES[rule["id"]].files:
        source = parse(shipped(name)).source
        assert source.url == rule["source"]
        assert rule["period"] is None or source.period
        assert source.note


def test_no_rule_has_code_of_its_own():
    """No name of a town, nor of a shipped file, in the engine: a rule is its file and nothing else."""
    words = {path.stem for path in SHIPPED.glob("*.json")}
    for path in SHIPPED.glob("*.json"):
        document = json.loads(path.read_bytes())
        words |= {document["code"], document["source"]["town"].split(" (")[0].split(",")[0]}
    words -= {"alsh", "restauration-scolaire"}  # codes that are also common words
    swept = 0
    for path in SHIPPED.parent.rglob("*.py"):
        swept += 1
        texts = [
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [word for word in words for text in texts if word in text], path
    assert swept > 10
    assert len(words) > 50
