"""Columns of agents' lists, read alike by the page and by the spreadsheet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.contracts.money import Money

Cell = str | Promise | int | Decimal | Money | date | datetime | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """`value` reads one cell of a row; `url` makes a link of it, `tone` (info, success, attention, error) a badge.

    `number` sets figures to the right. A column without a label holds an act, and stays out of spreadsheets.
    """

    label: str | Promise
    value: Callable[[Any], Cell]
    url: Callable[[Any], str] | None = None
    tone: Callable[[Any], str] | None = None
    number: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """One cell of a page."""

    label: str
    text: str
    url: str = ""
    tone: str = ""
    number: bool = False


def text(value: Cell) -> str:
    """A cell as one reads it: « 1 234,50 € », « 03/12/2026 », « oui »; "—" for nothing."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return str(value)


def drawn(columns: tuple[Column, ...], row: Any) -> list[Drawn]:
    return [
        Drawn(
            str(column.label),
            text(column.value(row)),
            column.url(row) if column.url else "",
            column.tone(row) if column.tone else "",
            column.number,
        )
        for column in columns
    ]
