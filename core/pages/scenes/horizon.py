"""What stands behind the scenes: sky, sun, hills and the bridge over the Garonne."""

from core.pages.scenes import brush as b
from core.pages.scenes.brush import Sheet, mix


def morning(sheet: Sheet, sun: tuple[float, float], radius: float = 90) -> None:
    """Sky, sun and clouds."""
    sheet.disc(mix(b.SKY, b.SUN, 0.28), *sun, radius * 1.7)
    sheet.disc(mix(b.SKY, b.SUN, 0.5), *sun, radius * 1.3)
    sheet.disc(b.SUN, *sun, radius)
    sheet.cloud(300, 150, 120)
    sheet.cloud(1020, 100, 90)
    sheet.cloud(1430, 215, 110)


def hills(sheet: Sheet, y: float) -> None:
    """The slopes of the right bank."""
    sheet.land(
        b.FAR, (-20, y - 60), (260, y - 120), (620, y - 50), (980, y - 110), (1320, y - 60), (1620, y - 120)
    )
    sheet.land(b.MIDDLE, (-20, y - 10), (340, y - 60), (760, y - 8), (1180, y - 58), (1620, y - 20))


def bridge(sheet: Sheet, x: float, y: float, span: float, color: str, back: str) -> None:
    """A suspension bridge whose deck is at `y`; its towers stand at `x` and `x + span`."""
    high = span * 0.3
    left, right = x - span * 0.62, x + span * 1.62

    def cable(x0: float, y0: float, x1: float, y1: float, sag: float) -> list[tuple[float, float]]:
        return [
            (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t))
            for t in (i / 24 for i in range(25))
        ]

    main = cable(x, y - high, x + span, y - high, high * 0.86)
    sides = cable(left, y, x, y - high, high * 0.1), cable(x + span, y - high, right, y, high * 0.1)
    for points in (main, *sides):
        for px, py in points[1:-1]:
            sheet.line(back, 2, (px, py), (px, y))
        sheet.line(color, 5, *points)
    for tower in (x, x + span):
        for side in (-1, 1):
            sheet.line(
                color,
                9,
                (tower + side * span * 0.022, y + high * 0.5),
                (tower + side * span * 0.012, y - high),
            )
        for part in (0.2, 0.6, 0.97):
            sheet.line(
                color, 6, (tower - span * 0.02, y - high * part), (tower + span * 0.02, y - high * part)
            )
    sheet.box(color, left - 700, y - 4, right - left + 1400, 12)
