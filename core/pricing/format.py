"""The file format of tariffs, ``parvis/tariff@1``: a document read, validated and ready to price. Pure.

The reference is ``docs/reference/tariff-format.md``. Reasons are plain French, not translated: the command
needs nothing but the file, and the digest of an explanation must not depend on a language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from core.contracts.money import ZERO, Money
from core.contracts.pricing import (
    Component,
    Decision,
    Derived,
    Example,
    ExpectedLine,
    Fact,
    FactValue,
    Ranks,
    Situation,
    Source,
    Step,
    Tariff,
)
from core.pricing.conditions import fact_value as _fact_value
from core.pricing.conditions import read_condition
from core.pricing.counts import read_counts
from core.pricing.reading import InvalidTariffError, Problem, Reader, join, load, shown
from core.pricing.steps import STEP_KINDS
from core.pricing.vocabulary import COMMON_FACTS, COMPONENT_KINDS, QUANTITY, ROUNDINGS, UNITS

FORMAT = "parvis/tariff@1"
DECLARED_TYPES = ("boolean", "integer", "choice", "number", "decimal", "time")
"""Types of facts that a tariff may declare."""
SHIPPED = Path(__file__).parent / "tariffs"
"""Published tariffs of other towns, used by the demo and as models."""


@dataclass(frozen=True, slots=True)
class Examination:
    """A tariff and its warnings, or no tariff and at least one error."""

    tariff: Tariff | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "warning")


def digest(document: Mapping[str, Any]) -> str:
    """Name of a document: two documents that differ only by order of keys or by spaces have the same one."""
    return sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read(text: str | bytes) -> Tariff:
    """A tariff from the text of its file. Raises InvalidTariffError."""
    return parse(load(text))


def parse(document: Mapping[str, Any]) -> Tariff:
    """A tariff from its document. Raises InvalidTariffError with every error."""
    examination = examine(document)
    if examination.tariff is None:
        raise InvalidTariffError(*examination.errors)
    return examination.tariff


def shipped(name: str) -> dict[str, Any]:
    """The document of a tariff delivered with Parvis, by the name of its file without ``.json``."""
    return dict(load((SHIPPED / f"{name}.json").read_bytes()))


def examine(document: Any) -> Examination:
    """Everything that can be said of a document, without raising."""
    reader = Reader()
    tariff = _tariff(reader, document)
    return Examination(tariff if reader.is_valid else None, tuple(reader.problems))


def declared(document: Mapping[str, Any]) -> dict[str, Fact]:
    """The facts that a document may use, computed ones included; those that are not valid are left out."""
    reader = Reader()
    facts = _facts(reader, document.get("facts", {}))
    derived = _derived(reader, document["derived"], facts) if "derived" in document else {}
    return facts | {each.name: Fact(each.name, "number", each.label) for each in derived.values()}


def examine_step(step: Any, facts: Mapping[str, Fact]) -> tuple[Problem, ...]:
    """Everything that can be said of one step alone; paths start inside it."""
    reader = Reader()
    _step(reader, step, "", facts)
    return tuple(
        Problem(problem.path.removeprefix("."), problem.reason, problem.level) for problem in reader.problems
    )


def _tariff(reader: Reader, document: Any) -> Tariff | None:
    # Before all else: a file of another format deserves that answer alone.
    if isinstance(document, dict) and document.get("format") != FORMAT:
        reader.error("format", f"« {FORMAT} » est attendu, pas {shown(document.get('format'))}")
        return None
    data = reader.object(
        document,
        "",
        ("format", "code", "name", "service", "unit", "decision", "validity", "components", "examples"),
        ("source", "facts", "derived", "ranks", "rounding", "cost_per_unit", "note"),
    )
    if data is None:
        return None
    code = reader.slug(data["code"], "code")
    name = reader.text(data["name"], "name")
    service = reader.slug(data["service"], "service")
    unit = reader.choice(data["unit"], "unit", UNITS)
    decision = _decision(reader, data["decision"])
    source = _source(reader, data["source"]) if "source" in data else None
    validity = _validity(reader, data["validity"])
    rounding = reader.choice(data.get("rounding", "half_up"), "rounding", ROUNDINGS)
    facts = _facts(reader, data.get("facts", {}))
    derived = _derived(reader, data["derived"], facts) if "derived" in data else {}
    stated = dict(facts)
    facts |= {each.name: Fact(each.name, "number", each.label) for each in derived.values()}
    ranks = _ranks(reader, data["ranks"]) if "ranks" in data else Ranks()
    cost = _money(reader, data["cost_per_unit"], "cost_per_unit") if "cost_per_unit" in data else None
    note = (reader.text(data["note"], "note", at_most=1000) or "") if "note" in data else ""
    components = [
        _component(reader, item, path, facts, unit)
        for path, item in reader.items(data["components"], "components", at_most=20)
    ]
    first_day = validity[0] if validity else date.min
    examples = [
        _example(reader, item, path, stated, first_day)
        for path, item in reader.items(data["examples"], "examples", at_most=1000)
    ]
    if (
        not reader.is_valid
        or code is None
        or name is None
        or service is None
        or unit is None
        or rounding is None
    ):
        return None
    assert validity is not None  # noqa: S101 - a reader without error has read it
    kept = tuple(component for component in components if component is not None)
    return Tariff(
        code=code,
        name=name,
        service=service,
        unit=UNITS[unit],
        decision=decision,
        source=source,
        valid_from=validity[0],
        valid_to=validity[1],
        rounding=ROUNDINGS[rounding][0],
        facts=facts,
        reads=_reads(kept, derived),
        components=kept,
        examples=tuple(example for example in examples if example is not None),
        digest=digest(data),
        derived=derived,
        ranks=ranks,
        cost_per_unit=cost,
        note=note,
    )


def _reads(components: tuple[Component, ...], derived: Mapping[str, Derived]) -> tuple[str, ...]:
    """Names of the stated facts that can change a price; a derived one stands for those that it is made of."""
    names: set[str] = set()
    for component in components:
        names.update(name for name, _ in component.when)
        for count in component.counts:
            names |= count.reads
        for step in (*component.steps, *component.then):
            names.update(name for name, _ in step.when)
            names |= step.rule.reads
    for each in derived.values():
        if each.name in names:
            names.remove(each.name)
            names.update((*each.plus, *each.less, *(by for by in each.divided_by if isinstance(by, str))))
    return tuple(sorted(names))


def _ranks(reader: Reader, value: Any) -> Ranks:
    data = reader.object(value, "ranks", ("basis",), ("order",))
    if data is None:
        return Ranks()
    basis = reader.choice(data["basis"], "ranks.basis", ("household", "service", "day"))
    order = reader.choice(data.get("order", "eldest"), "ranks.order", ("eldest", "youngest"))
    return Ranks() if basis is None or order is None else Ranks(basis, order)  # type: ignore[arg-type]


def _derived(reader: Reader, value: Any, facts: Mapping[str, Fact]) -> dict[str, Derived]:
    found: dict[str, Derived] = {}
    for name, item in reader.free_object(value, "derived", at_most=10).items():
        path = join("derived", name)
        data = reader.object(item, path, ("label", "sum"), ("less", "divided_by", "places", "rounding"))
        if data is None or reader.name(name, path) is None:
            continue
        if name in facts:
            reader.error(path, "un fait porte déjà ce nom")
            continue
        label = reader.text(data["label"], f"{path}.label")
        plus = _measures(reader, data["sum"], f"{path}.sum", facts)
        less = _measures(reader, data["less"], f"{path}.less", facts) if "less" in data else ()
        by = (
            _divisors(reader, data["divided_by"], f"{path}.divided_by", facts) if "divided_by" in data else ()
        )
        places = data.get("places", 2)
        if places not in (0, 1, 2) or isinstance(places, bool):
            reader.error(f"{path}.places", "0, 1 ou 2 est attendu")
        rounding = reader.choice(data.get("rounding", "half_up"), f"{path}.rounding", ROUNDINGS)
        if label is not None and rounding is not None:
            found[name] = Derived(name, label, plus, less, by, places, ROUNDINGS[rounding][0])
    return found


def _measures(reader: Reader, value: Any, path: str, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    usable = [
        name for name, fact in facts.items() if fact.type in ("number", "decimal", "integer", "quotient")
    ]
    read = [reader.choice(item, where, usable) for where, item in reader.items(value, path, at_most=20)]
    return tuple(name for name in read if name is not None)


def _divisors(reader: Reader, value: Any, path: str, facts: Mapping[str, Fact]) -> tuple[str | Decimal, ...]:
    read: list[str | Decimal] = []
    for where, item in reader.items(value, path, at_most=5):
        if isinstance(item, str) and item[:1].isdigit():
            number = reader.decimal(item, where, places=2, what="un nombre")
            if number == 0:
                reader.error(where, "on ne divise pas par zéro")
            elif number is not None:
                read.append(number)
        else:
            read += _measures(reader, [item], path, facts)
    return tuple(read)


def _decision(reader: Reader, value: Any) -> Decision | None:
    if value is None:
        reader.warning("decision", "la délibération n’est pas indiquée")
        return None
    data = reader.object(value, "decision", ("number", "date"))
    if data is None:
        return None
    number = reader.text(data["number"], "decision.number", at_most=100)
    day = reader.day(data["date"], "decision.date")
    return None if number is None or day is None else Decision(number, day)


def _source(reader: Reader, value: Any) -> Source | None:
    data = reader.object(value, "source", ("town",), ("url", "period", "note"))
    if data is None:
        return None
    texts = {
        key: reader.text(data[key], f"source.{key}", at_most=500, blank=key != "town") or "" for key in data
    }
    return Source(**texts) if reader.is_valid else None


def _validity(reader: Reader, value: Any) -> tuple[date, date | None] | None:
    data = reader.object(value, "validity", ("from", "to"))
    if data is None:
        return None
    first = reader.day(data["from"], "validity.from")
    last = None if data["to"] is None else reader.day(data["to"], "validity.to")
    if first is None or (data["to"] is not None and last is None):
        return None
    if last is not None and last < first:
        reader.error("validity.to", "la fin de validité précède le début")
        return None
    return first, last


# Facts and their values


def _facts(reader: Reader, value: Any) -> dict[str, Fact]:
    facts = dict(COMMON_FACTS)
    for name, item in reader.free_object(value, "facts", at_most=50).items():
        path = join("facts", name)
        if reader.name(name, path) is None:
            continue
        if name in COMMON_FACTS:
            reader.error(path, "ce fait existe déjà dans tous les tarifs : ne le déclarez pas")
            continue
        fact = _fact(reader, name, item, path)
        if fact is not None:
            facts[name] = fact
    return facts


def _fact(reader: Reader, name: str, value: Any, path: str) -> Fact | None:
    data = reader.object(value, path, ("type", "label"), ("values", "default"))
    if data is None:
        return None
    kind = reader.choice(data["type"], f"{path}.type", DECLARED_TYPES)
    label = reader.text(data["label"], f"{path}.label")
    if kind is None or label is None:
        return None
    values: list[tuple[FactValue, str]] = []
    given = reader.free_object(data.get("values", {}), f"{path}.values")
    for key, words in given.items():
        where = join(f"{path}.values", key)
        known = _value_of_key(reader, kind, key, where)
        text = reader.text(words, where)
        if known is not None and text is not None:
            values.append((known, text))
    if kind == "choice" and not given:
        reader.error(f"{path}.values", "un choix énumère ses valeurs et leurs noms")
    fact = Fact(name, kind, label, tuple(values), required="default" not in data)  # type: ignore[arg-type]
    if "default" in data:
        default = _fact_value(reader, data["default"], f"{path}.default", fact)
        return Fact(name, fact.type, label, tuple(values), default)
    return fact


def _value_of_key(reader: Reader, kind: str, key: str, path: str) -> FactValue:
    """Keys of a JSON object are texts: ``"true"``, ``"3"``, ``"day_meal"``."""
    if kind == "choice":
        return reader.name(key, path)
    if kind == "boolean" and key in ("true", "false"):
        return key == "true"
    if kind == "integer" and key.isascii() and key.isdigit() and len(key) <= 9:
        return int(key)
    expected = {"boolean": "« true » ou « false » est attendu", "integer": "un nombre entier est attendu"}
    reader.error(path, expected.get(kind, "les valeurs de ce fait n’ont pas de nom"))
    return None


# Components and examples


def _component(
    reader: Reader, value: Any, path: str, facts: Mapping[str, Fact], usual_unit: str | None
) -> Component | None:
    data = reader.object(
        value, path, ("kind", "product", "label", "steps"), ("unit", "when", "count", "then", "debtor")
    )
    if data is None:
        return None
    kind = reader.choice(data["kind"], f"{path}.kind", COMPONENT_KINDS)
    product = reader.slug(data["product"], f"{path}.product")
    label = reader.text(data["label"], f"{path}.label", at_most=100)
    when = read_condition(reader, data.get("when", {}), f"{path}.when", facts)
    steps, then = (
        [
            _step(reader, item, item_path, facts)
            for item_path, item in reader.items(
                data.get(key, []), f"{path}.{key}", at_least=at_least, at_most=50
            )
        ]
        for key, at_least in (("steps", 1), ("then", 0))
    )
    counts = read_counts(reader, data.get("count", QUANTITY), f"{path}.count", facts)
    debtor = (reader.slug(data["debtor"], f"{path}.debtor") or "") if "debtor" in data else ""
    unit = reader.choice(data["unit"], f"{path}.unit", UNITS) if "unit" in data else usual_unit
    if kind is None or product is None or label is None or unit is None:
        return None
    return Component(
        kind,
        product,
        label,
        UNITS[unit],
        when,
        tuple(step for step in steps if step is not None),
        counts,
        tuple(step for step in then if step is not None),
        debtor,
    )


def _step(reader: Reader, value: Any, path: str, facts: Mapping[str, Fact]) -> Step | None:
    if not isinstance(value, dict) or "kind" not in value:
        reader.object(value, path, ("kind",))
        return None
    kind = reader.choice(value["kind"], f"{path}.kind", STEP_KINDS)
    if kind is None:
        return None
    step_kind = STEP_KINDS[kind]
    data = reader.object(value, path, ("kind", *step_kind.keys), ("when", *step_kind.optional_keys))
    if data is None:
        return None
    when = read_condition(reader, data.get("when", {}), f"{path}.when", facts)
    rule = step_kind.parse(reader, data, path, facts)
    return None if rule is None else Step(kind, when, rule)


def _example(
    reader: Reader, value: Any, path: str, facts: Mapping[str, Fact], first_day: date
) -> Example | None:
    data = reader.object(value, path, ("name",), ("situation", "cases", "on", "expected", "lines", "refused"))
    if data is None:
        return None
    name = reader.text(data["name"], f"{path}.name")
    on = reader.day(data["on"], f"{path}.on") if "on" in data else first_day
    if ("situation" in data) == ("cases" in data):
        reader.error(
            path, "donnez « situation », ou « cases » (plusieurs situations dont les prix s’ajoutent)"
        )
        return None
    listed = (
        [(f"{path}.situation", data["situation"])]
        if "situation" in data
        else reader.items(data["cases"], f"{path}.cases", at_most=50)
    )
    situations = [_stated(reader, item, item_path, facts) for item_path, item in listed]
    refused = data.get("refused", False)
    if ("expected" in data) == (refused is True) or not isinstance(refused, bool):
        reader.error(f"{path}.expected", 'un exemple a un prix attendu, ou bien "refused": true')
        return None
    expected = _money(reader, data["expected"], f"{path}.expected") if "expected" in data else None
    lines = _expected_lines(reader, data["lines"], f"{path}.lines") if "lines" in data else ()
    if lines and expected is not None and sum((line.amount for line in lines), ZERO) != expected:
        reader.error(f"{path}.lines", "la somme des lignes n’est pas le prix attendu")
    if name is None or on is None:
        return None
    return Example(name, tuple(Situation(on, stated) for stated in situations), expected, lines)


def _stated(reader: Reader, value: Any, path: str, facts: Mapping[str, Fact]) -> dict[str, FactValue]:
    known: dict[str, FactValue] = {}
    for name, item in reader.free_object(value, path).items():
        where = join(path, name)
        if name not in facts:
            reader.error(where, f"ce fait n’est pas déclaré (faits possibles : {', '.join(sorted(facts))})")
        else:
            known[name] = _fact_value(reader, item, where, facts[name])
    return known


def _expected_lines(reader: Reader, value: Any, path: str) -> tuple[ExpectedLine, ...]:
    lines = []
    for item_path, item in reader.items(value, path, at_most=20):
        data = reader.object(item, item_path, ("product", "amount"))
        if data is None:
            continue
        product = reader.slug(data["product"], f"{item_path}.product")
        amount = _money(reader, data["amount"], f"{item_path}.amount")
        if product is not None and amount is not None:
            lines.append(ExpectedLine(product, amount))
    return tuple(lines)


def _money(reader: Reader, value: Any, path: str) -> Money | None:
    amount = reader.decimal(value, path, places=2, what="un prix")
    return None if amount is None else Money.of(amount)
