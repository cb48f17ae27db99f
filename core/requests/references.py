"""Reference numbers: short enough for a phone call, and telling nobody how many requests there are. Pure."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without the signs that one takes for another: 0 and O, 1, I and L, U and V."""


def draw(year: int) -> str:
    """« D26-K7PM2X »."""
    return f"D{year % 100:02d}-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
