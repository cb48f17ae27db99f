"""The published JSON schema is the shape that the reader reads: shipped files fit it, what it refuses is refused."""

import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from core.pricing.format import SHIPPED, examine
from core.pricing.steps import STEP_KINDS
from core.pricing.vocabulary import COMPONENT_KINDS, ROUNDINGS, UNITS
from tests.core.pricing.documents import document
from tests.core.pricing.test_step_files import GOOD, of

FILE = Path(__file__).parents[3] / "docs" / "reference" / "tariff.schema.json"
SCHEMA = json.loads(FILE.read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA)


def fits(value):
    return not list(VALIDATOR.iter_errors(value))


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.stem)
def test_a_shipped_tariff_fits_it(path):
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(path.read_bytes()))] == []


@pytest.mark.parametrize("kind", GOOD)
def test_every_kind_of_step_fits_it_and_its_keys_are_the_reader_s(kind):
    assert fits(of(kind))
    assert not fits(of(kind, {"colour": "red"}))
    (found,) = (
        step for step in SCHEMA["$defs"]["step"]["oneOf"] if step["properties"]["kind"]["const"] == kind
    )
    rule = STEP_KINDS[kind]
    assert set(found["required"]) == {"kind", *rule.keys}
    assert set(found["properties"]) == {"kind", "when", *rule.keys, *rule.optional_keys}


def test_its_words_are_the_reader_s():
    assert len(SCHEMA["$defs"]["step"]["oneOf"]) == len(STEP_KINDS)
    assert SCHEMA["$defs"]["unit"]["enum"] == list(UNITS)
    assert SCHEMA["$defs"]["rounding"]["enum"] == list(ROUNDINGS)
    assert SCHEMA["$defs"]["component"]["properties"]["kind"]["enum"] == list(COMPONENT_KINDS)


def _places(value, path=()):
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from _places(child, (*path, key))


@pytest.mark.parametrize("name", ["alsh-houssay", "periscolaire-roncq", "retard-massy", "alsh-fleury"])
@pytest.mark.parametrize("wrong", [None, 2.5, -1, "", "-1", {}, {"colour": "red"}])
def test_what_it_refuses_the_reader_refuses_too(name, wrong):
    """An editor that trusts the schema never rejects a file that Parvis would have taken."""
    whole = json.loads((SHIPPED / f"{name}.json").read_bytes())
    tried = refused = 0
    for path in list(_places(whole))[1::13]:
        value = copy.deepcopy(whole)
        place = value
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = wrong
        tried += 1
        if not fits(value):
            refused += 1
            assert examine(value).errors, path
    assert tried > 4
    assert refused > tried / 4


def test_it_says_what_is_needed():
    for key in ("format", "code", "decision", "validity", "components", "examples"):
        value = document()
        del value[key]
        assert not fits(value), key
