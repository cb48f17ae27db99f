"""The colours of a commune: three are chosen, the others follow, and every pair that is drawn is judged. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from core.ui.theme import PAIRS, TEXT, Mode, contrast, tokens

T = TypeVar("T")

MODES: tuple[Mode, ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Colours:
    """What a commune chooses, `#rrggbb`: its colour by day, by night, and the sun of accents. By default, our own."""

    brand: str = tokens("light")["brand"]
    brand_dark: str = tokens("dark")["brand"]
    sun: str = tokens("light")["sun"]

    def brand_of(self, mode: Mode) -> str:
        return self.brand if mode == "light" else self.brand_dark


OURS = Colours()
SELECTED = "selected"
"""What base.css writes on the sun when one selects text, in both modes: the ink of the day."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair as it would be drawn. `chosen` names the colour of the form to change when it is not readable."""

    mode: Mode
    chosen: str
    front: str
    back: str
    colours: tuple[str, str]
    ratio: float
    least: float

    @property
    def is_readable(self) -> bool:
        return self.ratio >= self.least


def mix(base: str, other: str, share: float) -> str:
    """`base` with a share (0 to 1) of `other`."""
    pairs = ((int(base[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _wash(ground: str, colour: str, share: float, fronts: tuple[str, ...]) -> str:
    """The ground tinted as much as its texts allow, up to a share."""
    for step in range(round(share * 100), 0, -2):
        tinted = mix(ground, colour, step / 100)
        if all(contrast(front, tinted) >= TEXT for front in fronts):
            return tinted
    return ground


@lru_cache(maxsize=64)
def palette(colours: Colours, mode: Mode) -> dict[str, str]:
    """The tokens that change, by name; none for a colour that is ours."""
    base, brand, light = tokens(mode), colours.brand_of(mode), mode == "light"
    changed: dict[str, str] = {}
    if brand != OURS.brand_of(mode):
        strong = mix(brand, "#000000", 0.28) if light else mix(brand, "#ffffff", 0.36)
        fronts: tuple[str, ...] = (base["ink"], base["ink-soft"], brand, strong)
        candidates = ("#ffffff", base["ink"]) if light else (mix(brand, "#000000", 0.82), "#ffffff")
        changed = {
            "brand": brand,
            "brand-strong": strong,
            "on-brand": max(candidates, key=lambda c: min(contrast(c, brand), contrast(c, strong))),
            "brand-wash": _wash(base["surface"], brand, 0.12, fronts)
            if light
            else _wash(base["sunk"], brand, 0.2, fronts),
            "focus": brand,
        }
    if colours.sun != OURS.sun:
        fronts = tuple((base | changed)[name] for name in ("ink", "ink-soft", "brand", "brand-strong"))
        changed |= {"sun": colours.sun, "sun-wash": _wash(base["surface"], colours.sun, 0.22, fronts)}
    return changed


_FOLLOWING = {"brand", "brand-strong", "on-brand", "brand-wash", "sun-wash", "focus"}


def judge(colours: Colours) -> Iterator[Judged]:
    """Every pair that the choice decides, light then dark."""
    for mode in MODES:
        found = tokens(mode) | palette(colours, mode)
        for front, back, least in PAIRS:
            if not _FOLLOWING.isdisjoint((front, back)):
                drawn = found[front], found[back]
                yield Judged(mode, _chosen(mode), front, back, drawn, contrast(*drawn), least)
        drawn = tokens("light")["ink"], found["sun"]
        yield Judged(mode, "sun", SELECTED, "sun", drawn, contrast(*drawn), TEXT)


def _chosen(mode: Mode) -> str:
    """Washes give way by themselves, so what is left to blame is always the brand."""
    return "brand" if mode == "light" else "brand_dark"


def least_readable(pairs: Iterable[Judged], by: Callable[[Judged], T]) -> dict[T, Judged]:
    """The pair that is furthest from what it needs, in each group."""
    found: dict[T, Judged] = {}
    for pair in pairs:
        group = by(pair)
        if group not in found or pair.ratio / pair.least < found[group].ratio / found[group].least:
            found[group] = pair
    return found


def style_sheet(colours: Colours) -> str:
    """The custom properties that change, for the screen only: paper stays black on white. "" when all is ours.

    It stands outside of the layers, so it wins over tokens.css without fighting; dark mode is written twice, as there.
    """
    light, dark = (_declarations(palette(colours, mode)) for mode in MODES)
    if not light and not dark:
        return ""
    # What the day changes must not leak into the night: a night left alone repeats its own tokens.
    kept = {name: tokens("dark")[name] for name in palette(colours, "light")}
    dark = _declarations(kept | palette(colours, "dark"))
    return (
        f"@media screen {{\n:root {{ {light} }}\n"
        f':root[data-bs-theme="dark"] {{ {dark} }}\n}}\n'
        "@media screen and (prefers-color-scheme: dark) {\n"
        f':root:not([data-bs-theme="light"]) {{ {dark} }}\n}}\n'
    )


def _declarations(properties: dict[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in properties.items())
