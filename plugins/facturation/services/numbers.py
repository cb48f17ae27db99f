"""Numbers without a gap, per régie, year and series: given under a row lock, in the transaction that writes the document."""

from uuid import UUID

from django.db.models import F

from plugins.facturation.models import NumberSequence

LETTERS = {"invoice": "F", "credit_note": "A", "receipt": "R"}


def take(*, regie: UUID, year: int, series: str, count: int = 1) -> int:
    """Take `count` numbers; returns the first. The row stays locked until the end of the transaction.

    A rollback gives the numbers back, hence no gap: the caller writes the documents in the same transaction.
    """
    row = NumberSequence.objects.filter(regie=regie, year=year, series=series)
    if not row.update(last=F("last") + count):
        NumberSequence.objects.bulk_create(
            [NumberSequence(regie_id=regie, year=year, series=series)], ignore_conflicts=True
        )
        row.update(last=F("last") + count)
    return row.values_list("last", flat=True).get() - count + 1


def reference(*, code: str, year: int, series: str, number: int) -> str:
    """« REST-2026-F00012 »: what is printed, and typed by whoever calls."""
    return f"{code.upper()}-{year}-{LETTERS[series]}{number:05d}"
