"""A small kit to draw flat scenes with Pillow: shapes, trees, houses and passers-by in one palette.

Everything is laid out on a sheet of 1600 × 900 units and drawn larger, then reduced: that smooths the edges.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 900
OVERSAMPLING = 3

Point = tuple[float, float]

SKY, CLOUD, SUN = "#f8ecd6", "#fdf6e8", "#f4c66b"
FAR, MIDDLE = "#d8d3b0", "#b9c39b"
LEAF_PALE, LEAF, LEAF_DEEP, TRUNK = "#a9ba80", "#7d9a66", "#587b56", "#7a5a44"
GRASS, GRASS_DEEP = "#b7c48a", "#9fb277"
STONE, STONE_SHADE, STONE_DEEP, PAVING = "#f6e6ca", "#e6cfa8", "#cfb288", "#ecdab9"
ROOF, ROOF_SHADE, SLATE = "#c96f4c", "#ad5839", "#6d7f85"
TEAL, TEAL_DEEP, TEAL_PALE = "#2f7383", "#0b5870", "#8fb8bb"
WATER, WATER_LIGHT, WATER_DEEP = "#a8c3bb", "#c3d6cb", "#8fb0ab"
GLASS, GLASS_WARM = "#bcd5d3", "#fbe3ad"
GOLD, CORAL, PLUM, CREAM, INK = "#e3a93c", "#d9795a", "#7b5068", "#fffaf0", "#3d3a35"
SKINS = ("#f0c8a4", "#d9a27a", "#a8714f", "#7a4e37")
HAIRS = ("#4a3428", "#2c2623", "#8a5a34", "#c99a55")


class Sheet:
    """The sheet one draws on; later shapes cover earlier ones."""

    def __init__(self, background: str = SKY) -> None:
        self._image = Image.new("RGB", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING), background)
        self._draw = ImageDraw.Draw(self._image)

    def webp(self, quality: int = 80) -> bytes:
        """The picture at 1600 × 900."""
        out = BytesIO()
        self._image.reduce(OVERSAMPLING).save(out, "WEBP", quality=quality, method=3)
        return out.getvalue()

    # Shapes

    @staticmethod
    def _scaled(points: Iterable[Point]) -> list[Point]:
        return [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]

    def shape(self, color: str, *points: Point) -> None:
        self._draw.polygon(self._scaled(points), fill=color)

    def box(self, color: str, x: float, y: float, width: float, height: float, radius: float = 0) -> None:
        """`x`, `y` is the top left corner."""
        (x0, y0), (x1, y1) = self._scaled([(x, y), (x + width, y + height)])
        if radius:
            self._draw.rounded_rectangle((x0, y0, x1 - 1, y1 - 1), radius * OVERSAMPLING, fill=color)
        else:
            self._draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=color)

    def disc(self, color: str, x: float, y: float, radius: float, flat: float = 1) -> None:
        """A disc around `x`, `y`; `flat` < 1 lays it down."""
        tall = radius * flat
        (x0, y0), (x1, y1) = self._scaled([(x - radius, y - tall), (x + radius, y + tall)])
        self._draw.ellipse((x0, y0, x1, y1), fill=color)

    def half_disc(self, color: str, x: float, y: float, radius: float) -> None:
        """The upper half of a disc standing on `y`."""
        (x0, y0), (x1, y1) = self._scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.pieslice((x0, y0, x1, y1), 180, 360, fill=color)

    def line(self, color: str, width: float, *points: Point) -> None:
        """A line with round ends."""
        self._draw.line(self._scaled(points), fill=color, width=round(width * OVERSAMPLING), joint="curve")
        if width > 2:
            for x, y in points if width > 12 else (points[0], points[-1]):
                self.disc(color, x, y, width / 2)

    def ring(self, color: str, x: float, y: float, radius: float, width: float) -> None:
        (x0, y0), (x1, y1) = self._scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.ellipse((x0, y0, x1, y1), outline=color, width=round(width * OVERSAMPLING))

    def land(self, color: str, *crest: Point) -> None:
        """Everything below a soft line through `crest`, from one side to the other."""
        self.shape(color, (crest[0][0], HEIGHT), *curve(crest), (crest[-1][0], HEIGHT))

    # Landscape

    def cloud(self, x: float, y: float, size: float, color: str = CLOUD) -> None:
        self.box(color, x - size, y - size * 0.16, size * 2, size * 0.32, size * 0.16)
        self.disc(color, x - size * 0.3, y - size * 0.12, size * 0.34)
        self.disc(color, x + size * 0.28, y - size * 0.16, size * 0.42)

    def tree(self, x: float, y: float, size: float, color: str = LEAF, light: str = LEAF_PALE) -> None:
        """A round tree that stands on `y`; `size` is its height."""
        self.disc(GRASS_DEEP, x + size * 0.06, y, size * 0.28, 0.16)
        self.shape(
            TRUNK,
            (x - size * 0.035, y),
            (x - size * 0.022, y - size * 0.5),
            (x + size * 0.022, y - size * 0.5),
            (x + size * 0.035, y),
        )
        self.line(TRUNK, size * 0.022, (x, y - size * 0.36), (x + size * 0.12, y - size * 0.5))
        for dx, dy, r in ((-0.17, 0.52, 0.18), (0.18, 0.53, 0.18), (0, 0.66, 0.25), (-0.05, 0.8, 0.19)):
            self.disc(color, x + dx * size, y - dy * size, r * size)
        for dx, dy, r in ((-0.1, 0.76, 0.13), (-0.2, 0.57, 0.09), (0.1, 0.62, 0.08)):
            self.disc(light, x + dx * size, y - dy * size, r * size)

    def poplar(self, x: float, y: float, size: float, color: str = LEAF_DEEP, light: str = LEAF) -> None:
        self.box(TRUNK, x - size * 0.015, y - size * 0.2, size * 0.03, size * 0.2)
        for side, tone in ((1, color), (0, light)):
            points = [
                (x + size * 0.11 * sin(step / 20 * pi) * (1 if step <= 20 else -1), 0.0) for step in range(21)
            ]
            right = [(px, y - size * (0.1 + 0.9 * i / 20)) for i, (px, _) in enumerate(points)]
            left = [(2 * x - px, py) for px, py in reversed(right)]
            if side:
                self.shape(tone, *right, *left)
            else:
                self.shape(tone, *[(x, py) for _, py in right], *left)

    def bush(self, x: float, y: float, size: float, color: str = LEAF_DEEP, light: str = LEAF) -> None:
        for dx, r in ((-0.6, 0.34), (0.6, 0.36), (0, 0.52)):
            self.half_disc(color, x + dx * size, y, r * size)
        self.half_disc(light, x - 0.2 * size, y, 0.26 * size)

    # Town

    def window(
        self, x: float, y: float, width: float, height: float, shutter: str = "", glass: str = GLASS
    ) -> None:
        """A window with its frame; `shutter` is the colour of the shutters, if any."""
        self.box(CREAM, x - 3, y - 3, width + 6, height + 6, 2)
        self.box(glass, x, y, width, height)
        self.shape(mix(glass, CREAM, 0.45), (x, y), (x + width * 0.7, y), (x, y + height * 0.7))
        self.box(CREAM, x + width / 2 - 1.5, y, 3, height)
        self.box(CREAM, x, y + height * 0.42, width, 3)
        self.box(STONE_DEEP, x - 7, y + height + 3, width + 14, 5)
        if shutter:
            leaf = width * 0.46
            for left in (x - 5 - leaf, x + width + 5):
                self.box(shutter, left, y - 2, leaf, height + 4)
                self.box(mix(shutter, INK, 0.18), left, y + height * 0.3, leaf, 3)
                self.box(mix(shutter, INK, 0.18), left, y + height * 0.68, leaf, 3)

    def house(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        wall: str,
        roof: str = ROOF,
        shutter: str = TEAL,
        floors: int = 2,
        bays: int = 2,
    ) -> None:
        """A house of the street that stands on `y`; its roof rises above `height`."""
        rise = width * 0.26
        self.shape(
            roof,
            (x - 10, y - height),
            (x + width * 0.16, y - height - rise),
            (x + width * 0.84, y - height - rise),
            (x + width + 10, y - height),
        )
        self.box(mix(roof, INK, 0.2), x - 10, y - height - 3, width + 20, 7)
        self.box(wall, x, y - height + 4, width, height - 4)
        self.box(mix(wall, STONE_DEEP, 0.4), x, y - height + 4, width, 9)
        self.box(mix(roof, INK, 0.12), x + width * 0.66, y - height - rise - 16, width * 0.09, 34)
        floor = height / floors
        bay = width / bays
        for row in range(floors):
            for column in range(bays):
                middle = x + bay * (column + 0.5)
                top = y - height + floor * row + floor * 0.28
                if row == floors - 1 and column == bays - 1:
                    self.box(CREAM, middle - bay * 0.2, top - 4, bay * 0.4, y - top + 4)
                    self.box(shutter, middle - bay * 0.16, top, bay * 0.32, y - top)
                else:
                    self.window(middle - bay * 0.14, top, bay * 0.28, floor * 0.46, shutter)

    def lamp(self, x: float, y: float, size: float) -> None:
        self.disc(STONE_DEEP, x + 6, y, size * 0.09, 0.25)
        self.line(INK, size * 0.03, (x, y), (x, y - size * 0.86))
        self.box(INK, x - size * 0.05, y - size * 0.06, size * 0.1, size * 0.06)
        self.disc(SUN, x, y - size * 0.91, size * 0.065)
        self.box(INK, x - size * 0.06, y - size * 0.99, size * 0.12, size * 0.025)

    def person(
        self,
        x: float,
        y: float,
        size: float,
        coat: str,
        legs: str = INK,
        skin: int = 0,
        hair: int = 0,
        *,
        bag: str = "",
        skirt: bool = False,
        arm: float = 0,
        step: float = 0.07,
        shadow: str = STONE_DEEP,
    ) -> None:
        """Somebody who stands on `y`; `size` is the height, `arm` raises an arm (1: up), `bag` colours a school bag."""
        head = size * 0.105
        hip, neck = y - size * 0.42, y - size * 0.78
        self.disc(shadow, x + size * 0.08, y, size * 0.2, 0.18)
        for side in (-1, 1):
            foot = x + side * size * step
            self.line(legs, size * 0.075, (x + side * size * 0.045, hip), (foot, y - size * 0.03))
            self.line(INK, size * 0.06, (foot, y - size * 0.02), (foot + size * 0.045, y - size * 0.02))
        if bag:
            self.box(bag, x - size * 0.21, neck + size * 0.03, size * 0.17, size * 0.26, size * 0.05)
        wide = 0.19 if skirt else 0.13
        self.shape(
            coat,
            (x - size * 0.1, neck + size * 0.03),
            (x + size * 0.1, neck + size * 0.03),
            (x + size * wide, hip + size * 0.07),
            (x - size * wide, hip + size * 0.07),
        )
        self.disc(coat, x, neck + size * 0.07, size * 0.105)
        sleeve = mix(coat, INK, 0.16)
        shoulder = (x + size * 0.07, neck + size * 0.08)
        angle = arm * 2.6
        hand = (x + size * (0.1 + 0.26 * sin(angle)), neck + size * (0.08 + 0.3 * cos(angle)))
        self.line(sleeve, size * 0.062, shoulder, hand)
        self.disc(SKINS[skin], *hand, size * 0.035)
        top = neck - head * 0.75
        self.box(SKINS[skin], x - size * 0.03, neck - size * 0.02, size * 0.06, size * 0.07)
        self.disc(SKINS[skin], x, top, head)
        self.half_disc(HAIRS[hair], x - head * 0.06, top - head * 0.05, head * 1.06)
        self.disc(HAIRS[hair], x - head * 0.72, top + head * 0.1, head * 0.42)

    def bunting(self, start: Point, end: Point, sag: float, count: int, colors: Sequence[str]) -> None:
        """Small flags on a hanging line."""

        def at(t: float) -> Point:
            return (
                start[0] + (end[0] - start[0]) * t,
                start[1] + (end[1] - start[1]) * t + sag * 4 * t * (1 - t),
            )

        self.line(INK, 2, *(at(step / 30) for step in range(31)))
        for index in range(count):
            (x0, y0), (x1, y1) = at((index + 0.15) / count), at((index + 0.85) / count)
            drop = (x1 - x0) * 1.1
            self.shape(colors[index % len(colors)], (x0, y0), (x1, y1), ((x0 + x1) / 2, (y0 + y1) / 2 + drop))


def curve(points: Sequence[Point], steps: int = 16) -> list[Point]:
    """A soft line through points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    found: list[Point] = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(
        padded, padded[1:], padded[2:], padded[3:], strict=False
    ):
        for step in range(steps):
            t = step / steps
            found.append((_spline(ax, bx, cx, dx, t), _spline(ay, by, cy, dy, t)))
    return [*found, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def mix(one: str, other: str, part: float) -> str:
    """`one` with a part (0 to 1) of `other`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))


def dots(name: str, count: int, x: tuple[float, float], y: tuple[float, float]) -> list[Point]:
    """`count` places in a rectangle, always the same for one name."""
    random = Random(name)  # noqa: S311 - a drawing
    return [(random.uniform(*x), random.uniform(*y)) for _ in range(count)]
