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
FactType = Literal["quotient", "decimal", "number", "integer", "boolean", "choice", "time"]
"""``number`` is a measure that may be unknown (an annual income: ``None``); ``decimal`` is always known."""
FactLookup: TypeAlias = Callable[[str], FactValue]
MEASURES: frozenset[FactType] = frozenset({"quotient", "decimal", "number"})
"""Types that are compared by steps and spans, never by equality."""


def measure(value: FactValue) -> Decimal | None:
    """The number behind a fact: euros of a quotient, a count, an amount. None when it is not known."""
    match value:
        case None:
            return None
        case Quotient():
            return value.value
        case bool() | str() | date():
            raise TypeError(f"not a measure: {value!r}")
        case time():
            return Decimal(value.hour * 60 + value.minute)
        case _:
            return Decimal(value)


@dataclass(frozen=True, slots=True)
class Span:
    """Values between two bounds, in a condition: ``{"from": 3}``, ``{"above": "650", "to": "950"}``.

    Bounds are those of ``measure``: a time is a number of minutes since midnight. An unknown value is in no span.
    """

    low: Decimal | None
    low_inside: bool
    high: Decimal | None
    high_inside: bool
    label: str

    def holds(self, value: FactValue) -> bool:
        number = measure(value)
        if number is None:
            return False
        if self.low is not None and (number < self.low or (number == self.low and not self.low_inside)):
            return False
        return self.high is None or number < self.high or (number == self.high and self.high_inside)


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
        if isinstance(value, time):
            return f"{self.label} {value.hour} h {value.minute:02d}"
        return f"{self.label} {value}"


@dataclass(frozen=True, slots=True)
class Derived:
    """A measure computed from stated facts, as a municipal quotient is from a tax notice: ``(plus − less) ÷ divisors``.

    ``divided_by`` holds names of facts and numbers. Unknown as soon as one of its facts is.
    """

    name: str
    label: str
    plus: tuple[str, ...]
    less: tuple[str, ...]
    divided_by: tuple[str | Decimal, ...]
    places: int
    rounding: str


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

Condition: TypeAlias = tuple[tuple[str, tuple[FactValue | Span, ...]], ...]
"""Facts and the values (or spans of values) each of them may have; empty: always."""


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
    def brackets(self) -> tuple[tuple[str, int, int | None, str], ...]:
        """Intervals of measures it tells apart, for the public grid: fact, first and last hundredth (inside), label."""

    @property
    def cases(self) -> tuple[tuple[str, tuple[FactValue, ...]], ...]:
        """Values of other facts that it tells apart, for the public grid."""

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        """Raises PriceRefusedError when the tariff says that this situation has no price."""


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    when: Condition
    rule: StepRule


class CountRule(Protocol):
    """How a component counts its units: a stated number, started half hours between two times…"""

    @property
    def reads(self) -> frozenset[str]:
        """Names of the facts that it looks up."""

    @property
    def one(self) -> Mapping[str, FactValue]:
        """Facts that make one unit: the public grid gives prices of one."""

    def count(self, fact: FactLookup, unit: Unit) -> tuple[Decimal, tuple[ExplanationStep, ...]]:
        """The number of units, zero included, and what there is to say of it."""


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a price (care, meal, snack, …): a line of its own, made by its steps in order.

    ``counts`` are multiplied into the quantity; ``then`` transforms ``quantity × unit amount``. A component with a
    ``debtor`` (``ccas``, ``caf``…) is that third party's own debt: it stands apart from what the family owes.
    """

    kind: str
    product: str
    label: str
    unit: Unit
    when: Condition
    steps: tuple[Step, ...]
    counts: tuple[CountRule, ...] = ()
    then: tuple[Step, ...] = ()
    debtor: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    product: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example of the tariff. ``expected`` is None when the tariff must refuse to price.

    ``situations`` are priced one by one and summed: the children of one family, the days of one week.
    """

    name: str
    situations: tuple[Situation, ...]
    expected: Money | None
    lines: tuple[ExpectedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranks:
    """What ``child_rank`` counts: children of the household, enrolled in the service, or present that day."""

    basis: Literal["household", "service", "day"] = "household"
    order: Literal["eldest", "youngest"] = "eldest"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tariff:
    """One version of a tariff, validated and ready to price; equal to another one when their documents are.

    ``reads`` names every fact that can change the price; ``facts`` declares them; ``rounding`` is a
    ``decimal`` mode, applied once, to the amount of each component. ``cost_per_unit`` is what one unit costs the
    town: a school meal may not be priced above it (Code de l'éducation R531-53). ``note`` is read by parents.
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
    derived: Mapping[str, Derived] = field(default_factory=dict)
    ranks: Ranks = Ranks()
    cost_per_unit: Money | None = None
    note: str = ""

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tariff) and self.digest == other.digest

    def covers(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


# The price


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One component of a price: ``amount`` is ``quantity × unit_amount``, rounded once as the tariff says.

    What a tariff changes afterwards (a package, a deposit) is in ``amount`` alone. ``debtor`` is empty for the family.
    """

    kind: str
    product: str
    label: str
    quantity: Decimal
    unit: Unit
    unit_amount: Decimal
    amount: Money
    debtor: str = ""


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
    """The family's lines, their exact sum, and why; ``shares`` are the lines that a third party owes."""

    lines: tuple[PriceLine, ...]
    total: Money
    explanation: Explanation
    shares: tuple[PriceLine, ...] = ()


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
