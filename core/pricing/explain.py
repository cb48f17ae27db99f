"""French writing of numbers, dates and sentences. Pure: the same words whatever the request."""

from datetime import date
from decimal import Decimal

from core.contracts.money import BEFORE_SYMBOL, THOUSANDS, Money
from core.contracts.pricing import ExplanationStep, PriceRefusedError, Quotient, Unit

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
QUOTIENT_KINDS = {"caf": "CAF", "msa": "MSA", "municipal": "municipal"}

_FRENCH = str.maketrans({",": THOUSANDS, ".": ","})
_NO_BREAK = {" :": "\u00a0:", "« ": "«\u00a0", " »": "\u00a0»", " ;": "\u202f;", " ?": "\u202f?"}


def typeset(text: str) -> str:
    """The text with its no-break spaces."""
    for typed, printed in _NO_BREAK.items():
        text = text.replace(typed, printed)
    return text


def sentence(code: str, text: str) -> ExplanationStep:
    return ExplanationStep(code, typeset(text))


def refusal(code: str, text: str) -> PriceRefusedError:
    return PriceRefusedError(code, typeset(text))


def number(value: Decimal | int) -> str:
    """``1 500`` or ``228,67``: no useless decimals."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_FRENCH)


def bound(value: Decimal) -> str:
    """A quotient: ``500`` or ``500,50``."""
    return number(value) if value == value.to_integral_value() else f"{value:,.2f}".translate(_FRENCH)


def euros(amount: Decimal) -> str:
    """``2,40 €``, or ``0,125 €`` when the tariff has more than two decimals."""
    cents = amount.scaleb(2)
    if cents == cents.to_integral_value():
        return str(Money(int(cents)))
    return f"{number(amount)}{BEFORE_SYMBOL}€"


def day(value: date) -> str:
    return f"{'1er' if value.day == 1 else value.day} {MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """``de janvier 2026``, ``d’avril 2026``."""
    name = MONTHS[value.month - 1]
    return f"{'d’' if name[0] in 'ao' else 'de '}{name} {value.year}"


def quotient(value: Quotient | None) -> str:
    if value is None:
        return "Quotient familial non communiqué."
    when = f" {month(value.month)}" if value.month else ""
    return f"Quotient familial {QUOTIENT_KINDS[value.kind]}{when} : {bound(value.value)}."


def counted(quantity: Decimal, unit: Unit) -> str:
    """``3 journées``, ``1,5 heure``: French counts in the plural from two on."""
    return f"{number(quantity)} {unit.plural if quantity >= 2 else unit.label}"
