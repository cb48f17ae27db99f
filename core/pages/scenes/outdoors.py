"""The playground of the park, and the banks of the Garonne."""

from core.pages.scenes import brush as b
from core.pages.scenes.brush import WIDTH, Sheet, mix
from core.pages.scenes.horizon import bridge, hills, morning


def playground() -> bytes:
    """The playground in the park, on a day of holidays."""
    s = Sheet()
    morning(s, (1340, 220))
    hills(s, 520)
    s.land(b.GRASS, (-20, 560), (420, 528), (900, 556), (1300, 526), (1620, 552))
    for x, y, size in (
        (110, 600, 430),
        (1500, 590, 400),
        (1330, 556, 230),
        (330, 560, 230),
        (1010, 556, 190),
    ):
        s.tree(x, y, size)
    s.land(b.GRASS_DEEP, (-20, 640), (360, 610), (860, 640), (1260, 606), (1620, 636))
    sand = "#ecd2a2"
    s.disc(mix(b.GRASS_DEEP, b.LEAF_DEEP, 0.25), 820, 772, 690, 0.2)
    s.disc(sand, 820, 764, 680, 0.195)
    # Tower and slide
    for x in (600, 690, 770, 860):
        s.line("#9a6a48", 16, (x, 770), (x, 330))
    s.box("#b98258", 590, 520, 282, 20, 4)
    for x in range(612, 862, 34):
        s.line("#b98258", 9, (x, 520), (x, 440))
    s.line("#b98258", 12, (600, 440), (860, 440))
    s.shape(b.CORAL, (560, 340), (730, 226), (900, 340))
    s.shape(b.ROOF_SHADE, (730, 226), (900, 340), (730, 340))
    s.line(b.INK, 4, (730, 226), (730, 184))
    s.shape(b.GOLD, (730, 184), (782, 198), (730, 214))
    slide = b.curve(((862, 524), (930, 560), (1010, 680), (1090, 752), (1160, 756)))
    s.line(b.TEAL_DEEP, 46, *slide)
    s.line(b.TEAL, 30, *slide)
    s.line(b.TEAL_PALE, 8, *((x - 4, y - 8) for x, y in slide))
    s.line("#9a6a48", 10, (560, 772), (598, 530))
    s.line("#9a6a48", 10, (500, 772), (560, 530))
    for step in range(6):
        y = 750 - step * 40
        shift = (770 - y) * 0.2
        s.line("#b98258", 9, (504 + shift, y), (564 + shift * 0.75, y))
    # Swing
    for x, lean in ((240, -1), (480, 1)):
        for foot in (-52, 44):
            s.line(b.TEAL_DEEP, 13, (x + foot + lean * 10, 782), (x, 392))
    s.line(b.TEAL_DEEP, 15, (228, 390), (492, 390))
    _swinging(s, 320, 394, -0.32, b.GOLD, 2, 1)
    for dx in (-20, 20):
        s.line(b.INK, 3, (420 + dx, 394), (420 + dx, 650))
    s.box(b.CORAL, 392, 648, 56, 11, 4)
    # Spring duck
    s.line("#8d8a83", 12, (1260, 796), (1272, 784), (1256, 772), (1272, 760), (1262, 748))
    s.disc(b.CORAL, 1262, 712, 62, 0.52)
    s.disc(b.CORAL, 1312, 668, 30)
    s.shape(b.CORAL, (1278, 700), (1298, 650), (1330, 660), (1318, 712))
    s.disc(b.CREAM, 1320, 662, 6)
    s.shape(b.GOLD, (1338, 664), (1366, 676), (1336, 684))
    s.line(b.TEAL_DEEP, 8, (1284, 660), (1284, 684))
    # People
    s.person(812, 520, 120, b.PLUM, b.TEAL, 0, 2, arm=0.9, shadow="#b98258")
    s.line(b.PLUM, 15, (984, 634), (1014, 672), (1034, 702))
    s.line(b.GOLD, 34, (982, 622), (988, 596))
    s.line(mix(b.GOLD, b.INK, 0.16), 10, (992, 598), (1022, 572))
    s.disc(b.SKINS[3], 992, 560, 20)
    s.half_disc(b.HAIRS[1], 991, 557, 21)
    s.person(1180, 850, 130, b.TEAL, b.PLUM, 1, 3, arm=0.7, shadow="#d4b581", step=0.12)
    s.disc(b.CORAL, 1078, 842, 26)
    s.disc(b.CREAM, 1070, 834, 9)
    s.person(990, 858, 126, "#8fa85f", b.INK, 2, 1, shadow="#d4b581", step=0.13)
    s.person(150, 800, 200, b.TEAL_DEEP, b.INK, 0, 0, arm=0.42, shadow=b.LEAF)
    # Bench, kite
    s.box("#9a6a48", 1400, 716, 176, 12, 4)
    s.box("#9a6a48", 1400, 676, 176, 10, 4)
    for x in (1416, 1552):
        s.line(b.INK, 7, (x, 760), (x, 676))
    s.shape(b.CORAL, (1120, 96), (1166, 150), (1120, 226), (1078, 150))
    s.shape(b.GOLD, (1120, 96), (1166, 150), (1120, 150))
    s.shape(b.TEAL, (1078, 150), (1120, 150), (1120, 226))
    s.line(b.INK, 2, *b.curve(((1120, 226), (1150, 320), (1110, 400), (1180, 500), (1218, 744))))
    for flower, row in b.dots("flowers", 44, (0, 1600), (836, 892)):
        if not 430 < flower < 1230:
            s.disc((b.CREAM, b.GOLD, b.CORAL)[int(flower) % 3], flower, row, 6)
    return s.webp()


def _swinging(s: Sheet, x: float, y: float, lean: float, coat: str, skin: int, hair: int) -> None:
    seat = (x + lean * 230, y + 222)
    for dx in (-18, 18):
        s.line(b.INK, 3, (x + dx, y), (seat[0] + dx, seat[1]))
    s.box(b.CORAL, seat[0] - 28, seat[1], 56, 11, 4)
    s.line(b.TEAL, 18, seat, (seat[0] + 46, seat[1] + 2), (seat[0] + 76, seat[1] + 36))
    s.line(coat, 44, (seat[0], seat[1] - 18), (seat[0] + 6, seat[1] - 56))
    s.disc(b.SKINS[skin], seat[0] + 14, seat[1] - 98, 24)
    s.half_disc(b.HAIRS[hair], seat[0] + 12, seat[1] - 102, 26)
    s.line(mix(coat, b.INK, 0.16), 13, (seat[0] + 8, seat[1] - 62), (seat[0] + 34, seat[1] - 62))


def river() -> bytes:
    """The Garonne: the bridge, a fishing hut on stilts, and the path along the bank."""
    s = Sheet()
    morning(s, (560, 300), 110)
    hills(s, 470)
    for x, size in ((40, 120), (90, 150), (150, 110), (1380, 130), (1440, 165), (1500, 140), (1560, 170)):
        s.poplar(x, 470, size, mix(b.LEAF_DEEP, b.MIDDLE, 0.4), mix(b.LEAF, b.MIDDLE, 0.4))
    for x, wall in ((230, "#f0d3ae"), (292, b.STONE), (350, "#eec3a0"), (1250, b.STONE), (1312, "#f0d3ae")):
        s.shape(b.ROOF, (x - 6, 436), (x + 28, 410), (x + 62, 436))
        s.box(wall, x, 436, 56, 34)
    s.shape(b.SLATE, (412, 420), (430, 350), (448, 420))
    s.box(b.STONE, 414, 416, 32, 54)
    # Water
    s.box(b.WATER, 0, 466, WIDTH, 434)
    s.box(b.WATER_DEEP, 0, 466, WIDTH, 8)
    for index in range(9):
        width = 150 - index * 9
        s.box(mix(b.WATER, b.SUN, 0.5), 560 - width / 2 + (index % 2) * 26, 484 + index * 19, width, 6, 3)
    bridge(s, 640, 400, 560, mix(b.TEAL_DEEP, b.SLATE, 0.25), mix(b.TEAL_DEEP, b.SKY, 0.55))
    for left, top in b.dots("waves", 34, (0, 1540), (500, 700)):
        s.box(b.WATER_LIGHT, left, top, 46 + (top - 480) * 0.25, 5, 2.5)
    # Boat
    s.shape(b.CREAM, (905, 596), (905, 452), (1000, 590))
    s.shape(b.CORAL, (893, 590), (893, 480), (826, 586))
    s.line(b.TRUNK, 6, (899, 606), (899, 440))
    s.shape("#a9764f", (806, 604), (1012, 604), (976, 642), (846, 642))
    s.box(b.CREAM, 806, 600, 206, 9, 3)
    s.box(b.WATER_DEEP, 800, 640, 226, 7, 3)
    # Fishing hut
    for x, y in ((1186, 700), (1256, 716), (1376, 716), (1436, 690)):
        s.line("#7a5a44", 12, (x, y), (x, 560))
    s.line("#7a5a44", 8, (1186, 690), (1256, 580))
    s.line("#7a5a44", 8, (1376, 700), (1436, 580))
    s.box("#8f6a4e", 1146, 556, 470, 16, 3)
    s.box("#b07a55", 1196, 440, 220, 118)
    for x in range(1218, 1416, 24):
        s.box("#9c6a49", x, 440, 3, 118)
    s.shape(b.ROOF, (1172, 444), (1306, 376), (1440, 444))
    s.box(b.CREAM, 1226, 472, 62, 50)
    s.box(b.GLASS_WARM, 1231, 477, 52, 40)
    s.box(b.TEAL, 1330, 470, 52, 88)
    s.line(b.TRUNK, 7, (1196, 548), (1046, 420))
    for x in (1000, 1046, 1092):
        s.line(b.INK, 2, (1046, 420), (x, 540))
    for row in range(4):
        s.line(
            mix(b.INK, b.WATER, 0.35), 2, (1000 + row * 6, 540 + row * 12), (1092 - row * 6, 540 + row * 12)
        )
    for column in range(5):
        s.line(mix(b.INK, b.WATER, 0.35), 2, (1000 + column * 23, 540), (1023 + column * 11.5, 580))
    for x in range(1450, 1616, 26):
        s.line("#8f6a4e", 5, (x, 558), (x, 520))
    s.line("#8f6a4e", 5, (1450, 520), (1616, 520))
    # Bank and path
    s.land(b.LEAF, (-20, 716), (240, 694), (560, 738), (980, 752), (1300, 706), (1620, 660))
    s.land(b.GRASS, (-20, 742), (300, 724), (640, 764), (1020, 776), (1320, 734), (1620, 690))
    s.shape(
        "#ecd6ad",
        *b.curve(((-20, 836), (380, 800), (820, 826), (1220, 800), (1620, 730))),
        *b.curve(((1620, 780), (1220, 866), (820, 906), (380, 884), (-20, 926))),
    )
    for x, part in ((60, 1.1), (96, 0.8), (1110, 0.9), (1150, 1.1), (1190, 0.8), (700, 0.8), (735, 1)):
        base = 770 if x > 600 else 740
        for lean in (-14, 0, 12):
            s.line(b.LEAF_DEEP, 5, (x, base), (x + lean, base - 100 * part))
            s.line(b.TRUNK, 10, (x + lean, base - 96 * part), (x + lean * 1.1, base - 122 * part))
    s.tree(210, 800, 470)
    _cyclist(s, 560, 856)
    s.person(900, 872, 190, b.PLUM, b.INK, 3, 1, skirt=True, step=0.1)
    s.person(990, 876, 118, b.GOLD, b.TEAL, 3, 1, arm=0.3, step=0.12)
    s.person(1330, 812, 150, b.TEAL_DEEP, b.INK, 0, 0, step=0.1)
    for x, y in ((690, 210), (760, 180), (830, 226)):
        s.line(
            b.INK, 4, *b.curve(((x - 26, y - 4), (x - 12, y - 12), (x, y), (x + 12, y - 12), (x + 26, y - 4)))
        )
    return s.webp()


def _cyclist(s: Sheet, x: float, y: float) -> None:
    s.disc(b.STONE_DEEP, x, y, 110, 0.1)
    for dx in (-58, 58):
        s.ring(b.INK, x + dx, y - 42, 42, 6)
    s.line(
        b.CORAL, 8, (x - 58, y - 42), (x - 8, y - 42), (x + 40, y - 96), (x - 26, y - 96), (x - 58, y - 42)
    )
    s.line(b.CORAL, 8, (x - 8, y - 42), (x - 30, y - 112))
    s.line(b.CORAL, 8, (x + 58, y - 42), (x + 36, y - 118))
    s.line(b.INK, 7, (x + 36, y - 118), (x + 56, y - 124))
    s.line(b.INK, 9, (x - 48, y - 114), (x - 14, y - 114))
    s.line(b.TEAL_DEEP, 20, (x - 28, y - 122), (x + 12, y - 88), (x - 2, y - 46))
    s.line(b.GOLD, 42, (x - 24, y - 138), (x - 2, y - 186))
    s.line(mix(b.GOLD, b.INK, 0.16), 14, (x, y - 186), (x + 46, y - 128))
    s.disc(b.SKINS[1], x + 8, y - 236, 25)
    s.half_disc(b.TEAL_DEEP, x + 6, y - 240, 28)
