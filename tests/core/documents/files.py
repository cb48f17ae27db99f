"""Files as families send them, good and bad, made by the tests."""

import io
import struct
import zlib
from itertools import count
from typing import Any

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from core.documents import intake
from core.documents.models import DocumentType, SupportingDocument
from core.documents.services import Received, deposit
from core.kernel import clock

pillow_heif.register_heif_opener()
_serial = count()


def photo(size: tuple[int, int] = (60, 40), fmt: str = "JPEG", colour: str = "teal", **more: Any) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, fmt, **more)
    return content.getvalue()


def pdf(pages: int = 1, password: str = "", script: bool = False) -> bytes:
    writer, content = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(210, 297)
    if script:
        act = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('bonjour')")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in act.items()}
        )
    if password:
        writer.encrypt(password)
    writer.write(content)
    return content.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG of that size, all zeros, made without holding it: a bomb when it is large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    packed, row = zlib.compressobj(9), b"\0" * (1 + (width + 7) // 8)
    lines = b"".join(packed.compress(row) for _line in range(height)) + packed.flush()
    head = struct.pack("!IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def sent(content: bytes | None = None, name: str = "page.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if content is None else content)


def received(scanned: bool = True) -> Received:
    """A page that is no other's, without asking the process that opens files."""
    rank = next(_serial)
    taken = intake.Taken("page.jpg", "image/jpeg", photo() + b"%d" % rank, f"{rank:064x}", 60, 40, 1)
    return Received(taken, scanned)


def made(factory: Any, **values: Any) -> Any:
    """What a factory makes, whatever its type says."""
    return factory(**values)


def kind(code: str = "essai", **values: Any) -> DocumentType:
    facts = {"label": "Essai", "subject": "household", **values}
    return DocumentType.objects.get_or_create(code=code, defaults=facts)[0]


def deposited(family: Any, user: Any = None, **more: Any) -> SupportingDocument:
    values: dict[str, Any] = {"received": [received()], "now": clock.now(), **more}
    values.setdefault("type", kind())
    return deposit(family_id=family.pk, actor=user, **values)
