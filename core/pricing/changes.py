"""Kinds of step that transform a price: bounds, surcharges, deductions, packages, rounding, instalments.

The same kinds serve before the quantity (``steps``: on the price of a unit) and after it (``then``: on the line).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from core.contracts.money import Money
from core.contracts.pricing import FactLookup, FactValue, Outcome, StepRule, Unit
from core.pricing.explain import euros, number, refusal, sentence
from core.pricing.reading import Reader
from core.pricing.rules import Facts, Plain, price_of, words_of
from core.pricing.vocabulary import ROUNDING_WORDS, ROUNDINGS


def _known(amount: Decimal | None) -> Decimal:
    assert amount is not None  # noqa: S101 - the engine starts from a step that sets the price
    return amount


@dataclass(frozen=True, slots=True)
class Clamp(Plain):
    """A price kept between two bounds (plancher, plafond)."""

    low: Decimal | None
    high: Decimal | None

    keys: ClassVar[tuple[str, ...]] = ()
    optional_keys: ClassVar[tuple[str, ...]] = ("min", "max")
    sets_price: ClassVar[bool] = False

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        low = price_of(reader, data["min"], f"{path}.min") if "min" in data else None
        high = price_of(reader, data["max"], f"{path}.max") if "max" in data else None
        if "min" not in data and "max" not in data:
            reader.error(path, "donnez « min », « max » ou les deux")
        elif low is not None and high is not None and high < low:
            reader.error(f"{path}.max", "le plafond est sous le plancher")
        return None if low is None and high is None else cls(low, high)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        before = _known(amount)
        if self.low is not None and before < self.low:
            return Outcome(self.low, (sentence("min", f"Prix plancher : {euros(self.low)}."),))
        if self.high is not None and before > self.high:
            return Outcome(self.high, (sentence("max", f"Prix plafond : {euros(self.high)}."),))
        return Outcome(before)


@dataclass(frozen=True, slots=True)
class Add(Plain):
    """A surcharge or a supplement, in euros."""

    amount: Decimal
    label: str

    keys: ClassVar[tuple[str, ...]] = ("amount",)
    optional_keys: ClassVar[tuple[str, ...]] = ("label",)
    sets_price: ClassVar[bool] = False

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        amount = price_of(reader, data["amount"], f"{path}.amount")
        label = words_of(reader, data, path, "Supplément")
        return None if amount is None or label is None else cls(amount, label)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        before = _known(amount)
        result = before + self.amount
        words = f"{self.label} : {euros(before)} + {euros(self.amount)} = {euros(result)}."
        return Outcome(result, (sentence("add", words),))


@dataclass(frozen=True, slots=True)
class Subtract(Plain):
    """A deduction in euros; a price never falls below zero."""

    amount: Decimal
    label: str

    keys: ClassVar[tuple[str, ...]] = ("amount",)
    optional_keys: ClassVar[tuple[str, ...]] = ("label",)
    sets_price: ClassVar[bool] = False

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        amount = price_of(reader, data["amount"], f"{path}.amount")
        label = words_of(reader, data, path, "Déduction")
        return None if amount is None or label is None else cls(amount, label)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        before = _known(amount)
        result = max(Decimal(0), before - self.amount)
        floor = " (un prix ne descend pas sous zéro)" if before < self.amount else ""
        words = f"{self.label} : {euros(before)} − {euros(self.amount)} = {euros(result)}{floor}."
        return Outcome(result, (sentence("subtract", words),))


@dataclass(frozen=True, slots=True)
class _Percent(Plain):
    percent: Decimal
    label: str

    keys: ClassVar[tuple[str, ...]] = ("percent",)
    optional_keys: ClassVar[tuple[str, ...]] = ("label",)
    sets_price: ClassVar[bool] = False
    usual: ClassVar[str] = ""
    at_most: ClassVar[int] = 1000

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> Self | None:
        percent = reader.decimal(data["percent"], f"{path}.percent", places=4, what="un pourcentage")
        label = words_of(reader, data, path, cls.usual)
        if percent is None or label is None:
            return None
        if percent > cls.at_most:
            reader.error(f"{path}.percent", f"{cls.at_most} % au plus")
            return None
        return cls(percent, label)


@dataclass(frozen=True, slots=True)
class Increase(_Percent):
    """A surcharge in percent."""

    usual: ClassVar[str] = "Majoration"

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        before = _known(amount)
        result = before * (100 + self.percent) / 100
        words = f"{self.label} : {euros(before)} + {number(self.percent)} % = {_exact(result)}."
        return Outcome(result, (sentence("increase", words),))


@dataclass(frozen=True, slots=True)
class Reduce(_Percent):
    """A reduction in percent; 100 % makes it free."""

    usual: ClassVar[str] = "Réduction"
    at_most: ClassVar[int] = 100

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        before = _known(amount)
        result = before * (100 - self.percent) / 100
        words = f"{self.label} : {euros(before)} − {number(self.percent)} % = {_exact(result)}."
        return Outcome(result, (sentence("reduce", words),))


@dataclass(frozen=True, slots=True)
class Take(_Percent):
    """A part of the price: a deposit of 50 %, half price, twice the maximum (200 %)."""

    usual: ClassVar[str] = "Part du prix"

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        before = _known(amount)
        result = before * self.percent / 100
        words = f"{self.label} : {number(self.percent)} % de {euros(before)} = {_exact(result)}."
        return Outcome(result, (sentence("take", words),))


def _exact(amount: Decimal) -> str:
    return euros(amount.quantize(Decimal("0.000001")))


@dataclass(frozen=True, slots=True)
class Multiply:
    """A coefficient: written in the tariff, or stated as a fact (number of children, of hours a week)."""

    by: Decimal | None
    fact_name: str
    label: str

    keys: ClassVar[tuple[str, ...]] = ()
    optional_keys: ClassVar[tuple[str, ...]] = ("by", "by_fact", "label")
    sets_price: ClassVar[bool] = False

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.fact_name} if self.fact_name else ())

    @property
    def brackets(self) -> tuple[tuple[str, int, int | None, str], ...]:
        return ()

    @property
    def cases(self) -> tuple[tuple[str, tuple[FactValue, ...]], ...]:
        return ()

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        if ("by" in data) == ("by_fact" in data):
            reader.error(path, "donnez « by » (un nombre) ou « by_fact » (un fait), l’un des deux")
            return None
        label = words_of(reader, data, path, "Coefficient")
        if label is None:
            return None
        if "by" in data:
            by = reader.decimal(data["by"], f"{path}.by", places=6, what="un coefficient")
            return None if by is None else cls(by, "", label)
        known = [name for name, fact in facts.items() if fact.type in ("integer", "decimal")]
        name = reader.choice(data["by_fact"], f"{path}.by_fact", known)
        return None if name is None else cls(None, name, label)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        before = _known(amount)
        by = Decimal(fact(self.fact_name)) if self.by is None else self.by  # type: ignore[arg-type]
        result = before * by
        words = f"{self.label} : {euros(before)} × {number(by)} = {_exact(result)}."
        return Outcome(result, (sentence("multiply", words),))


@dataclass(frozen=True, slots=True)
class Round(Plain):
    """A rounding in the middle of the sum: to the cent, to five cents, to ten."""

    mode: str
    to: Decimal

    keys: ClassVar[tuple[str, ...]] = ("mode",)
    optional_keys: ClassVar[tuple[str, ...]] = ("to",)
    sets_price: ClassVar[bool] = False

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        mode = reader.choice(data["mode"], f"{path}.mode", ROUNDINGS)
        to = reader.decimal(data.get("to", "0.01"), f"{path}.to", places=4, what="un pas d’arrondi")
        if to is not None and not to:
            reader.error(f"{path}.to", "un pas d’arrondi est plus grand que zéro")
            return None
        return None if mode is None or to is None else cls(ROUNDINGS[mode][0], to)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        before = _known(amount)
        result = (before / self.to).to_integral_value(rounding=self.mode) * self.to
        if result == before:
            return Outcome(before)
        step = "" if self.to == Decimal("0.01") else f", par pas de {euros(self.to)}"
        words = f"Arrondi {ROUNDING_WORDS[self.mode]}{step} : {_exact(before)} → {euros(result)}."
        return Outcome(result, (sentence("round", words),))


@dataclass(frozen=True, slots=True)
class Part:
    """One of several equal parts of a fee (a yearly fee in three terms); the first ones take the odd cents."""

    parts: int
    fact_name: str

    keys: ClassVar[tuple[str, ...]] = ("parts", "of")
    optional_keys: ClassVar[tuple[str, ...]] = ()
    sets_price: ClassVar[bool] = False

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.fact_name})

    @property
    def brackets(self) -> tuple[tuple[str, int, int | None, str], ...]:
        return ()

    @property
    def cases(self) -> tuple[tuple[str, tuple[FactValue, ...]], ...]:
        return ((self.fact_name, tuple(range(1, self.parts + 1))),)

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str, facts: Facts) -> StepRule | None:
        parts = data["parts"]
        if isinstance(parts, bool) or not isinstance(parts, int) or not 2 <= parts <= 60:
            reader.error(f"{path}.parts", "un nombre entier est attendu, de 2 à 60")
            return None
        known = [name for name, fact in facts.items() if fact.type == "integer"]
        name = reader.choice(data["of"], f"{path}.of", known)
        return None if name is None else cls(parts, name)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        which = fact(self.fact_name)
        if not isinstance(which, int) or not 1 <= which <= self.parts:
            raise refusal("part", f"Ce tarif se règle en {self.parts} fois : la partie {which} n’existe pas.")
        whole = Money.rounded(_known(amount))
        base, odd = divmod(whole.cents, self.parts)
        result = Money(base + (which <= odd))
        words = f"Partie {which} sur {self.parts} de {whole} : {result}."
        return Outcome(result.euros, (sentence("part", words),))
