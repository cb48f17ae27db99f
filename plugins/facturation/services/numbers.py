"""Numbers without a gap, per régie, year and series: given under a row lock, where the document is written."""

from uuid import UUID

from django.db import connection

from plugins.facturation.models import NumberSequence, Regie

LETTERS = {"invoice": "F", "credit_note": "A", "receipt": "R"}


def take(*, regie: UUID, year: int, series: str, count: int = 1) -> int:
    """Take `count` numbers; returns the first. The row stays locked until the end of the transaction.

    A rollback gives the numbers back, hence no gap: the caller writes the documents in the same transaction.
    """
    table = NumberSequence._meta.db_table
    key = Regie._meta.pk.get_db_prep_value(regie, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS series (regie_id, year, series, last) VALUES (%s, %s, %s, %s) "  # noqa: S608
            "ON CONFLICT (regie_id, year, series) DO UPDATE SET last = series.last + excluded.last RETURNING last",
            [key, year, series, count],
        )
        return int(cursor.fetchone()[0]) - count + 1


def reference(*, code: str, year: int, series: str, number: int) -> str:
    """« REST-2026-F00012 »: what is printed, and typed by whoever calls."""
    return f"{code.upper()}-{year}-{LETTERS[series]}{number:05d}"
