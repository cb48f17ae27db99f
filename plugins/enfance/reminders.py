"""What a family has to think of: windows of booking that open and close."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from core.contracts.family import Act, FamilyContext
from core.contracts.notices import Notice
from core.kernel.clock import PARIS
from core.ui.formats import day
from plugins.enfance import selectors

AHEAD = 30
"""Days before its opening from which a window is told."""


def windows(context: FamilyContext) -> list[Notice]:
    """A notice a window: from when it opens, then until its last whole day."""
    found = []
    for window in selectors.windows_ahead(context, days=AHEAD):
        opens = window.opens_at.astimezone(PARIS).date()
        last = (window.closes_at - timedelta(seconds=1)).astimezone(PARIS).date()
        days = {"first": day(window.first_day), "last": day(window.last_day)}
        found.append(
            Notice(
                key=f"enfance.periode-{window.id}",
                label=_("Réserver : %s") % window.name,
                detail=f"{', '.join(window.activities)}. {_('Du %(first)s au %(last)s.') % days}",
                begins=opens if opens > context.today else None,
                until=max(last, opens),
                url=reverse("enfance:calendar"),
                needs=Act.BOOK,
                icon="calendar-check",
            )
        )
    return found
