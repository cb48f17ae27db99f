"""Lists as files: CSV as French spreadsheets read it, XLSX with true numbers and days. Each one is journalled."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.backoffice.tables import Cell, Column, text
from core.contracts.money import Money
from core.kernel import clock, journal

EXPORTED = "backoffice.list_exported"
PARAMETER = "export"
FORMATS = ("xlsx", "csv")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 1_000_000
BATCH = 2000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be computed by whoever opens the file."""

EUROS, DAY, MOMENT = '#,##0.00\\ "€"', "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


class Link(NamedTuple):
    label: str
    address: str


def asked(request: HttpRequest) -> str | None:
    """The format that the address asks for (`?export=csv`)."""
    wanted = request.GET.get(PARAMETER)
    return wanted if wanted in FORMATS else None


def links(request: HttpRequest) -> list[Link]:
    """The same list as a file, with the filters of the address."""
    query = request.GET.copy()
    query.pop("page", None)
    found = []
    for name in FORMATS:
        query[PARAMETER] = name
        found.append(Link(_("Exporter (%(format)s)") % {"format": name.upper()}, f"?{query.urlencode()}"))
    return found


def spreadsheet(
    request: HttpRequest, rows: QuerySet[Any], columns: Iterable[Column], *, name: str
) -> HttpResponseBase:
    """`rows` as a file in the format that the address asks for; `name` is that of the file, in French, without suffix.

    It is written in the journal before the first line leaves. CSV is streamed, XLSX passes through a temporary file.
    """
    wanted = asked(request) or FORMATS[0]
    kept = [column for column in columns if column.label]
    export_done(request, rows, name=name, file_format=wanted)
    lines = ([column.value(row) for column in kept] for row in rows.iterator(chunk_size=BATCH))
    heads = [str(column.label) for column in kept]
    filename = f"{name}-{clock.today():%Y-%m-%d}.{wanted}"
    if wanted == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(
            csv_lines(heads, lines),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{filename}"'},
        )
    else:
        file = xlsx(heads, lines, title=name)
        answer = FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)
    return answer


def export_done(request: HttpRequest, rows: QuerySet[Any], *, name: str, file_format: str) -> None:
    """Say that an agent takes a list away: which, how many rows, through which filters; no name of anybody."""
    filters = sorted(key for key, value in request.GET.items() if value and key != PARAMETER)
    journal.record(
        actor=request.user,
        act=EXPORTED,
        object=(rows.model._meta.label, name),
        changes={"rows": rows.count(), "format": file_format, "filters": filters},
    )


# CSV -----------------------------------------------------------------------------------------------------------------


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(heads: list[str], lines: Iterable[list[Cell]]) -> Iterator[bytes]:
    """With a mark of UTF-8, semicolons and decimal commas: what a double click opens well in France."""
    writer: Any = csv.writer(_Echo(), delimiter=";")
    yield b"\xef\xbb\xbf" + writer.writerow(heads).encode()
    for line in lines:
        yield writer.writerow([csv_cell(value) for value in line]).encode()


def csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.plain.replace(".", ",")
    if isinstance(value, bool | int | Decimal | date):
        return text(value)
    return disarmed(str(value))


def disarmed(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


# XLSX ----------------------------------------------------------------------------------------------------------------


def xlsx(heads: list[str], lines: Iterable[list[Cell]], *, title: str) -> SpooledTemporaryFile[bytes]:
    """A book of one sheet, at the beginning of its file."""
    return xlsx_book([(title, heads, lines)])


def xlsx_book(
    sheets: Iterable[tuple[str, list[str], Iterable[list[Cell]]]],
) -> SpooledTemporaryFile[bytes]:
    """A book of (title, heads, lines), heads always in sight, at the beginning of its file."""
    book = Workbook(write_only=True)
    bold = Font(bold=True)
    for title, heads, lines in sheets:
        sheet: Any = book.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        for rank, head in enumerate(heads, start=1):
            sheet.column_dimensions[get_column_letter(rank)].width = max(12, min(len(head) + 4, 40))
        head_cells = [_xlsx_cell(sheet, head) for head in heads]
        for cell in head_cells:
            cell.font = bold
        sheet.append(head_cells)
        for line in lines:
            sheet.append([_xlsx_cell(sheet, value) for value in line])
    file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _xlsx_cell(sheet: Any, value: Cell) -> Any:
    shown: Any = value
    number_format = ""
    if isinstance(value, bool):
        shown = text(value)
    elif isinstance(value, Money):
        shown, number_format = value.euros, EUROS
    elif isinstance(value, datetime):
        shown, number_format = timezone.localtime(value).replace(tzinfo=None, microsecond=0), MOMENT
    elif isinstance(value, date):
        number_format = DAY
    elif value is not None and not isinstance(value, int | Decimal):
        shown = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell = WriteOnlyCell(sheet, shown)
    if cell.data_type == "f":
        cell.data_type = "s"
    if number_format:
        cell.number_format = number_format
    return cell
