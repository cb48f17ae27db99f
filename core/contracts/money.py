"""Money: whole cents of euro, exact from the database to the page.

Amounts rest in integer columns named ``…_cents`` and become ``Money`` at the edges. Nothing here rounds
silently and nothing accepts a float: a binary fraction has no place in an amount.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

THOUSANDS = "\u202f"  # narrow no-break space
BEFORE_SYMBOL = "\u00a0"  # no-break space

_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """Cents of euro. ``str()`` is the French writing, ``plain`` the one of files and of the API."""

    cents: int

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            raise TypeError(f"cents must be an int, not {type(self.cents).__name__}")

    @classmethod
    def of(cls, euros: str | Decimal | int) -> Money:
        """Euros to money: ``"2.40"``, ``Decimal("2.4")`` or ``2`` (whole euros, never cents).

        Raises TypeError for a float or a bool, ValueError for anything that is not a whole number of cents.
        """
        if isinstance(euros, (bool, float)) or not isinstance(euros, (str, Decimal, int)):
            raise TypeError(f"an amount is a str, a Decimal or an int, not {type(euros).__name__}")
        if isinstance(euros, str):
            if not _PLAIN.fullmatch(euros):
                raise ValueError(f"not an amount in euros: {euros!r}")
            euros = Decimal(euros)
        if isinstance(euros, Decimal) and not euros.is_finite():
            raise ValueError(f"not a finite amount: {euros}")
        cents = Fraction(euros) * 100
        if cents.denominator != 1:
            raise ValueError(f"not a whole number of cents: {euros}")
        return cls(cents.numerator)

    @classmethod
    def rounded(cls, euros: Decimal, mode: str = ROUND_HALF_UP) -> Money:
        """Euros rounded to the cent by an explicit ``decimal`` rounding mode."""
        return cls(int(euros.scaleb(2).to_integral_value(rounding=mode)))

    @property
    def euros(self) -> Decimal:
        """The same amount as a Decimal with two places."""
        return Decimal(self.cents).scaleb(-2)

    @property
    def plain(self) -> str:
        """``1234.50``: the writing of files, of the API and of ``Money.of``."""
        sign = "-" if self.cents < 0 else ""
        whole, rest = divmod(abs(self.cents), 100)
        return f"{sign}{whole}.{rest:02d}"

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        whole, rest = divmod(abs(self.cents), 100)
        return f"{sign}{whole:,}".replace(",", THOUSANDS) + f",{rest:02d}{BEFORE_SYMBOL}€"

    def __bool__(self) -> bool:
        return self.cents != 0

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __abs__(self) -> Money:
        return Money(abs(self.cents))

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents) if isinstance(other, Money) else NotImplemented

    def __mul__(self, times: int) -> Money:
        return Money(self.cents * times) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def allocate(self, shares: Sequence[int | Decimal]) -> tuple[Money, ...]:
        """Split by the largest remainder; the parts add up exactly to the whole.

        Equal remainders are served in the order of ``shares``: give them in a stable order (billing sorts
        by payer).
        A negative amount is split as its opposite, so that a reversal mirrors what it reverses.
        """
        if any(type(share) is not int and not isinstance(share, Decimal) for share in shares):
            raise TypeError("a share is an int or a Decimal")
        weights = [Fraction(share) for share in shares]
        whole = sum(weights, Fraction(0))
        if whole <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("shares must not be negative, and one at least must be positive")
        exact = [abs(self.cents) * weight / whole for weight in weights]
        parts = [int(value) for value in exact]
        neediest = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
        for index in neediest[: abs(self.cents) - sum(parts)]:
            parts[index] += 1
        return tuple(Money(-part if self.cents < 0 else part) for part in parts)


ZERO = Money(0)
