"""Why something may not be done now, in French; nothing when it may. Pure: no query, no clock."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.contracts.pricing import Price
from core.ui.formats import day as day_words
from plugins.musique.models import Course, Term


def closed(term: Term, today: date) -> str:
    """Why nobody enrols for this term today."""
    if today < term.enrolment_from:
        return _("Les inscriptions ouvrent le %(day)s.") % {"day": day_words(term.enrolment_from)}
    if today > term.enrolment_until:
        return _("Les inscriptions de ce trimestre sont closes.")
    return ""


def refusal(course: Course, *, enrolled: bool, quote: Price | str, today: date) -> str:
    """Why this child may not be enrolled; `quote` is the price, or the sentence in which the tariff refuses one."""
    if enrolled:
        return _("Cet enfant est déjà inscrit à ce cours.")
    if reason := closed(course.term, today):
        return reason
    if course.free < 1:
        return _("Ce cours est complet.")
    return quote if isinstance(quote, str) else ""


def last_day_to_withdraw(term: Term, days: int) -> date:
    """Until when a family withdraws by itself: `days` before the term begins."""
    return term.starts_on - timedelta(days=days)


def withdrawal_refusal(term: Term, *, days: int, today: date) -> str:
    """Why a family may not withdraw by itself today."""
    last = last_day_to_withdraw(term, days)
    if today <= last:
        return ""
    return _("La désinscription en ligne était possible jusqu’au %(day)s. Appelez l’école.") % {
        "day": day_words(last)
    }
