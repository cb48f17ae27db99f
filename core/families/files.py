"""CSV and XLSX files of households as lines: `core.families.imports` judges them."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.families.imports import BY_KEY, SHEETS, Line, Unreadable, read_line, sheet_of, written

MOST_BYTES = 20_000_000
UNPACKED = 300_000_000
"""An XLSX is a compressed file: a small one must not fill the memory."""
MOST_LINES = 60_000
EVERY = 500
"""Lines between two tidings of how far the reading is."""
SIGNS = ("=", "+", "-", "@")

Tidings = Callable[[int, int], None]


@dataclass(slots=True)
class Content:
    """What a file holds: lines in the order families, children, quotients; heads that say nothing to us."""

    lines: list[Line] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read_file(name: str, content: bytes, told: Tidings = lambda done, total: None) -> Content:
    """Every line of a file. `told(done, total)` hears how far it is. Raises Unreadable."""
    tables = _xlsx(content) if name.lower().endswith(".xlsx") else [_csv(content)]
    found, kinds = Content(), set()
    tables = [rows for rows in tables if rows]
    total = sum(len(rows) - 1 for rows in tables)
    if total > MOST_LINES:
        raise Unreadable(_("Ce fichier a plus de %s lignes : coupez-le en plusieurs.") % MOST_LINES)
    done = 0
    told(0, total)
    for rows in tables:
        head, *body = rows
        recognised = sheet_of(head)
        if recognised is None:
            continue
        sheet, columns, ignored = recognised
        if sheet.key in kinds:
            raise Unreadable(
                _("Deux feuilles décrivent « %(title)s » : gardez-en une.") % {"title": sheet.title}
            )
        kinds.add(sheet.key)
        found.ignored += ignored
        for number, row in enumerate(body, start=2):
            cells = [written(cell) for cell in row]
            if any(cells):
                found.lines.append(read_line(sheet, columns, number, cells))
            done += 1
            if done % EVERY == 0:
                told(done, total)
    if not kinds:
        raise Unreadable(
            _("Aucune feuille ne porte les titres d’un de nos modèles : copiez vos lignes dans l’un d’eux.")
        )
    order = [sheet.key for sheet in SHEETS]
    found.lines.sort(key=lambda line: order.index(line.sheet))
    told(total, total)
    return found


def _xlsx(content: bytes) -> list[list[tuple[Any, ...]]]:
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > UNPACKED:
                raise Unreadable(_("Ce fichier est trop gros : coupez-le en plusieurs."))
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        return [_filled(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
    except Unreadable:
        raise
    except (BadZipFile, KeyError, ValueError, TypeError, OSError) as error:
        raise Unreadable(_("Ce fichier n’est pas un classeur XLSX que nous savons lire.")) from error


def _filled(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows, without the empty ones that a spreadsheet may drag behind."""
    found: list[tuple[Any, ...]] = []
    last = 0
    for row in rows:
        found.append(row)
        if any(cell not in (None, "") for cell in row):
            last = len(found)
        if len(found) - last > MOST_LINES or last > MOST_LINES + 1:
            break
    return found[:last]


def _csv(content: bytes) -> list[tuple[Any, ...]]:
    """Semicolons or commas, UTF-8 or what Windows writes."""
    if b"\x00" in content:
        raise Unreadable(_("Ce fichier n’est ni un CSV ni un classeur XLSX."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    comma = "," if first.count(",") > first.count(";") else ";"
    try:
        return [tuple(_armed(cell) for cell in row) for row in _rows(text, comma)]
    except csv.Error as error:
        raise Unreadable(_("Ce fichier n’est pas un CSV que nous savons lire.")) from error


def _rows(text: str, comma: str) -> Iterator[list[str]]:
    yield from csv.reader(StringIO(text, newline=""), delimiter=comma)


def _armed(cell: str) -> str:
    """What our own exports write before a text that a spreadsheet would compute (« '+33… ») is not part of it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(SIGNS) else cell


def template_rows(key: str) -> tuple[list[str], list[str]]:
    """The heads of a sheet, and one line as an example."""
    fields = BY_KEY[key].fields
    return [str(one.head) for one in fields], [one.example for one in fields]
