"""Opening hours in words: the same hours on several days are said once, as a counter would."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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


AHEAD = 7
"""Days among which the next opening is looked for; further, only the hours are said."""


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a counter is open, as one would say it at the door: « Ouvert jusqu’à 17 h »."""

    is_open: bool
    words: str


def open_state(
    rows: Sequence[tuple[int, time, time]], now: datetime, closed: Mapping[date, str]
) -> OpenState | None:
    """What to say at `now` (time of Paris) of `(ISO weekday, opens, closes)` rows; None without any.

    `closed`: the days off, with their reason, from today on.
    """
    if not rows:
        return None
    today, clock = now.date(), now.time()
    if today in closed:
        reason = closed[today]
        words = _("Fermé aujourd’hui : %(reason)s") % {"reason": reason} if reason else _("Fermé aujourd’hui")
        return OpenState(False, words)
    spans = _spans(rows, today)
    for opens, closes in spans:
        if opens <= clock < closes:
            return OpenState(True, _("Ouvert jusqu’à %(hour)s") % {"hour": hour(closes)})
        if clock < opens:
            return OpenState(False, _("Fermé, ouvre à %(hour)s") % {"hour": hour(opens)})
    again = _next_opening(rows, today, closed)
    start = _("Fermé") if spans else _("Fermé aujourd’hui")
    return OpenState(False, f"{start}, {again}" if again else start)


def _spans(rows: Iterable[tuple[int, time, time]], day: date) -> list[tuple[time, time]]:
    return sorted((opens, closes) for weekday, opens, closes in rows if weekday == day.isoweekday())


def _next_opening(rows: Sequence[tuple[int, time, time]], today: date, closed: Mapping[date, str]) -> str:
    for offset in range(1, AHEAD + 1):
        day = today + timedelta(days=offset)
        if day not in closed and (spans := _spans(rows, day)):
            name = _("demain") if offset == 1 else weekday_names()[day.isoweekday() - 1]
            return _("ouvre %(day)s à %(hour)s") % {"day": name, "hour": hour(spans[0][0])}
    return ""


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
