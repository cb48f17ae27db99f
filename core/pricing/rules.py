"""What every kind of step shares: the protocol that reads it, policies, and the usual answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal, Protocol, TypeAlias

from core.contracts.pricing import ExplanationStep, Fact, FactValue, Outcome, StepRule, Unit
from core.pricing.explain import euros, refusal, sentence
from core.pricing.reading import Reader

PRICE_PLACES: Final = 6
"""Decimals of a unit price: some councils vote tenths of a cent an hour, and rounding comes later."""

Policy: TypeAlias = Literal["highest", "lowest", "refuse"] | Decimal
POLICIES: Final = ("highest", "lowest", "refuse")

Facts: TypeAlias = Mapping[str, Fact]


class StepKind(Protocol):
    keys: ClassVar[tuple[str, ...]]
    optional_keys: ClassVar[tuple[str, ...]]

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        """Read the step's own keys; None when a problem was noted."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A rule that reads no fact and tells no cases apart."""

    @property
    def reads(self) -> frozenset[str]:
        return frozenset()

    @property
    def brackets(self) -> tuple[tuple[str, int, int | None, str], ...]:
        return ()

    @property
    def cases(self) -> tuple[tuple[str, tuple[FactValue, ...]], ...]:
        return ()


def price_of(reader: Reader, value: Any, path: str) -> Decimal | None:
    return reader.decimal(value, path, places=PRICE_PLACES, what="un prix")


def words_of(reader: Reader, data: Mapping[str, Any], path: str, usual: str) -> str | None:
    """The author's own words for the explanation, or the usual ones."""
    return reader.text(data["label"], f"{path}.label", at_most=100) if "label" in data else usual


def policy(reader: Reader, value: Any, path: str) -> Policy | None:
    if isinstance(value, str) and value[:1].isdigit():
        return price_of(reader, value, path)
    if isinstance(value, str) and value in POLICIES:
        return value  # type: ignore[return-value]
    reader.choice(value, path, (*POLICIES, "un prix"))
    return None


def by_policy(
    chosen: Policy, amounts: Iterable[Decimal], why: str, code: str, unit: Unit, said: ExplanationStep
) -> Outcome:
    """What a tariff says of a case that its rows do not hold. Raises PriceRefusedError for ``refuse``."""
    match chosen:
        case "refuse":
            raise refusal(code, f"{why} : le tarif ne donne pas de prix.")
        case "highest":
            amount, words = max(amounts), "le prix le plus élevé"
        case "lowest":
            amount, words = min(amounts), "le prix le plus bas"
        case _:
            amount, words = chosen, "un prix fixe"
    text = f"{why}, le tarif prévoit {words} : {euros(amount)} par {unit.label}."
    return Outcome(amount, (said, sentence(code, text)))
