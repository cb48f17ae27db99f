"""The way in of the school, and lunch at the canteen."""

from core.pages.scenes import brush as b
from core.pages.scenes.brush import WIDTH, Sheet, mix
from core.pages.scenes.horizon import hills, morning


def school() -> bytes:
    """The way in of the school, in the morning."""
    s = Sheet()
    morning(s, (250, 260))
    hills(s, 560)
    for x, size in ((60, 240), (1500, 260), (1570, 220)):
        s.poplar(x, 620, size)
    # Building
    s.shape(b.ROOF, (210, 330), (300, 238), (1330, 238), (1420, 330))
    s.box(b.ROOF_SHADE, 200, 324, 1230, 14)
    s.box("#f4dcb8", 230, 338, 1170, 300)
    s.box("#e9c797", 230, 338, 1170, 16)
    s.box("#d9a97c", 230, 590, 1170, 48)
    for x in (270, 400, 1062, 1192):
        s.window(x, 400, 96, 140, "", b.GLASS_WARM if x in (400, 1062) else b.GLASS)
    for index, x in enumerate((270, 400, 1062, 1192)):
        color = (b.CORAL, b.GOLD, b.TEAL, "#8fa85f")[index]
        s.disc(color, x + 24, 516, 13)
        s.shape((b.TEAL, b.CORAL, b.GOLD, b.PLUM)[index], (x + 54, 528), (x + 68, 502), (x + 82, 528))
    s.window(1318, 400, 60, 140, "")
    # Porch with its gable, clock and open door
    s.shape(b.ROOF_SHADE, (540, 320), (780, 176), (1020, 320), (1020, 340), (540, 340))
    s.shape("#fbeacb", (584, 340), (780, 222), (976, 340))
    s.box("#fbeacb", 584, 336, 392, 302)
    s.disc(b.CREAM, 780, 298, 34)
    s.ring(b.TEAL_DEEP, 780, 298, 34, 5)
    s.line(b.TEAL_DEEP, 4, (780, 298), (780, 276))
    s.line(b.TEAL_DEEP, 4, (780, 298), (764, 304))
    s.box(b.TEAL_DEEP, 630, 352, 300, 44, 6)
    _word_school(s, 694, 360)
    s.box(b.CREAM, 668, 420, 224, 218)
    s.box(b.GLASS_WARM, 680, 432, 200, 206)
    for x in (676, 790):
        s.box(b.TEAL, x, 430, 94, 208)
        s.box(b.GLASS_WARM, x + 14, 446, 66, 84)
        s.box(mix(b.TEAL, b.INK, 0.2), x + 14, 548, 66, 70)
    for x in (606, 908):
        s.box(b.GLASS, x, 432, 46, 150)
        s.box(b.CREAM, x + 21, 432, 4, 150)
    # Yard
    s.box("#e8cfa6", 0, 636, WIDTH, 270)
    s.land(b.GRASS, (-20, 640), (120, 634), (232, 648), (300, 690), (180, 716), (-20, 720))
    s.shape(b.GRASS, (1300, 640), (1620, 640), (1620, 720), (1420, 712), (1330, 676))
    s.shape(b.GRASS, (-20, 640), (232, 640), (262, 676), (180, 712), (-20, 720))
    s.box("#e8cfa6", 0, 716, WIDTH, 190)
    s.shape("#f3e1c2", (660, 638), (900, 638), (1050, 900), (510, 900))
    s.tree(120, 690, 420, "#cf9a4a", "#e6bd6c")
    s.tree(1490, 694, 380)
    _hopscotch(s, 1130, 860)
    for x in (1290, 1340):
        s.bush(x, 660, 40)
    # Children and grown-ups
    s.person(470, 836, 196, b.PLUM, b.INK, 0, 0, skirt=True, shadow="#cfae82")
    s.person(560, 846, 128, b.GOLD, b.TEAL, 0, 2, bag=b.TEAL_DEEP, arm=0.2, shadow="#cfae82")
    s.person(700, 770, 112, b.CORAL, b.INK, 2, 1, bag=b.GOLD, shadow="#cfae82", step=0.11)
    s.person(790, 740, 106, "#8fa85f", b.TEAL_DEEP, 1, 3, bag=b.CORAL, shadow="#cfae82")
    s.person(905, 806, 120, b.TEAL, b.PLUM, 3, 1, bag=b.CORAL, shadow="#cfae82", step=0.11)
    s.person(952, 690, 132, b.TEAL_DEEP, b.INK, 1, 1, arm=0.75, shadow="#cfae82")
    s.person(1240, 812, 122, b.CORAL, b.TEAL, 0, 3, skirt=True, arm=0.5, shadow="#cfae82")
    for left, top in b.dots("leaves", 26, (20, 330), (680, 880)):
        s.disc("#d9a24e", left, top, 7, 0.55)
    return s.webp()


def _word_school(s: Sheet, x: float, y: float) -> None:
    """« ÉCOLE » in strokes, so that no font is needed."""
    strokes: dict[str, list[tuple[tuple[int, int], ...]]] = {
        "É": [((22, 0), (0, 0), (0, 28), (22, 28)), ((0, 14), (17, 14)), ((9, -6), (17, -11))],
        "C": [((22, 3), (14, 0), (5, 2), (0, 14), (5, 26), (14, 28), (22, 25))],
        "O": [((12, 0), (3, 5), (0, 14), (3, 23), (12, 28), (21, 23), (24, 14), (21, 5), (12, 0))],
        "L": [((0, 0), (0, 28), (20, 28))],
        "E": [((22, 0), (0, 0), (0, 28), (22, 28)), ((0, 14), (17, 14))],
    }
    for letter in "ÉCOLE":
        for stroke in strokes[letter]:
            s.line(b.CREAM, 5, *((x + dx, y + dy) for dx, dy in stroke))
        x += 37


def _hopscotch(s: Sheet, x: float, y: float) -> None:
    """Squares painted on the ground, smaller as they go away."""
    chalk = b.CREAM
    for index, (columns, size) in enumerate(((1, 46), (1, 42), (2, 38), (1, 34), (2, 31), (1, 28))):
        tall = size * 0.56
        y -= tall
        for column in range(columns):
            left = x + index * 6 - columns * size / 2 + column * size
            lean = size * 0.14
            points = (
                (left, y + tall),
                (left + size, y + tall),
                (left + size + lean, y),
                (left + lean, y),
                (left, y + tall),
            )
            if (index + column) % 2:
                s.shape(mix((b.CORAL, b.GOLD, b.TEAL_PALE)[index % 3], "#e8cfa6", 0.35), *points)
            s.line(chalk, 4, *points)


def canteen() -> bytes:
    """Lunch at the canteen."""
    s = Sheet("#f7e3c3")
    s.box("#f3d8b0", 0, 0, WIDTH, 90)
    s.box("#e9b98f", 0, 500, WIDTH, 140)
    s.box("#d99f72", 0, 494, WIDTH, 12)
    s.box("#dfc196", 0, 640, WIDTH, 260)
    for y in (684, 742, 820):
        s.box("#d2b182", 0, y, WIDTH, 4)
    # Garden through the windows
    for x in (90, 470, 1110):
        s.box(b.CREAM, x - 14, 116, 328, 348, 6)
        s.box("#dcebe4", x, 130, 300, 320)
        s.disc(b.SUN, x + 220, 196, 34)
        s.shape(b.MIDDLE, (x, 372), (x + 90, 336), (x + 190, 362), (x + 300, 328), (x + 300, 450), (x, 450))
        s.disc(b.LEAF, x + 82, 330, 62)
        s.disc(b.LEAF_PALE, x + 62, 308, 34)
        s.box(b.TRUNK, x + 76, 380, 12, 70)
        s.shape(b.GRASS, (x, 420), (x + 150, 404), (x + 300, 418), (x + 300, 450), (x, 450))
        s.box(b.CREAM, x + 144, 130, 12, 320)
        s.box(b.CREAM, x, 250, 300, 10)
        s.box(b.STONE_DEEP, x - 24, 462, 348, 14, 4)
    for x, color in ((130, b.CORAL), (180, "#8fa85f"), (1330, b.GOLD), (1290, "#8fa85f")):
        s.box("#b06a4a", x - 16, 434, 32, 28, 4)
        s.half_disc(color, x, 434, 24)
    # Menu board
    s.box("#a9764f", 832, 140, 216, 280, 6)
    s.box("#39514f", 844, 152, 192, 256)
    for index, (width, color) in enumerate(
        ((120, b.GOLD), (150, b.CREAM), (130, b.CREAM), (104, b.CREAM), (140, b.CREAM))
    ):
        s.box(mix("#39514f", color, 0.75), 866, 184 + index * 38, width, 8, 4)
    s.disc(b.CORAL, 1002, 376, 16)
    s.line("#8fa85f", 4, (1002, 360), (1010, 350))
    # Lamps
    for x, color in ((300, b.TEAL), (800, b.CORAL), (1300, b.TEAL)):
        s.line(b.INK, 4, (x, 0), (x, 66))
        s.half_disc(color, x, 116, 52)
        s.box(b.SUN, x - 22, 114, 44, 8, 4)
    # Cook with a trolley
    s.person(1440, 700, 330, b.CREAM, b.TEAL_DEEP, 1, 1, arm=0.42, shadow="#c9a877")
    s.box(b.CREAM, 1408, 372, 64, 34, 12)
    s.box(b.CREAM, 1402, 356, 76, 32, 16)
    s.box(b.TEAL, 1490, 492, 110, 12, 4)
    s.half_disc("#e8d9bd", 1552, 492, 46)
    s.disc(b.CREAM, 1552, 446, 6)
    # Children behind the table, table, children's plates
    seats = (
        (210, b.CORAL, 0, 0, False),
        (450, b.TEAL, 2, 1, True),
        (700, b.GOLD, 1, 2, False),
        (950, "#8fa85f", 3, 1, True),
        (1190, b.PLUM, 0, 3, False),
    )
    for x, coat, skin, hair, up in seats:
        s.box("#b98258", x - 74, 470, 148, 190, 18)
        _seated(s, x, 640, coat, skin, hair, up)
    for x in (110, 640, 1220):
        s.box("#8f5f40", x, 690, 34, 190, 4)
    s.box("#8f5f40", 120, 868, 1120, 14, 6)
    s.box("#fdf1dc", 20, 628, 1340, 46, 8)
    s.box("#f6e4c4", 20, 656, 1340, 122)
    for x in range(20, 1340, 67):
        s.box(mix("#fdf1dc", b.CORAL, 0.34), x, 742, 34, 36)
        s.box(mix("#fdf1dc", b.CORAL, 0.62), x, 760, 34, 18)
        s.box(mix("#fdf1dc", b.CORAL, 0.34), x + 34, 760, 33, 18)
    for x, *_ in seats:
        _plate(s, x, 640)
    _carafe(s, 580, 640)
    _carafe(s, 1072, 640)
    s.box("#c9925e", 282, 618, 98, 28, 8)
    for dx in (20, 48, 76):
        s.disc("#e0ab68", 282 + dx, 616, 20, 0.7)
    for x, y, color in (
        (800, 592, b.CORAL),
        (828, 584, b.GOLD),
        (856, 592, "#8fa85f"),
        (814, 574, "#8fa85f"),
        (842, 572, b.CORAL),
    ):
        s.disc(color, x, y, 19)
    s.shape(b.TEAL_DEEP, (768, 596), (888, 596), (864, 640), (792, 640))
    return s.webp()


def _seated(s: Sheet, x: float, y: float, coat: str, skin: int, hair: int, up: bool) -> None:
    """A child seen to the waist behind a table."""
    tone = b.SKINS[skin]
    s.box(coat, x - 58, y - 122, 116, 150, 44)
    s.box(tone, x - 15, y - 146, 30, 40)
    s.disc(tone, x, y - 182, 50)
    s.half_disc(b.HAIRS[hair], x, y - 186, 54)
    s.disc(b.HAIRS[hair], x - 42, y - 176, 18)
    s.disc(b.HAIRS[hair], x + 42, y - 176, 18)
    s.disc(b.INK, x - 17, y - 172, 4.5)
    s.disc(b.INK, x + 17, y - 172, 4.5)
    s.line(
        mix(tone, "#8a3c2c", 0.6),
        4,
        *((x + dx, y - 154 + dy) for dx, dy in ((-12, 0), (-5, 5), (5, 5), (12, 0))),
    )
    sleeve = mix(coat, b.INK, 0.15)
    s.line(sleeve, 27, (x - 52, y - 88), (x - 78, y - 30), (x - 44, y - 6))
    s.disc(tone, x - 40, y - 6, 14)
    if up:
        s.line(sleeve, 27, (x + 52, y - 88), (x + 80, y - 40), (x + 62, y - 84))
        s.line("#9aa5a6", 5, (x + 58, y - 88), (x + 30, y - 128))
        s.disc(tone, x + 60, y - 90, 14)
    else:
        s.line(sleeve, 27, (x + 52, y - 88), (x + 78, y - 30), (x + 44, y - 6))
        s.disc(tone, x + 40, y - 6, 14)


def _plate(s: Sheet, x: float, y: float) -> None:
    s.disc("#e7cda1", x, y + 8, 62, 0.22)
    s.disc(b.CREAM, x, y + 4, 60, 0.22)
    s.disc("#f0e2c8", x, y + 3, 44, 0.2)
    s.disc("#8fa85f", x - 16, y, 20, 0.4)
    s.disc(b.CORAL, x + 16, y, 18, 0.42)
    s.disc(b.GOLD, x + 2, y - 5, 15, 0.42)


def _carafe(s: Sheet, x: float, y: float) -> None:
    s.shape(
        b.GLASS,
        (x - 13, y - 96),
        (x + 13, y - 96),
        (x + 16, y - 66),
        (x + 32, y - 10),
        (x + 28, y),
        (x - 28, y),
        (x - 32, y - 10),
        (x - 16, y - 66),
    )
    s.shape(
        b.TEAL_PALE,
        (x - 21, y - 50),
        (x + 21, y - 50),
        (x + 32, y - 10),
        (x + 28, y),
        (x - 28, y),
        (x - 32, y - 10),
    )
    s.box(b.CREAM, x - 16, y - 100, 32, 7, 3)
