"""When to try again, soon at first then less and less often for about two days; and what is kept of an error. Pure."""

from datetime import timedelta

DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))

ATTEMPTS = len(DELAYS) + 1
"""After this many attempts somebody has to look."""


def delay(attempts: int) -> timedelta:
    """How long to wait after so many attempts (1 or more); the last delay holds for all that follow."""
    return DELAYS[min(attempts, len(DELAYS)) - 1]


def class_of(error: BaseException) -> str:
    """What is kept of an exception: its class. Its text may name somebody."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return name[:200]
