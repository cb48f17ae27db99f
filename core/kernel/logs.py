"""Logs without the words of the database: its errors quote rows, and rows hold names."""

import logging
import traceback
from typing import Any

from django.db import Error


def without_details(error: BaseException) -> str:
    """What may be said of an error: for one of the database, its class, its code and the constraint that it names."""
    name = type(error).__qualname__
    if not _is_of_database(error):
        return f"{name}: {error}" if str(error) else name
    cause = error.__cause__ or error
    diagnostic = getattr(cause, "diag", None)
    facts = (getattr(cause, "sqlstate", None), getattr(diagnostic, "constraint_name", None))
    said = ", ".join(str(fact) for fact in facts if fact)
    return f"{name} ({said})" if said else name


def _is_of_database(error: BaseException) -> bool:
    return isinstance(error, Error) or type(error).__module__.partition(".")[0] in ("psycopg", "sqlite3")


class Formatter(logging.Formatter):
    """The usual lines; of an error of the database, its class and no word of what it says."""

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.args, tuple) and any(isinstance(arg, BaseException) for arg in record.args):
            record = logging.makeLogRecord(record.__dict__)
            record.args = tuple(_plain(arg) for arg in record.args or ())
        if record.exc_text:  # written by another handler, with the words
            record = logging.makeLogRecord(record.__dict__ | {"exc_text": None})
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name of logging
        error = ei[1]
        return "\n".join(_told(error)) if isinstance(error, BaseException) else ""


def _plain(arg: Any) -> Any:
    return without_details(arg) if isinstance(arg, BaseException) and _is_of_database(arg) else arg


def _told(error: BaseException) -> list[str]:
    """The traceback, the causes first, as Python writes it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = _told(before) if before is not None else []
    if error.__traceback__ is not None:
        lines.append("Traceback (most recent call last):")
        lines += "".join(traceback.format_tb(error.__traceback__)).splitlines()
    return [*lines, without_details(error)]
