"""Opening hours in words: the same hours on several days are said once, as a counter would."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext as _

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class HoursLine:
    """« les mardis et jeudis » · « de 13 h à 17 h 30 »."""

    days: str
    times: str

    def __str__(self) -> str:
        return f"{self.days} {self.times}"


def weekday_names() -> tuple[str, ...]:
    return (_("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche"))


def hour(value: time) -> str:
    """« 9 h », « 13 h 30 », with no-break spaces."""
    return f"{value.hour}{NBSP}h" + (f"{NBSP}{value.minute:02}" if value.minute else "")


def in_words(rows: Iterable[tuple[int, time, time]]) -> tuple[HoursLine, ...]:
    """Say `(ISO weekday, opens, closes)` rows: one line for all the days that share their hours, in order."""
    by_day: dict[int, list[tuple[time, time]]] = {}
    for weekday, opens, closes in sorted(rows):
        by_day.setdefault(weekday, []).append((opens, closes))
    by_times: dict[tuple[tuple[time, time], ...], list[int]] = {}
    for weekday, spans in by_day.items():
        by_times.setdefault(tuple(spans), []).append(weekday)
    return tuple(HoursLine(_days(days), _times(spans)) for spans, days in by_times.items())


def _days(days: list[int]) -> str:
    names = [weekday_names()[day - 1] for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("du %(first)s au %(last)s") % {"first": names[0], "last": names[-1]}
    return _("les %(days)s") % {"days": _join([f"{name}s" for name in names])}


def _times(spans: tuple[tuple[time, time], ...]) -> str:
    return _join([_("de %(opens)s à %(closes)s") % {"opens": hour(o), "closes": hour(c)} for o, c in spans])


def _join(words: list[str]) -> str:
    if len(words) == 1:
        return words[0]
    return _("%(first)s et %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
