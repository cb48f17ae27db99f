"""The simulator: what to ask, the price of each answer, today's costs beside those of another life. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from core.contracts.family import FamilyContext
from core.contracts.money import ZERO, Money
from core.contracts.pricing import Explanation, Fact, FactValue, Price, Quotient, Ranks, Tariff
from core.pricing.explain import counted
from core.pricing.offered import Offered
from core.pricing.ranks import rank_of
from core.pricing.vocabulary import COMMON_FACTS, QUANTITY

# What is asked


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that a tariff reads; `services` are the codes of those that ask it. A common fact is asked once."""

    name: str
    fact: Fact
    services: tuple[str, ...]

    @property
    def common(self) -> bool:
        return self.name in COMMON_FACTS


def questions(offered: Iterable[Offered]) -> list[Question]:
    """What a visitor is asked to know every price: common facts first, then those of each service."""
    found: dict[str, Question] = {}
    for offer in offered:
        if offer.tariff is None:
            continue
        for name in asked(offer.tariff, offer.service.states):
            common = name in COMMON_FACTS
            key = name if common else f"{offer.code}.{name}"
            before = found.get(key)
            codes = (*before.services, offer.code) if before else (offer.code,)
            found[key] = Question(key, offer.tariff.facts[name], codes)
    order = list(COMMON_FACTS)
    shared = sorted((q for q in found.values() if q.common), key=lambda q: order.index(q.name))
    return [*shared, *(q for q in found.values() if not q.common)]


def asked(tariff: Tariff, states: Mapping[str, FactValue]) -> list[str]:
    """Facts that the tariff reads and that its service does not state. One unit is priced."""
    return [
        name
        for name in tariff.reads
        if name in tariff.facts and name != QUANTITY and name not in states and name not in tariff.derived
    ]


def answers_for(offer: Offered, answers: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """The answers that concern a service, by the names of its facts."""
    prefix = f"{offer.code}."
    own = {key.removeprefix(prefix): value for key, value in answers.items() if key.startswith(prefix)}
    return {key: value for key, value in answers.items() if key in COMMON_FACTS} | own


# What it costs


@dataclass(frozen=True, slots=True)
class Cost:
    """The price of one unit of a service, what it comes to in a year and in an average month, and why.

    `refusal` is the French sentence in which there is no price; then every amount is None.
    """

    offer: Offered
    who: str
    a_week: int
    price: Price | None
    refusal: str

    @property
    def amount(self) -> Money | None:
        return self.price.total if self.price else None

    @property
    def explanation(self) -> Explanation | None:
        return self.price.explanation if self.price else None

    @property
    def unit(self) -> str:
        return self.offer.tariff.unit.label if self.offer.tariff else ""

    @property
    def rhythm(self) -> str:
        """« 4 repas par semaine »; nothing where a week does not count."""
        tariff, pace = self.offer.tariff, self.offer.service.pace
        if tariff is None or pace is None or pace.most < 2:
            return ""
        return f"{counted(Decimal(self.a_week), tariff.unit)} par semaine"

    @property
    def year(self) -> Money | None:
        pace = self.offer.service.pace
        if self.price is None or pace is None:
            return None
        return self.price.total * (pace.times * self.a_week)

    @property
    def month(self) -> Money | None:
        """The year shared among the months of the service."""
        pace, year = self.offer.service.pace, self.year
        return None if year is None or pace is None or not pace.months else average(year, pace.months)


def average(amount: Money, months: int) -> Money:
    return Money.rounded(amount.euros / Decimal(months))


def cost(offer: Offered, facts: Mapping[str, FactValue], *, who: str = "", a_week: int = 1) -> Cost:
    found = offer.quote(facts)
    priced = isinstance(found, Price)
    return Cost(offer, who, a_week, found if priced else None, "" if priced else str(found))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Costs:
    """Several costs and their sums."""

    rows: tuple[Cost, ...]

    @property
    def year(self) -> Money:
        return sum((row.year for row in self.rows if row.year is not None), ZERO)

    @property
    def month(self) -> Money:
        return sum((row.month for row in self.rows if row.month is not None), ZERO)


# A household


@dataclass(frozen=True, slots=True)
class Usage:
    """A child in a service. `key` names it in a form: « <service>.<number of the child> »."""

    key: str
    offer: Offered
    child: UUID
    who: str
    a_week: int
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Household:
    """What prices depend on in a family: its children in order of birth, and what they use."""

    quotient: Quotient | None
    resident: bool
    children: tuple[UUID, ...]
    usages: tuple[Usage, ...]

    def facts(self, usage: Usage) -> dict[str, FactValue]:
        return {
            "qf": self.quotient,
            "resident": self.resident,
            "child_rank": self._rank(usage),
            **usage.facts,
        }

    def _rank(self, usage: Usage) -> int:
        tariff = usage.offer.tariff
        here = {other.child for other in self.usages if other.offer.code == usage.offer.code}
        return rank_of(usage.child, tariff.ranks if tariff else Ranks(), household=self.children, users=here)

    def costs(self) -> Costs:
        return Costs(
            tuple(
                cost(usage.offer, self.facts(usage), who=usage.who, a_week=usage.a_week)
                for usage in self.usages
            )
        )


def household_of(family: FamilyContext, offered: Iterable[Offered]) -> Household:
    """What is known of a family, and what its children use."""
    known = family.quotient
    number = {child.id: position for position, child in enumerate(family.children, start=1)}
    return Household(
        quotient=Quotient(known.value, known.month, known.kind) if known else None,  # type: ignore[arg-type]
        resident=family.resident,
        children=family.siblings,
        usages=tuple(
            Usage(
                f"{offer.code}.{number[child.id]}", offer, child.id, child.first_name, use.a_week, use.facts
            )
            for child in family.children
            for offer in offered
            for use in offer.service.uses
            if use.child == child.id
        ),
    )


NEWBORN = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Change:
    """Another life: what does not change is None, False or empty. `more` is the key of a use with a day more a week."""

    quotient: Quotient | None = None
    resident: bool | None = None
    one_more_child: str = ""
    more: str = ""

    @property
    def is_nothing(self) -> bool:
        return self == Change()


def changed(household: Household, change: Change) -> Household:
    """The same household in another life. One more child is the youngest, and uses what the present youngest uses.

    A place more a week is added only where the service has one.
    """
    usages = tuple(
        replace(usage, a_week=usage.a_week + 1) if usage.key == change.more and has_room(usage) else usage
        for usage in household.usages
    )
    children = household.children
    if change.one_more_child:
        last = next((child for child in reversed(children) if any(u.child == child for u in usages)), None)
        copied = (u for u in household.usages if u.child == last)
        usages += tuple(
            replace(u, key=f"{u.offer.code}.0", child=NEWBORN, who=change.one_more_child) for u in copied
        )
        children = (*children, NEWBORN)
    return Household(
        quotient=change.quotient or household.quotient,
        resident=household.resident if change.resident is None else change.resident,
        children=children,
        usages=usages,
    )


def has_room(usage: Usage) -> bool:
    pace = usage.offer.service.pace
    return pace is not None and usage.a_week < pace.most


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of the comparison; `before` is None for the child to come."""

    before: Cost | None
    after: Cost


def compared(before: Costs, after: Costs) -> list[Compared]:
    known = [*before.rows, *[None] * (len(after.rows) - len(before.rows))]
    return [Compared(old, new) for old, new in zip(known, after.rows, strict=True)]
