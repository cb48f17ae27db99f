"""The square and its stall, the bus at its stop."""

from core.pages.scenes import brush as b
from core.pages.scenes.brush import WIDTH, Sheet, mix
from core.pages.scenes.horizon import hills, morning


def square() -> bytes:
    """The square and the town hall on a clear morning."""
    s = Sheet()
    morning(s, (1290, 300))
    hills(s, 560)
    for x, size in ((1235, 150), (1290, 190), (1345, 160), (1400, 210), (1580, 190)):
        s.poplar(x, 600, size, mix(b.LEAF_DEEP, b.MIDDLE, 0.35), mix(b.LEAF, b.MIDDLE, 0.35))
    # Streets on both sides
    s.house(-70, 640, 215, 300, "#f0d3ae", shutter=b.TEAL)
    s.house(145, 640, 190, 255, b.STONE, b.ROOF_SHADE, "#8a9a6b")
    s.house(335, 640, 170, 285, "#eec3a0", shutter=b.PLUM)
    s.house(1150, 640, 185, 262, "#f2d8b4", b.ROOF_SHADE, b.CORAL)
    s.house(1480, 640, 200, 290, "#efc9a5", shutter=b.TEAL)
    s.house(1320, 640, 165, 225, b.STONE, shutter="#8a9a6b")
    # Town hall
    s.shape(b.SLATE, (488, 318), (560, 232), (1100, 232), (1172, 318))
    s.shape(mix(b.SLATE, b.CREAM, 0.15), (488, 318), (560, 232), (640, 232), (590, 318))
    s.box(b.STONE, 505, 330, 650, 320)
    s.box(b.STONE_SHADE, 495, 312, 670, 22)
    s.box(b.STONE_SHADE, 505, 476, 650, 12)
    s.box(mix(b.STONE, b.STONE_SHADE, 0.5), 505, 610, 650, 40)
    for x in (505, 1137):
        for row in range(9):
            s.box(b.STONE_SHADE, x, 340 + row * 34, 18 if row % 2 else 12, 26)
    for column in range(7):
        x = 546 + column * 87
        if column != 3:
            s.window(x, 366, 46, 84, b.TEAL)
            s.window(x, 512, 46, 92, "")
            s.half_disc(b.CREAM, x + 23, 509, 27)
            s.half_disc(b.GLASS, x + 23, 509, 22)
    s.shape(b.STONE, (712, 334), (948, 334), (948, 300), (830, 236), (712, 300))
    s.shape(b.STONE_SHADE, (700, 304), (830, 230), (960, 304), (960, 292), (830, 214), (700, 292))
    s.box(b.STONE, 716, 300, 228, 340)
    s.disc(b.STONE_SHADE, 830, 300, 22)
    s.disc(b.GLASS, 830, 300, 16)
    s.box(b.STONE, 790, 128, 80, 120)
    s.box(b.STONE_SHADE, 782, 120, 96, 14)
    s.shape(b.SLATE, (786, 122), (830, 44), (874, 122))
    s.line(b.INK, 3, (830, 48), (830, 18))
    s.disc(b.GOLD, 830, 18, 6)
    s.disc(b.CREAM, 830, 178, 31)
    s.ring(b.TEAL_DEEP, 830, 178, 31, 5)
    s.line(b.TEAL_DEEP, 4, (830, 178), (830, 159))
    s.line(b.TEAL_DEEP, 4, (830, 178), (844, 186))
    for x in (738, 800, 862):
        s.box(b.CREAM, x - 4, 354, 66, 108, 2)
        s.box(b.GLASS, x, 358, 58, 104)
        s.box(b.CREAM, x + 27, 358, 4, 104)
        s.box(b.CREAM, x, 398, 58, 4)
    s.box(b.STONE_DEEP, 724, 466, 212, 10)
    for x in range(730, 932, 14):
        s.box(b.INK, x, 434, 3, 34)
    s.box(b.INK, 724, 432, 212, 4)
    for dx, color in enumerate((b.TEAL_DEEP, b.CREAM, b.CORAL)):
        s.box(color, 838 + dx * 24, 386, 24, 46)
    s.line(b.INK, 4, (838, 380), (838, 452))
    s.half_disc(b.STONE_SHADE, 830, 540, 62)
    s.box(b.STONE_SHADE, 768, 540, 124, 110)
    s.half_disc(b.TEAL_DEEP, 830, 540, 50)
    s.box(b.TEAL_DEEP, 780, 540, 100, 110)
    s.box(b.TEAL, 786, 548, 42, 96)
    s.box(b.TEAL, 832, 548, 42, 96)
    for x in (742, 918):
        s.half_disc(b.STONE_SHADE, x, 548, 24)
        s.box(b.STONE_SHADE, x - 24, 548, 48, 86)
        s.half_disc(b.GLASS, x, 548, 18)
        s.box(b.GLASS, x - 18, 548, 36, 80)
    s.box(b.STONE_DEEP, 486, 644, 688, 22)
    s.box(mix(b.STONE_DEEP, b.STONE, 0.4), 486, 640, 688, 10)
    for step in range(4):
        s.box(mix(b.STONE, b.STONE_DEEP, 0.16 * step), 730 - step * 14, 636 + step * 8, 200 + step * 28, 9)
    # Square
    s.box(b.PAVING, 0, 664, WIDTH, 240)
    s.box(b.STONE_DEEP, 0, 640, 486, 26)
    s.box(b.STONE_DEEP, 1174, 640, 430, 26)
    s.box(mix(b.STONE_DEEP, b.STONE, 0.4), 0, 640, 486, 12)
    s.box(mix(b.STONE_DEEP, b.STONE, 0.4), 1174, 640, 430, 12)
    for x in range(-1400, 3100, 250):
        s.shape(
            mix(b.PAVING, b.STONE_DEEP, 0.26),
            (830 + (x - 830) * 0.52, 666),
            (830 + (x - 830) * 0.52 + 10, 666),
            (x + 26, 900),
            (x, 900),
        )
    for y, thick in ((690, 4), (732, 6), (796, 9)):
        s.box(mix(b.PAVING, b.STONE_DEEP, 0.26), 0, y, WIDTH, thick)
    # Plane trees, stall, people
    for x, y, size in ((90, 720, 400), (1545, 716, 410)):
        s.disc(mix(b.PAVING, b.STONE_DEEP, 0.5), x + 20, y, size * 0.34, 0.14)
        s.tree(x, y, size)
    s.bunting((150, 430), (500, 330), 46, 9, (b.CORAL, b.GOLD, b.TEAL))
    s.bunting((1160, 330), (1500, 430), 46, 9, (b.GOLD, b.TEAL, b.CORAL))
    _stall(s, 300, 800)
    for x in (610, 1050):
        s.lamp(x, 716, 190)
    s.person(700, 724, 108, b.CORAL, skin=0, hair=1, skirt=True)
    s.person(940, 716, 104, b.TEAL, skin=2, hair=1, step=0.1)
    s.person(1142, 820, 168, b.TEAL_DEEP, "#6a5a4c", 1, 0, step=0.1)
    s.person(1232, 828, 108, b.GOLD, b.TEAL, 1, 2, bag=b.CORAL, arm=0.25)
    s.person(575, 842, 172, b.PLUM, b.INK, 3, 1, skirt=True)
    for x, y in ((870, 790), (905, 812), (838, 818), (945, 786)):
        _pigeon(s, x, y)
    return s.webp()


def _stall(s: Sheet, x: float, y: float) -> None:
    """A market stall of fruit and vegetables."""
    s.disc(mix(b.PAVING, b.STONE_DEEP, 0.5), x + 10, y, 190, 0.12)
    s.person(x + 20, y - 8, 178, "#8a9a6b", b.INK, 0, 2)
    for dx in (-150, 150):
        s.line(b.TRUNK, 8, (x + dx, y), (x + dx, y - 200))
    s.box("#a9764f", x - 165, y - 82, 330, 82, 4)
    s.box("#8c5f3f", x - 165, y - 82, 330, 12)
    for row, (color, start) in enumerate(((b.CORAL, -140), (b.GOLD, -52), ("#8fa85f", 36), (b.PLUM, 106))):
        for i in range(5 if row < 3 else 3):
            s.disc(color, x + start + i * 17, y - 88, 10)
            if i < 4 - (row == 3) * 2:
                s.disc(mix(color, b.CREAM, 0.18), x + start + 8 + i * 17, y - 102, 9)
    for i in range(8):
        left = x - 190 + i * 47.5
        color = b.CREAM if i % 2 else b.CORAL
        s.shape(
            color,
            (left + 22 - i * 5.5, y - 262),
            (left + 64 - i * 5.5, y - 262),
            (left + 47.5, y - 190),
            (left, y - 190),
        )
        s.disc(color, left + 23.75, y - 190, 23.75, 0.62)


def _pigeon(s: Sheet, x: float, y: float) -> None:
    s.disc(b.SLATE, x, y - 8, 11, 0.62)
    s.disc(b.SLATE, x + 10, y - 15, 5)
    s.shape(b.SLATE, (x - 8, y - 10), (x - 22, y - 6), (x - 8, y - 4))
    s.line(b.CORAL, 2, (x, y - 3), (x, y + 2))


def bus() -> bytes:
    """The school bus at its stop."""
    s = Sheet()
    morning(s, (1180, 230))
    hills(s, 540)
    s.house(20, 610, 210, 250, "#f0d3ae", shutter=b.TEAL)
    s.house(230, 610, 180, 215, b.STONE, b.ROOF_SHADE, "#8a9a6b")
    s.house(1340, 610, 220, 240, "#eec3a0", shutter=b.PLUM)
    s.tree(470, 612, 250)
    s.tree(1270, 612, 280, "#cf9a4a", "#e6bd6c")
    s.tree(1590, 612, 300)
    s.box(b.GRASS, 0, 604, WIDTH, 50)
    s.box("#dcc29a", 0, 640, WIDTH, 60)
    s.box("#8d8a83", 0, 700, WIDTH, 200)
    s.box("#c9b18b", 0, 694, WIDTH, 12)
    for x in range(-60, WIDTH, 230):
        s.shape("#f3e6cc", (x + 24, 846), (x + 144, 846), (x + 124, 858), (x, 858))
    # Shelter
    s.box(b.TEAL_DEEP, 82, 382, 316, 20, 6)
    s.box(mix(b.GLASS, b.CREAM, 0.4), 104, 402, 272, 250)
    for x in (96, 236, 376):
        s.box(b.TEAL_DEEP, x, 400, 9, 262)
    s.box("#a9764f", 118, 580, 110, 14, 4)
    s.box(b.CREAM, 256, 440, 100, 130, 4)
    s.box(b.GOLD, 256, 440, 100, 26, 4)
    for row in range(4):
        s.box(b.STONE_DEEP, 270, 484 + row * 20, 72, 6, 3)
    s.line(b.INK, 8, (440, 690), (440, 440))
    s.disc(b.TEAL_DEEP, 440, 424, 40)
    s.ring(b.CREAM, 440, 424, 32, 4)
    s.box(b.CREAM, 420, 410, 40, 22, 5)
    s.box(b.CREAM, 424, 432, 8, 8)
    s.box(b.CREAM, 448, 432, 8, 8)
    # Bus
    body, deep = "#e9b44a", "#cf9530"
    s.disc("#77746d", 960, 782, 430, 0.07)
    s.box(body, 560, 330, 830, 420, 44)
    s.box(deep, 560, 642, 830, 108, 26)
    s.box(b.CREAM, 560, 600, 830, 40)
    s.box(deep, 620, 320, 700, 22, 10)
    s.shape(body, (1330, 330), (1382, 372), (1404, 600), (1330, 600))
    s.shape(b.CREAM, (1330, 600), (1402, 600), (1404, 640), (1330, 640))
    s.shape(deep, (1330, 640), (1404, 640), (1404, 722), (1380, 750), (1330, 750))
    for x in (690, 812, 934, 1056):
        s.box(b.INK, x - 5, 383, 116, 160, 14)
        s.box(b.GLASS, x, 388, 106, 150, 10)
        s.shape(mix(b.GLASS, b.CREAM, 0.5), (x + 10, 388), (x + 66, 388), (x + 10, 466))
    for x, skin, hair, coat in ((738, 0, 0, b.CORAL), (866, 2, 1, b.TEAL), (1108, 1, 3, b.PLUM)):
        s.box(coat, x - 30, 498, 60, 40, 16)
        s.disc(b.SKINS[skin], x, 472, 27)
        s.half_disc(b.HAIRS[hair], x, 468, 29)
    s.box(b.INK, 1185, 383, 106, 352, 14)
    s.box(b.GLASS, 1191, 390, 44, 338, 6)
    s.box(b.GLASS, 1241, 390, 44, 338, 6)
    s.shape(b.INK, (1312, 378), (1362, 378), (1390, 560), (1312, 560))
    s.shape(b.GLASS, (1320, 386), (1356, 386), (1380, 552), (1320, 552))
    s.disc(b.SKINS[1], 1344, 476, 26)
    s.half_disc(b.TEAL_DEEP, 1344, 470, 28)
    s.shape(b.TEAL, (1322, 552), (1326, 508), (1362, 508), (1374, 552))
    s.box(b.INK, 580, 383, 96, 160, 14)
    s.box(b.GLASS, 586, 388, 84, 150, 10)
    s.disc(b.CREAM, 1384, 668, 17)
    s.box(b.CORAL, 556, 660, 14, 44, 4)
    for x in (720, 1130):
        s.half_disc(b.INK, x, 752, 82)
        s.disc(b.INK, x, 754, 66)
        s.disc("#b9b3a6", x, 754, 32)
        s.disc(b.INK, x, 754, 10)
    s.box(b.CREAM, 760, 350, 300, 26, 8)
    s.box(b.TEAL_DEEP, 790, 358, 96, 10, 5)
    s.box(b.TEAL_DEEP, 900, 358, 130, 10, 5)
    # Those who wait
    s.person(180, 688, 210, b.TEAL_DEEP, b.INK, 1, 0, shadow="#c4a878")
    s.person(268, 690, 138, b.CORAL, b.TEAL, 1, 2, bag=b.GOLD, shadow="#c4a878", skirt=True)
    s.person(356, 690, 148, "#8fa85f", b.PLUM, 3, 1, bag=b.TEAL_DEEP, arm=0.85, shadow="#c4a878")
    s.person(505, 692, 142, b.GOLD, b.INK, 0, 3, bag=b.CORAL, shadow="#c4a878", step=0.12)
    s.bush(1460, 612, 54)
    return s.webp()
