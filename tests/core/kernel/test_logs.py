"""No log holds what a row holds."""

import io
import logging
import sqlite3

import pytest
from django.db import DatabaseError, IntegrityError, connection

from core.kernel.logs import Formatter

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines() -> tuple[logging.Logger, io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Formatter("{levelname} {message}", style="{"))
    logger = logging.Logger("tests.logs")  # noqa: LOG001 - one that nobody else hears
    logger.addHandler(handler)
    return logger, out


def fails(name: str) -> None:
    """An error of the database that quotes a name, with the driver's own behind it."""
    try:
        raise sqlite3.IntegrityError(f"UNIQUE: (name)=({name})")
    except sqlite3.IntegrityError as driver:
        raise IntegrityError(f"Failing row contains ({name}).") from driver


def test_an_error_of_the_database_is_told_by_its_class(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = lines
    name = "Lacaze"
    try:
        fails(name)
    except IntegrityError:
        logger.exception("page failed")
    try:
        connection.cursor().execute(f'SELECT * FROM "{name}"')
    except DatabaseError as error:
        logger.error("failed: %s (%s)", error, "ours")
    text = out.getvalue()
    assert name not in text
    assert "IntegrityError\n" in text
    assert "test_logs.py" in text
    assert "failed: OperationalError (ours)" in text or "failed: ProgrammingError (42P01) (ours)" in text


def test_what_is_not_of_the_database_is_told_whole(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = lines
    try:
        try:
            {}["key"]
        except KeyError as error:
            raise LookupError("nothing there") from error
    except LookupError:
        logger.exception("lost")
    text = out.getvalue()
    assert text.startswith("ERROR lost\nTraceback")
    assert "KeyError: 'key'" in text
    assert text.endswith("LookupError: nothing there\n")


def test_the_settings_use_it() -> None:
    from django.conf import settings

    assert settings.LOGGING["formatters"]["line"]["()"] == "core.kernel.logs.Formatter"
