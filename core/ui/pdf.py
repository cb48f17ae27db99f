"""PDF documents: a Typst template, data as JSON, tagged for screen readers and fit for archives (PDF/A-3a, PDF/UA-1).

A template starts with `#import "base.typ": *` and reads `data` (see core/ui/typst/base.typ). It sees nothing of the
machine: no file but itself and the base, no font but ours. Free of Django, so that it can be used anywhere.
"""

import datetime as dt
import json
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from core.contracts.money import Money
from core.ui import formats, theme

HERE = Path(__file__).parent
FONTS = HERE / "static" / "ui" / "build" / "fonts" / "pdf"


class PdfError(RuntimeError):
    """A document that cannot be made: fault in a template, or fonts that were not built."""


class PdfWarning(UserWarning):
    """Something that Typst finds suspicious, for example a missing font; an error in the test suite."""


def render_pdf(
    template: Path, data: dict[str, Any], *, title: str, lang: str = "fr", made_at: dt.datetime | None = None
) -> bytes:
    """The document of a Typst template.

    `data` holds what JSON holds, plus Money (« 2,40 € »), dates (« jeudi 3 décembre 2026 ») and local datetimes
    (« jeudi 3 décembre 2026, 9 h »), which arrive as text. `title` is shown by readers. `made_at` (aware) fixes the
    date kept in the file: same data, same bytes. Raises PdfError.
    """
    compiler = typst.Compiler(
        {  # type: ignore[type-var] # several files by name: in its manual, not in its stubs
            "main.typ": template.read_bytes(),
            "base.typ": (HERE / "typst" / "base.typ").read_bytes(),
            "arms.svg": (HERE / "static" / "ui" / "arms.svg").read_bytes(),
        },
        font_paths=_fonts(),
        sys_inputs={
            "data": json.dumps(data, default=_text, ensure_ascii=False),
            "frame": json.dumps({"title": title, "lang": lang, "tokens": theme.tokens("light")}),
        },
    )
    try:
        document, suspicions = compiler.compile_with_warnings(
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            timestamp=made_at and made_at.replace(microsecond=0),  # a moment of the database has some
        )
    except typst.TypstError as error:
        raise PdfError(
            f"{template.name}: {error.message} {' '.join(error.hints)}\n{error.diagnostic}"
        ) from error
    for suspicion in suspicions:
        warnings.warn(f"{template.name}: {suspicion.message}", PdfWarning, stacklevel=2)
    assert isinstance(document, bytes)  # noqa: S101 one file without `output`
    return document


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    if not FONTS.is_dir():
        raise PdfError("Polices absentes : lancez « make assets ».")
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def _text(value: object) -> str:
    match value:
        case Money():
            return str(value)
        case dt.datetime():
            return f"{formats.day(value, year=True)}, {formats.hour(value)}"
        case dt.date():
            return formats.day(value, year=True)
        case dt.time():
            return formats.hour(value)
    raise TypeError(f"no text for {type(value).__name__} in a document")
