"""Many rows at once: COPY on PostgreSQL, one prepared statement elsewhere. In the caller's transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.db import connection, models
from django.db.models import Field, ForeignKey

_PLAIN = (models.IntegerField, models.CharField, models.TextField, models.BooleanField)


def _converter(field: "Field[Any, Any]") -> Callable[[Any], Any] | None:
    """How a value becomes the driver's, or None when it already is: PostgreSQL's driver knows all the types used."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    if connection.vendor == "postgresql" or isinstance(field, _PLAIN):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as tuples in the order of `fields` (field names). Nothing is read back, no signal is sent.

    Every column without a database default must be named; no JSON column. Streams: `rows` is read once.
    """
    columns = [model._meta.get_field(name) for name in fields]
    converters = [_converter(column) for column in columns]  # type: ignore[arg-type]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(str(column.column)) for column in columns)  # type: ignore[union-attr]
    prepared: Iterator[list[Any]] = (
        [value if convert is None else convert(value) for convert, value in zip(converters, row, strict=True)]
        for row in rows
    )
    if (first := next(prepared, None)) is None:
        return
    prepared = chain([first], prepared)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", prepared)  # type: ignore[arg-type]  # noqa: S608
