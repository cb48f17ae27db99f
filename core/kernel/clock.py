"""The clock of the edges: views, commands and tasks read it and pass it on; a rule never does.

`PARVIS_TODAY` (a date) stops it on that day at noon, Paris time, for the demo and the tests.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The instant, in UTC."""
    if settings.PARVIS_TODAY:
        return datetime.combine(date.fromisoformat(settings.PARVIS_TODAY), time(12), PARIS).astimezone(UTC)
    return datetime.now(UTC)


def today() -> date:
    """The civil day in Paris."""
    return now().astimezone(PARIS).date()
