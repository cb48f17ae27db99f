"""Whether a child's day may be changed, until when, and why not: pure, no query, no clock.

A rule is data (`BookingRule.cut_off`), read by `cut_off`. Limits are instants; « avant 9 h » is strict: at 9 h it
is too late. « La veille » is the previous *open* day of the activity, never the previous civil day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.ui.formats import day as day_words
from core.ui.formats import hour

PARIS = ZoneInfo("Europe/Paris")

Whose = Literal["activity", "service"]
"""Whose open days count: those of the activity at its site, or those of any activity of the service."""

OpenDayBefore = Callable[[date, Whose], date | None]
"""The last open day strictly before a day, or None when none is known."""


class RuleError(ValueError):
    """A rule that cannot be read; the message is a French sentence."""


# Cut-offs ------------------------------------------------------------------------------------------------------------


class CutOff(Protocol):
    """One kind of limit. A further kind is a class here and an entry of `CUT_OFFS`."""

    def deadline(self, day: date, open_day_before: OpenDayBefore) -> datetime:
        """The first instant at which it is too late for `day`, in UTC."""


@dataclass(frozen=True, slots=True)
class PreviousOpenDay:
    """Before an hour of the previous open day: `{"kind": "previous_open_day", "before": "09:00", "of": "activity"}`.

    Without any earlier open day (the first one ever), the civil day before stands for it.
    """

    before: time
    of: Whose = "activity"

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "PreviousOpenDay":
        if unknown := set(document) - {"kind", "before", "of"}:
            raise RuleError(
                _("Cette limite ne connaît pas : %(names)s.") % {"names": ", ".join(sorted(unknown))}
            )
        try:
            before = time.fromisoformat(document["before"])
        except (KeyError, TypeError, ValueError):
            raise RuleError(_("L’heure de la limite s’écrit « 09:00 ».")) from None
        of = document.get("of", "activity")
        if of not in ("activity", "service"):
            raise RuleError(_("Les jours ouverts sont ceux de l’activité ou ceux du service."))
        return cls(before, of)

    def deadline(self, day: date, open_day_before: OpenDayBefore) -> datetime:
        last = open_day_before(day, self.of) or day - timedelta(days=1)
        return instant(last, self.before)


CUT_OFFS: dict[str, Callable[[Mapping[str, Any]], CutOff]] = {"previous_open_day": PreviousOpenDay.parse}


def cut_off(document: Any) -> CutOff:
    """The cut-off that a document describes. Raises RuleError."""
    kind = document.get("kind") if isinstance(document, Mapping) else None
    if kind not in CUT_OFFS:
        raise RuleError(_("Sorte de limite inconnue : %(kind)s.") % {"kind": kind})
    return CUT_OFFS[kind](document)


def instant(day: date, hour_of_day: time) -> datetime:
    """An hour of the clock of Paris, as an instant in UTC."""
    return datetime.combine(day, hour_of_day, PARIS).astimezone(UTC)


# A child's day -------------------------------------------------------------------------------------------------------


class State(StrEnum):
    """What a cell of the calendar is. The values are those of the API."""

    FREE = "libre"
    BOOKED = "reserve"
    FULL = "complet"
    CLOSED = "ferme"
    PAST = "passe"
    LATE = "limite_passee"
    NOT_OPEN = "pas_encore_ouvert"
    OVER = "reservations_closes"
    ELSEWHERE = "autre_foyer"
    AWAY = "autre_garde"
    UNPRICED = "sans_prix"


@dataclass(frozen=True, slots=True)
class Window:
    """Instants between which days may be booked: `opens_at` included, `closes_at` not."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """All that decides about a session, whoever the child is. `closed` is the reason of a cancelled one.

    `window` is None when no booking window covers the day, which matters only `by_window`.
    """

    day: date
    closed: str | None
    by_window: bool
    window: Window | None
    deadline: datetime | None

    @property
    def limit(self) -> datetime:
        """The first instant at which nothing may change: cut-off, closing of the window, or the start of the day."""
        closing = self.window.closes_at if self.by_window and self.window else None
        known = [moment for moment in (self.deadline, closing) if moment is not None]
        return min(known, default=instant(self.day, time.min))


@dataclass(frozen=True, slots=True)
class Verdict:
    """State of a cell, whether it may be ticked or unticked now, and the sentence that says so."""

    state: State
    open: bool
    reason: str


def decide(
    terms: Terms,
    *,
    now: datetime,
    booked: bool,
    elsewhere: bool,
    places: int,
    away: bool = False,
    refusal: str | None = None,
) -> Verdict:
    """What one child may do with one session at `now`.

    `booked`: by this family; `elsewhere`: by the child's other family; `away`: the child lives with that other family
    that day, which alone books and pays. `places` are those left; `refusal` is why the tariff gives no price. A booked
    day is judged by its limits only: one may always give a place back in time.
    """
    blocked = _blocked(terms, now)
    if booked:
        return Verdict(State.BOOKED, blocked is None, blocked[1] if blocked else until(terms.limit))
    if terms.closed is not None:
        return Verdict(State.CLOSED, False, terms.closed)
    if elsewhere:
        return Verdict(State.ELSEWHERE, False, _("Ce jour est réservé par l’autre foyer de l’enfant."))
    if blocked:
        return Verdict(blocked[0], False, blocked[1])
    if away:
        return Verdict(
            State.AWAY, False, _("Ce jour-là, l’enfant est dans son autre foyer : c’est lui qui réserve.")
        )
    if refusal is not None:
        return Verdict(State.UNPRICED, False, refusal)
    if places <= 0:
        return Verdict(State.FULL, False, _("Il n’y a plus de place ce jour-là."))
    return Verdict(State.FREE, True, until(terms.limit))


def _blocked(terms: Terms, now: datetime) -> tuple[State, str] | None:
    """Why nothing may change any more, or yet."""
    if now >= instant(terms.day + timedelta(days=1), time.min):
        return State.PAST, _("Ce jour est passé.")
    if terms.by_window:
        if terms.window is None:
            return State.NOT_OPEN, _("La période de réservation de ce jour n’est pas encore annoncée.")
        if now < terms.window.opens_at:
            opening = moment_words(terms.window.opens_at)
            return State.NOT_OPEN, _("Vous pourrez réserver à partir de %(moment)s.") % {"moment": opening}
        if now >= terms.window.closes_at:
            closing = moment_words(terms.window.closes_at, end=True)
            return State.OVER, _("Les réservations sont closes depuis %(moment)s.") % {"moment": closing}
    if now >= terms.limit:
        limit = moment_words(terms.limit, end=True)
        return State.LATE, _("Vous pouviez changer jusqu’à %(moment)s.") % {"moment": limit}
    return None


def until(limit: datetime) -> str:
    """« Vous pouvez changer jusqu’à jeudi 3 décembre, 9 h. »"""
    return _("Vous pouvez changer jusqu’à %(moment)s.") % {"moment": moment_words(limit, end=True)}


def moment_words(moment: datetime, *, end: bool = False) -> str:
    """« jeudi 3 décembre, 9 h »; midnight as an end is that of the day before: « mercredi 2 décembre, minuit »."""
    local = moment.astimezone(PARIS)
    if end and local.time() == time.min:
        return _("%(day)s, minuit") % {"day": day_words(local.date() - timedelta(days=1))}
    return f"{day_words(local.date())}, {hour(local)}"
