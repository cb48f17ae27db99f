"""The engine: a tariff and a situation give a price that explains itself. Pure: no query, no clock.

A component whose condition holds gives one line. Its steps run in order; a step that sets the price makes the
earlier ones pointless, so the engine starts from the last such step that applies. The line is
``quantity × unit amount``, rounded once. Nothing is ever free by accident: a component that applies without a
price, or a situation without any component, is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from functools import lru_cache

from core.contracts.money import ZERO, Money
from core.contracts.pricing import (
    MEASURES,
    Component,
    Condition,
    Derived,
    Example,
    Explanation,
    ExplanationStep,
    Fact,
    FactError,
    FactValue,
    Price,
    PriceLine,
    PriceRefusedError,
    PricingError,
    Quotient,
    Situation,
    Step,
    Tariff,
    Unit,
    measure,
)
from core.pricing.conditions import hold
from core.pricing.explain import counted, day, euros, number, refusal, sentence, typeset
from core.pricing.vocabulary import ROUNDING_WORDS

PRICES_IN_MEMORY = 20_000
"""Distinct situations remembered by a process, all tariffs together (about 3 kB each)."""

_ABSENT = object()


def price(version: Tariff, situation: Situation) -> Price:
    """The price of a situation.

    Raises PriceRefusedError when the tariff gives none (its reason may be shown), FactError when the
    situation does not state what the tariff needs. Situations already met are remembered by the facts that
    the tariff reads.
    """
    if not version.covers(situation.on):
        reason = f"Le tarif « {version.name} » n’est pas en vigueur le {day(situation.on)}."
        raise refusal("validity", reason)
    stated = situation.facts
    return _remembered(version, *[stated.get(name, _ABSENT) for name in version.reads])


# typed: True, 1 and Decimal(1) are equal and hash alike, but only one of them has the declared type.
@lru_cache(maxsize=PRICES_IN_MEMORY, typed=True)
def _remembered(tariff: Tariff, *values: object) -> Price:
    facts = _Facts(tariff.facts, dict(zip(tariff.reads, values, strict=True)), tariff.derived, [])
    return _price(tariff, facts)


@dataclass(frozen=True, slots=True)
class _Facts:
    """Looks a fact up: its stated value, checked, or its default; a derived one is computed and told once."""

    declared: Mapping[str, Fact]
    stated: Mapping[str, object]
    derived: Mapping[str, Derived]
    told: list[ExplanationStep]

    def __call__(self, name: str) -> FactValue:
        if name in self.derived:
            return self._derive(self.derived[name])
        fact = self.declared[name]
        value = self.stated[name]
        if value is _ABSENT:
            if fact.required:
                reason = f"Le tarif a besoin de savoir : {fact.label} (fait « {name} »)."
                raise FactError("fact-missing", typeset(reason))
            return fact.default
        if not _fits(fact, value):
            reason = f"Valeur impossible pour {fact.label} (fait « {name} ») : {value!r}."
            raise FactError("fact-type", typeset(reason))
        return value  # type: ignore[return-value]

    def _derive(self, rule: Derived) -> Decimal | None:
        """The sentence is told at the first look."""
        plus = [measure(self(name)) for name in rule.plus]
        less = [measure(self(name)) for name in rule.less]
        by = [each if isinstance(each, Decimal) else measure(self(each)) for each in rule.divided_by]
        if None in (*plus, *less, *by) or 0 in by:
            return None
        result = sum(filter(None, plus), Decimal(0)) - sum(filter(None, less), Decimal(0))
        for divisor in filter(None, by):
            result /= divisor
        result = max(Decimal(0), result).quantize(Decimal(1).scaleb(-rule.places), rounding=rule.rounding)
        sums = " + ".join(number(each) for each in plus) + "".join(f" − {number(each)}" for each in less)  # type: ignore[arg-type]
        if (len(plus) > 1 or less) and by:
            sums = f"({sums})"
        words = (
            f"{rule.label[:1].upper()}{rule.label[1:]} : {sums}{''.join(f' ÷ {number(each)}' for each in by)}"  # type: ignore[arg-type]
        )
        said = sentence("derived", f"{words} = {number(result)}.")
        if said not in self.told:
            self.told.append(said)
        return result


def _fits(fact: Fact, value: object) -> bool:
    match fact.type:
        case "quotient":
            return value is None or isinstance(value, Quotient)
        case "decimal":
            return _is_quantity(value)
        case "number":
            return value is None or _is_quantity(value, 1_000_000_000)
        case "time":
            return isinstance(value, time)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "choice":
            return any(value == known for known, _ in fact.values)


def _is_quantity(value: object, below: int = 1_000_000) -> bool:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        return False
    return (not isinstance(value, Decimal) or value.is_finite()) and 0 <= value < below


@dataclass(frozen=True, slots=True)
class _Part:
    line: PriceLine
    told: tuple[Condition, ...]
    said: tuple[ExplanationStep, ...]


def _price(tariff: Tariff, facts: _Facts) -> Price:
    parts = [_part(tariff, part, facts) for part in tariff.components if hold(part.when, facts)]
    if not any(not part.line.debtor for part in parts):
        raise refusal("nothing", f"Le tarif « {tariff.name} » ne prévoit pas ce cas.")
    lines = tuple(part.line for part in parts if not part.line.debtor)
    shares = tuple(part.line for part in parts if part.line.debtor)
    total = sum((line.amount for line in lines), ZERO)
    return Price(lines, total, _explanation(tariff, facts, parts, total), shares)


def _part(tariff: Tariff, component: Component, facts: _Facts) -> _Part:
    unit = component.unit
    steps, amount, said = _run(component.steps, None, facts, unit)
    if amount is None:
        reason = f"Le tarif « {tariff.name} » ne donne pas de prix à « {component.label} » dans ce cas."
        raise refusal("no-step", reason)
    quantity = Decimal(1)
    for rule in component.counts:
        count, told = rule.count(facts, unit)
        quantity *= count
        said += told
    exact = amount * quantity
    if quantity != 1:
        said.append(
            sentence("quantity", f"{counted(quantity, unit)} × {_written(amount)} = {_written(exact)}.")
        )
    then, changed, told_then = _run(component.then, exact, facts, unit)
    said += told_then
    assert changed is not None  # noqa: S101 - it starts from an amount
    rounded = Money.rounded(changed, tariff.rounding)
    if rounded.euros != changed:
        words = f"Arrondi {ROUNDING_WORDS[tariff.rounding]} : {_written(changed)} → {rounded}."
        said.append(sentence("rounding", words))
    line = PriceLine(
        kind=component.kind,
        product=component.product,
        label=component.label,
        quantity=quantity,
        unit=unit,
        unit_amount=amount,
        amount=rounded,
        debtor=component.debtor,
    )
    return _Part(line, (component.when, *(step.when for step in (*steps, *then))), tuple(said))


def _run(
    steps: tuple[Step, ...], amount: Decimal | None, facts: _Facts, unit: Unit
) -> tuple[list[Step], Decimal | None, list[ExplanationStep]]:
    """Run the steps that apply, from the last one that gives a price; None when none gives any."""
    applying = [step for step in steps if hold(step.when, facts)]
    start = max((index for index, step in enumerate(applying) if step.rule.sets_price), default=None)
    if start is None and amount is None:
        return [], None, []
    kept = applying[start or 0 :]
    said: list[ExplanationStep] = []
    for step in kept:
        outcome = step.rule.apply(amount, facts, unit)
        amount = outcome.amount
        said += outcome.said
    return kept, amount, said


def _written(amount: Decimal) -> str:
    """An amount whose decimals may not end: six of them are shown."""
    return euros(amount.quantize(Decimal("0.000001")))


def _explanation(tariff: Tariff, facts: _Facts, parts: list[_Part], total: Money) -> Explanation:
    """What is common to the components once, then each of them by its name, then the sum."""
    common = [sentence("tariff", _introduction(tariff))]
    told = _told(tariff, facts, parts)
    if told:
        common.append(sentence("facts", f"Cas retenu : {', '.join(told)}."))
    common += facts.told
    own: list[ExplanationStep] = []
    for part in parts:
        for said in part.said:
            if said.code in ("qf", "measure"):
                if said not in common:
                    common.append(said)
            elif len(parts) > 1:
                own.append(sentence(said.code, f"{part.line.label} – {said.text[0].lower()}{said.text[1:]}"))
            else:
                own.append(said)
    due = [part.line for part in parts if not part.line.debtor]
    own += [
        sentence("share", f"Pris en charge par {part.line.debtor.upper()} : {part.line.amount}.")
        for part in parts
        if part.line.debtor
    ]
    addends = " + ".join(str(line.amount) for line in due)
    result = f"Prix : {addends} = {total}." if len(due) > 1 else f"Prix : {total}."
    return Explanation((*common, *own, sentence("total", result)))


def _introduction(tariff: Tariff) -> str:
    if tariff.decision is not None:
        basis = f", délibération {tariff.decision.number} du {day(tariff.decision.date)}"
    elif tariff.source is not None:
        basis = f", publié par {tariff.source.town}"
    else:
        basis = ""
    if tariff.valid_to is None:
        validity = f"en vigueur depuis le {day(tariff.valid_from)}"
    else:
        validity = f"en vigueur du {day(tariff.valid_from)} au {day(tariff.valid_to)}"
    return f"Tarif « {tariff.name} »{basis}, {validity}."


def _told(tariff: Tariff, facts: _Facts, parts: list[_Part]) -> list[str]:
    """The facts that decided, when they are not what everybody expects."""
    names = dict.fromkeys(name for part in parts for condition in part.told for name, _ in condition)
    words = []
    for name in names:
        fact = tariff.facts[name]
        if fact.type in MEASURES:  # told by the step that reads it
            continue
        value = facts(name)
        if fact.required or value != fact.default:
            words.append(fact.describe(value))
    return words


# Examples


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """``failure`` is None when the example passes, else one French sentence."""

    example: Example
    failure: str | None


def run_examples(tariff: Tariff) -> tuple[ExampleResult, ...]:
    """Every example of a tariff against its rules. A tariff is published only when all pass."""
    return tuple(ExampleResult(example, _failure(tariff, example)) for example in tariff.examples)


def _failure(tariff: Tariff, example: Example) -> str | None:
    expected = "un refus" if example.expected is None else str(example.expected)
    try:
        prices = [price(tariff, situation) for situation in example.situations]
    except PriceRefusedError as refused:
        return None if example.expected is None else f"attendu {expected}, refusé : {refused.reason}"
    except PricingError as problem:
        return f"attendu {expected}, impossible à calculer : {problem.reason}"
    total = sum((got.total for got in prices), ZERO)
    if total != example.expected:
        return f"attendu {expected}, obtenu {total}"
    lines = [(line.product, line.amount) for got in prices for line in got.lines]
    wanted = [(line.product, line.amount) for line in example.lines]
    if example.lines and lines != wanted:
        return f"lignes attendues {_listed(wanted)}, obtenues {_listed(lines)}"
    return None


def _listed(lines: list[tuple[str, Money]]) -> str:
    return ", ".join(f"{product} {amount}" for product, amount in lines)
