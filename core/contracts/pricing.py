"""Pricing: a tariff, a situation, and the price that explains itself.

``core.pricing.engine.price(tariff, situation) -> Price`` is the only way from the first two to the third.
Every type here is frozen and pure: no query, no clock, no translation at run time (an explanation is stored
and compared by digest).

A *situation* is a consumption date and named facts. The set of facts is open: a tariff declares those it
prices on, a caller states those it knows, and what the tariff does not read is ignored. New criteria thus
never touch the callers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import ClassVar, Literal, Protocol, TypeAlias

from core.contracts.money import Money

# What is priced

QuotientKind = Literal["caf", "msa", "municipal"]


@dataclass(frozen=True, slots=True)
class Quotient:
    """A family quotient, in euros a month with two decimals at most; ``month`` is the first day of its month.

    A family without proof has no quotient: state the fact ``qf`` as ``None``.
    """

    value: Decimal
    month: date | None = None
    kind: QuotientKind = "caf"

    def __post_init__(self) -> None:
        value = self.value
        if not isinstance(value, Decimal) or not value.is_finite() or value < 0 or value >= 10_000_000:
            raise ValueError(f"not a family quotient: {value!r}")
        if value != value.quantize(Decimal("0.01")):
            raise ValueError(f"a family quotient has two decimals at most: {value}")

    @property
    def cents(self) -> int:
        return int(self.value.scaleb(2))


FactValue: TypeAlias = bool | int | str | Decimal | date | time | Quotient | None
FactType = Literal["quotient", "decimal", "integer", "boolean", "choice"]
FactLookup: TypeAlias = Callable[[str], FactValue]


@dataclass(frozen=True, slots=True)
class Fact:
    """Declaration of a fact: its type, its French label, the labels of its values, its default if it has one.

    A fact that is ``required`` has no default: a situation that does not state it is a mistake of the caller.
    """

    name: str
    type: FactType
    label: str
    values: tuple[tuple[FactValue, str], ...] = ()
    default: FactValue = None
    required: bool = False

    def describe(self, value: FactValue) -> str:
        """``hors commune``, or ``rang de l’enfant 3`` for a value that has no label of its own."""
        for known, label in self.values:
            if known == value:
                return label
        return f"{self.label} {value}"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is consumed, when (``on`` chooses the version), and the facts that make its price. Hashable."""

    on: date
    facts: Mapping[str, FactValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def __hash__(self) -> int:
        return hash((self.on, frozenset(self.facts.items())))


# The tariff

Condition: TypeAlias = tuple[tuple[str, tuple[FactValue, ...]], ...]
"""Facts and the values each of them may have; empty: always."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted: ``Unit("meal", "repas", "repas")``."""

    code: str
    label: str
    plural: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The council decision (délibération) that a price stands on."""

    number: str
    date: date


@dataclass(frozen=True, slots=True)
class Source:
    """Where a published tariff was read."""

    town: str
    url: str = ""
    period: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step answers: the unit amount from there on, and what it has to say (code, sentence)."""

    amount: Decimal
    said: tuple[ExplanationStep, ...] = ()


class StepRule(Protocol):
    """One kind of step, read from the file. Pure; registered in ``core.pricing.steps.STEP_KINDS``.

    ``sets_price``: the step gives a price whatever came before it (a later one replaces an earlier one);
    otherwise it transforms the amount it receives.
    """

    sets_price: ClassVar[bool]

    @property
    def reads(self) -> frozenset[str]:
        """Names of the facts that the step looks up."""

    @property
    def brackets(self) -> tuple[tuple[int, int | None, str], ...]:
        """QF intervals it tells apart, for the public grid: first and last cent (inside), French label."""

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        """Raises PriceRefusedError when the tariff says that this situation has no price."""


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    when: Condition
    rule: StepRule


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a price (care, meal, snack, …): a line of its own, made by its steps in order."""

    kind: str
    product: str
    label: str
    unit: Unit
    when: Condition
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    product: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example of the tariff. ``expected`` is None when the tariff must refuse to price."""

    name: str
    situation: Situation
    expected: Money | None
    lines: tuple[ExpectedLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tariff:
    """One version of a tariff, validated and ready to price; equal to another one when their documents are.

    ``reads`` names every fact that can change the price; ``facts`` declares them; ``rounding`` is a
    ``decimal`` mode, applied once, to the amount of each component.
    """

    code: str
    name: str
    service: str
    unit: Unit
    decision: Decision | None
    source: Source | None
    valid_from: date
    valid_to: date | None
    rounding: str
    facts: Mapping[str, Fact]
    reads: tuple[str, ...]
    components: tuple[Component, ...]
    examples: tuple[Example, ...]
    digest: str

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tariff) and self.digest == other.digest

    def covers(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


# The price


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One component of a price: ``amount`` is ``quantity × unit_amount``, rounded once as the tariff says."""

    kind: str
    product: str
    label: str
    quantity: Decimal
    unit: Unit
    unit_amount: Decimal
    amount: Money


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """One sentence in plain French, and a stable code for those who style or test it."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Ordered sentences. ``digest`` names them: an explanation is stored once and pointed to by it."""

    steps: tuple[ExplanationStep, ...]
    digest: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        canonical = json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":"))
        object.__setattr__(self, "digest", sha256(canonical.encode()).hexdigest())

    def to_json(self) -> list[list[str]]:
        return [[step.code, step.text] for step in self.steps]

    @classmethod
    def from_json(cls, steps: Iterable[Sequence[str]]) -> Explanation:
        return cls(tuple(ExplanationStep(code, text) for code, text in steps))

    def __str__(self) -> str:
        return "\n".join(step.text for step in self.steps)


@dataclass(frozen=True, slots=True)
class Price:
    """The lines, their exact sum, and why."""

    lines: tuple[PriceLine, ...]
    total: Money
    explanation: Explanation


class PricingError(Exception):
    """``reason`` is one French sentence that may be shown; ``code`` is stable."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class PriceRefusedError(PricingError):
    """The tariff gives no price: out of its validity, no proof, a QF in a hole, a case not foreseen."""


class FactError(PricingError):
    """The situation lacks a required fact or states it with a wrong type: a mistake of the caller."""
