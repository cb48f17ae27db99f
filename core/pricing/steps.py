"""Kinds of step: the small pure functions that a tariff composes.

A kind is a frozen class with a ``parse`` that reads its part of the file and the methods of ``StepRule``; one
entry in ``STEP_KINDS`` makes it usable in every tariff. No kind is made for one town.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar, Final, Literal, Protocol, TypeAlias

from core.contracts.pricing import FactLookup, Outcome, Quotient, StepRule, Unit
from core.pricing.explain import bound, euros, quotient, refusal, sentence
from core.pricing.reading import Reader
from core.pricing.vocabulary import QF

PRICE_PLACES = 6
"""Decimals of a unit price: some councils vote tenths of a cent an hour, and rounding comes later."""

Policy: TypeAlias = Literal["highest", "lowest", "refuse"] | Decimal
POLICIES: Final = ("highest", "lowest", "refuse")


class StepKind(Protocol):
    keys: ClassVar[tuple[str, ...]]
    optional_keys: ClassVar[tuple[str, ...]]

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str) -> StepRule | None:
        """Read the step's own keys; None when a problem was noted."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """One price for everybody."""

    amount: Decimal

    keys: ClassVar[tuple[str, ...]] = ("amount",)
    optional_keys: ClassVar[tuple[str, ...]] = ()
    sets_price: ClassVar[bool] = True

    @property
    def reads(self) -> frozenset[str]:
        return frozenset()

    @property
    def brackets(self) -> tuple[tuple[int, int | None, str], ...]:
        return ()

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str) -> StepRule | None:
        amount = reader.decimal(data["amount"], f"{path}.amount", places=PRICE_PLACES, what="un prix")
        return None if amount is None else cls(amount)

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        words = f"Prix fixe : {euros(self.amount)} par {unit.label}."
        return Outcome(self.amount, (sentence("fixed", words),))


@dataclass(frozen=True, slots=True)
class Bracket:
    """Quotients from ``low`` to ``high`` cents, both inside; ``high`` is None without upper bound."""

    low: int
    high: int | None
    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class QfBrackets:
    """A price by bracket of family quotient, compared to the cent.

    ``missing`` answers for a family without proof, ``hole`` for a quotient that no bracket holds.
    """

    rows: tuple[Bracket, ...]
    missing: Policy
    hole: Policy
    lows: tuple[int, ...]

    keys: ClassVar[tuple[str, ...]] = ("brackets", "missing")
    optional_keys: ClassVar[tuple[str, ...]] = ("hole",)
    sets_price: ClassVar[bool] = True

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({QF})

    @property
    def brackets(self) -> tuple[tuple[int, int | None, str], ...]:
        return tuple((row.low, row.high, row.label) for row in self.rows)

    @classmethod
    def parse(cls, reader: Reader, data: Mapping[str, Any], path: str) -> StepRule | None:
        before = len(reader.problems)
        rows = [
            _bracket(reader, item, item_path)
            for item_path, item in reader.items(data["brackets"], f"{path}.brackets", at_most=200)
        ]
        missing = _policy(reader, data["missing"], f"{path}.missing")
        hole = _policy(reader, data["hole"], f"{path}.hole") if "hole" in data else None
        read = [row for row in rows if row is not None]
        if len(read) < len(rows) or missing is None or len(reader.problems) > before:
            return None
        if not _in_order(reader, read, f"{path}.brackets"):
            return None
        holes = _holes(read, f"{path}.brackets")
        for place, words in holes:
            if "hole" in data:
                reader.warning(place, f"{words} ; « hole » s’applique")
            else:
                reader.error(place, f"{words} : dites avec « hole » ce que paie un quotient qui y tombe")
        if "hole" in data and not holes:
            reader.error(f"{path}.hole", "les tranches n’ont pas de trou : cette clé ne servirait pas")
        return cls(tuple(read), missing, "refuse" if hole is None else hole, tuple(row.low for row in read))

    def apply(self, amount: Decimal | None, fact: FactLookup, unit: Unit) -> Outcome:
        qf = fact(QF)
        said = sentence("qf", quotient(qf if isinstance(qf, Quotient) else None))
        if not isinstance(qf, Quotient):
            why = "Sans justificatif de quotient familial"
            return self._by_policy(self.missing, why, "qf-missing", unit, said)
        index = bisect_right(self.lows, qf.cents) - 1
        row = self.rows[index] if index >= 0 else None
        if row is None or (row.high is not None and qf.cents > row.high):
            why = f"Le quotient {bound(qf.value)} n’est dans aucune tranche"
            return self._by_policy(self.hole, why, "qf-hole", unit, said)
        words = f"Tranche de quotient « {row.label} » : {euros(row.amount)} par {unit.label}."
        return Outcome(row.amount, (said, sentence("bracket", words)))

    def _by_policy(self, policy: Policy, why: str, code: str, unit: Unit, said: Any) -> Outcome:
        amounts = [row.amount for row in self.rows]
        match policy:
            case "refuse":
                raise refusal(code, f"{why} : le tarif ne donne pas de prix.")
            case "highest":
                amount, words = max(amounts), "le prix le plus élevé"
            case "lowest":
                amount, words = min(amounts), "le prix le plus bas"
            case _:
                amount, words = policy, "un prix fixe"
        text = f"{why}, le tarif prévoit {words} : {euros(amount)} par {unit.label}."
        return Outcome(amount, (said, sentence(code, text)))


def _policy(reader: Reader, value: Any, path: str) -> Policy | None:
    if isinstance(value, str) and value[:1].isdigit():
        return reader.decimal(value, path, places=PRICE_PLACES, what="un prix")
    if isinstance(value, str) and value in POLICIES:
        return value  # type: ignore[return-value]
    reader.choice(value, path, (*POLICIES, "un prix"))
    return None


def _bracket(reader: Reader, value: Any, path: str) -> Bracket | None:
    data = reader.object(value, path, ("amount",), ("from", "above", "to", "below"))
    if data is None:
        return None
    amount = reader.decimal(data["amount"], f"{path}.amount", places=PRICE_PLACES, what="un prix")
    low = _bound(reader, data, path, "from", "above")
    high = _bound(reader, data, path, "to", "below")
    if amount is None or low is None or high is None:
        return None
    low_value, low_inside = low
    high_value, high_inside = high
    if low_value is None:
        reader.error(f"{path}.from", 'une tranche commence à un nombre ; la première commence à "0"')
        return None
    first = _cents(low_value) + (0 if low_inside else 1)
    last = None if high_value is None else _cents(high_value) - (0 if high_inside else 1)
    if last is not None and last < first:
        reader.error(path, "cette tranche est vide : sa borne haute est sous sa borne basse")
        return None
    return Bracket(first, last, _label(low_value, low_inside, high_value, high_inside), amount)


def _bound(
    reader: Reader, data: Mapping[str, Any], path: str, inside: str, outside: str
) -> tuple[Decimal | None, bool] | None:
    """The bound and whether it is inside; the bound is None for ``null`` (no limit)."""
    given = [key for key in (inside, outside) if key in data]
    side = "basse" if inside == "from" else "haute"
    if len(given) != 1:
        reason = f"la borne {side} manque" if not given else f"la borne {side} est écrite deux fois"
        endless = "" if inside == "from" else ', ou "to": null s’il n’y a pas de limite'
        words = f"{reason} : « {inside} » (comprise) ou « {outside} » (non comprise){endless}"
        reader.error(f"{path}.{inside}", words)
        return None
    key = given[0]
    if data[key] is None and key == inside:
        return None, True
    value = reader.decimal(data[key], f"{path}.{key}", places=2, what="un quotient")
    return None if value is None else (value, key == inside)


def _cents(value: Decimal) -> int:
    return int(value.scaleb(2))


def _label(low: Decimal, low_inside: bool, high: Decimal | None, high_inside: bool) -> str:
    from_words = f"à partir de {bound(low)}" if low_inside else f"plus de {bound(low)}"
    if high is None:
        return from_words
    to_words = f"jusqu’à {bound(high)} inclus" if high_inside else f"moins de {bound(high)}"
    return to_words if low == 0 and low_inside else f"{from_words} et {to_words}"


def _in_order(reader: Reader, rows: list[Bracket], path: str) -> bool:
    """Whether the brackets rise and none meets the next one; each fault is noted at its bracket."""
    before = len(reader.problems)
    for index, (row, following) in enumerate(pairwise(rows), start=1):
        if following.low < row.low:
            reader.error(f"{path}[{index}]", "les tranches s’écrivent de la plus basse à la plus haute")
        elif row.high is None or following.low <= row.high:
            at = _euros_of(following.low)
            reader.error(f"{path}[{index}]", f"cette tranche chevauche la précédente (quotient {at})")
    return len(reader.problems) == before


def _holes(rows: list[Bracket], path: str) -> list[tuple[str, str]]:
    """Quotients that no bracket holds: the bracket beside the hole, and words."""
    holes = []
    if rows[0].low > 0:
        holes.append((f"{path}[0]", f"aucune tranche sous {_euros_of(rows[0].low)}"))
    for index, (row, following) in enumerate(pairwise(rows), start=1):
        if row.high is not None and following.low > row.high + 1:
            between = interval(row.high + 1, following.low - 1)
            holes.append((f"{path}[{index}]", f"aucune tranche pour les quotients {between}"))
    if rows[-1].high is not None:
        holes.append((f"{path}[{len(rows) - 1}]", f"aucune tranche au-dessus de {_euros_of(rows[-1].high)}"))
    return holes


def interval(low: int, high: int | None) -> str:
    """Words of an interval of cents, both ends inside."""
    if high is None:
        return f"à partir de {_euros_of(low)}"
    return f"de {_euros_of(low)} à {_euros_of(high)} inclus"


def _euros_of(cents: int) -> str:
    return bound(Decimal(cents).scaleb(-2))


STEP_KINDS: Final[Mapping[str, type[StepKind]]] = {"fixed": Fixed, "qf_brackets": QfBrackets}
