"""Colours as the style sheet declares them, and the contrast that WCAG 2.2 asks of each pair. Pure functions."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

Mode = Literal["light", "dark"]

SHEET = Path(__file__).parent / "assets" / "css" / "tokens.css"

_DECLARATION = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6});")

TEXT = 4.5
"""WCAG 2.2, criterion 1.4.3: text of ordinary size."""
SHAPE = 3.0
"""WCAG 2.2, criteria 1.4.3 and 1.4.11: large text, edges of controls, focus."""

STATES = ("info", "success", "attention", "error")

PAIRS: tuple[tuple[str, str, float], ...] = (
    *((ink, ground, TEXT) for ink in ("ink", "ink-soft", "brand", "brand-strong")
      for ground in ("paper", "surface", "sunk", "sun-wash", "brand-wash")),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-strong", TEXT),
    *((state, ground, TEXT) for state in STATES for ground in (f"{state}-wash", "paper", "surface")),
    *(("ink", f"{state}-wash", TEXT) for state in STATES),
    *((edge, ground, SHAPE) for edge in ("line-strong", "focus") for ground in ("paper", "surface", "sunk")),
)  # fmt: skip
"""(foreground, background, least ratio): what the components put on what."""


@lru_cache(maxsize=2)
def tokens(mode: Mode = "light") -> dict[str, str]:
    """Colours by name (`brand` → `#0b5870`); the dark ones complete the light ones."""
    light, *rest = _blocks()
    return light | rest[-1] if mode == "dark" else light


def _blocks() -> list[dict[str, str]]:
    """Light, dark by preference of the machine, dark by attribute, in the order of the sheet."""
    found = [dict(_DECLARATION.findall(part)) for part in SHEET.read_text(encoding="utf-8").split(":root")]
    return [block for block in found if block]


def dark_blocks() -> tuple[dict[str, str], dict[str, str]]:
    """The two writings of dark mode, which must be the same."""
    _, preferred, chosen = _blocks()
    return preferred, chosen


def luminance(colour: str) -> float:
    """Relative luminance (WCAG) of `#rrggbb`, from 0 to 1."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """Contrast ratio (WCAG) of two colours `#rrggbb`, from 1 to 21; the order does not matter."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def failing(mode: Mode) -> list[str]:
    """Pairs that miss their ratio, in words."""
    colours = tokens(mode)
    return [
        f"{mode}: {a} on {b} is {ratio:.2f}, wants {least}"
        for a, b, least in PAIRS
        if (ratio := contrast(colours[a], colours[b])) < least
    ]
