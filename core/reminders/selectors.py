"""Reads: what somebody has to think of for a household."""

from core.contracts.family import FamilyContext
from core.contracts.notices import notices
from core.kernel.calls import collect
from core.reminders import own
from core.reminders.rules import Reminder, reminders


def of_family(context: FamilyContext) -> list[Reminder]:
    """What core and the plugins that are on remind of, the most urgent first; only what this person may do."""
    found = [*own.of_family(context), *collect(notices, context=context)]
    return reminders([notice for notice in found if context.is_shown(notice.needs)], context.today)
