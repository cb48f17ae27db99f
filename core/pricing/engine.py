"""The engine: a tariff and a situation give a price that explains itself. Pure: no query, no clock.

A component whose condition holds gives one line. Its steps run in order; a step that sets the price makes the
earlier ones pointless, so the engine starts from the last such step that applies. The line is
``quantity × unit amount``, rounded once. Nothing is ever free by accident: a component that applies without a
price, or a situation without any component, is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from core.contracts.money import ZERO, Money
from core.contracts.pricing import (
    Component,
    Condition,
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
    Tariff,
)
from core.pricing.explain import counted, day, euros, refusal, sentence, typeset
from core.pricing.vocabulary import QUANTITY, ROUNDING_WORDS

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
    return _price(tariff, _Facts(tariff.facts, dict(zip(tariff.reads, values, strict=True))))


@dataclass(frozen=True, slots=True)
class _Facts:
    """Looks a fact up: its stated value, checked, or its default."""

    declared: Mapping[str, Fact]
    stated: Mapping[str, object]

    def __call__(self, name: str) -> FactValue:
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

    def hold(self, condition: Condition) -> bool:
        return all(self(name) in values for name, values in condition)


def _fits(fact: Fact, value: object) -> bool:
    match fact.type:
        case "quotient":
            return value is None or isinstance(value, Quotient)
        case "decimal":
            return _is_quantity(value)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "choice":
            return any(value == known for known, _ in fact.values)


def _is_quantity(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        return False
    return (not isinstance(value, Decimal) or value.is_finite()) and 0 <= value < 1_000_000


@dataclass(frozen=True, slots=True)
class _Part:
    line: PriceLine
    told: tuple[Condition, ...]
    said: tuple[ExplanationStep, ...]


def _price(tariff: Tariff, facts: _Facts) -> Price:
    quantity = Decimal(facts(QUANTITY))  # type: ignore[arg-type]
    due = [component for component in tariff.components if facts.hold(component.when)]
    parts = [_part(tariff, component, facts, quantity) for component in due]
    if not parts:
        raise refusal("nothing", f"Le tarif « {tariff.name} » ne prévoit pas ce cas.")
    lines = tuple(part.line for part in parts)
    total = sum((line.amount for line in lines), ZERO)
    return Price(lines, total, _explanation(tariff, facts, parts, total))


def _part(tariff: Tariff, component: Component, facts: _Facts, quantity: Decimal) -> _Part:
    steps = [step for step in component.steps if facts.hold(step.when)]
    start = max((index for index, step in enumerate(steps) if step.rule.sets_price), default=None)
    if start is None:
        reason = f"Le tarif « {tariff.name} » ne donne pas de prix à « {component.label} » dans ce cas."
        raise refusal("no-step", reason)
    amount: Decimal | None = None
    said: list[ExplanationStep] = []
    for step in steps[start:]:
        outcome = step.rule.apply(amount, facts, component.unit)
        amount = outcome.amount
        said += outcome.said
    assert amount is not None  # noqa: S101 - the first step sets the price
    exact = amount * quantity
    rounded = Money.rounded(exact, tariff.rounding)
    if quantity != 1:
        words = f"{counted(quantity, component.unit)} × {euros(amount)} = {euros(exact)}."
        said.append(sentence("quantity", words))
    if rounded.euros != exact:
        words = f"Arrondi {ROUNDING_WORDS[tariff.rounding]} : {euros(exact)} → {rounded}."
        said.append(sentence("rounding", words))
    line = PriceLine(
        kind=component.kind,
        product=component.product,
        label=component.label,
        quantity=quantity,
        unit=component.unit,
        unit_amount=amount,
        amount=rounded,
    )
    return _Part(line, (component.when, *(step.when for step in steps[start:])), tuple(said))


def _explanation(tariff: Tariff, facts: _Facts, parts: list[_Part], total: Money) -> Explanation:
    """What is common to the components once, then each of them by its name, then the sum."""
    common = [sentence("tariff", _introduction(tariff))]
    told = _told(tariff, facts, parts)
    if told:
        common.append(sentence("facts", f"Cas retenu : {', '.join(told)}."))
    own: list[ExplanationStep] = []
    for part in parts:
        for said in part.said:
            if said.code == "qf":
                if said not in common:
                    common.append(said)
            elif len(parts) > 1:
                own.append(sentence(said.code, f"{part.line.label} – {said.text[0].lower()}{said.text[1:]}"))
            else:
                own.append(said)
    addends = " + ".join(str(part.line.amount) for part in parts)
    result = f"Prix : {addends} = {total}." if len(parts) > 1 else f"Prix : {total}."
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
        fact, value = tariff.facts[name], facts(name)
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
        got = price(tariff, example.situation)
    except PriceRefusedError as refused:
        return None if example.expected is None else f"attendu {expected}, refusé : {refused.reason}"
    except PricingError as problem:
        return f"attendu {expected}, impossible à calculer : {problem.reason}"
    if got.total != example.expected:
        return f"attendu {expected}, obtenu {got.total}"
    lines = [(line.product, line.amount) for line in got.lines]
    wanted = [(line.product, line.amount) for line in example.lines]
    if example.lines and lines != wanted:
        return f"lignes attendues {_listed(wanted)}, obtenues {_listed(lines)}"
    return None


def _listed(lines: list[tuple[str, Money]]) -> str:
    return ", ".join(f"{product} {amount}" for product, amount in lines)
