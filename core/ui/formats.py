"""How Parvis writes dates, hours and amounts: « jeudi 3 décembre », « 13 h 30 », « 1 234,50 € ». Pure functions."""

import datetime as dt

from core.contracts.money import Money

NBSP = "\u00a0"

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def day(value: dt.date, *, year: bool = False) -> str:
    """« jeudi 3 décembre », with the year when asked. The number never leaves its month at the end of a line."""
    number = "1er" if value.day == 1 else str(value.day)
    words = f"{DAYS[value.weekday()]} {number}{NBSP}{MONTHS[value.month - 1]}"
    return f"{words}{NBSP}{value.year}" if year else words


def month(value: dt.date) -> str:
    """« décembre 2026 »."""
    return f"{MONTHS[value.month - 1]}{NBSP}{value.year}"


def hour(value: dt.time | dt.datetime) -> str:
    """« 9 h », « 13 h 30 »."""
    return f"{value.hour}{NBSP}h{NBSP}{value.minute:02d}" if value.minute else f"{value.hour}{NBSP}h"


def euros(value: Money | int) -> str:
    """« 2,40 € », « 1 234,50 € » from a Money or from cents."""
    return str(Money(value) if isinstance(value, int) else value)


def size(octets: int) -> str:
    """« 180 Ko », « 2,4 Mo » (thousands, as on the labels of machines)."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))}{NBSP}Ko"
    return f"{octets / 1_000_000:.1f}".replace(".", ",").removesuffix(",0") + f"{NBSP}Mo"
