"""How urgent a notice is, in which order and in which words. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.contracts.notices import Notice
from core.ui.formats import day as in_words

SOON = timedelta(days=7)
"""What ends within this time asks for attention; what has no date comes just after."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A notice on a day: `tone` is one of the page's, `when` says until when or from when, in words."""

    notice: Notice
    tone: str
    when: str


def reminders(notices: Iterable[Notice], today: date) -> list[Reminder]:
    """The most urgent first: what is late, what ends or begins soonest; of one day, by label."""
    ordered = sorted(notices, key=lambda notice: (_day(notice, today), notice.label, notice.key))
    return [Reminder(notice, *_words(notice, today)) for notice in ordered]


def _day(notice: Notice, today: date) -> date:
    if notice.begins and notice.begins > today:
        return notice.begins
    return notice.until or today + SOON


def _words(notice: Notice, today: date) -> tuple[str, str]:
    if notice.begins and notice.begins > today:
        return "info", _("à partir du %s") % in_words(notice.begins)
    until = notice.until
    if until is None:
        return "attention", _("dès que possible")
    if until < today:
        return "error", _("c’était avant le %s") % in_words(until)
    if until == today:
        return "attention", _("aujourd’hui, dernier jour")
    return "attention" if until - today <= SOON else "info", _("jusqu’au %s") % in_words(until)
