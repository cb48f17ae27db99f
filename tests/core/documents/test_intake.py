"""What is sent is judged by its content: photographs are written again, bad files get a sentence, memory is bounded."""

import io
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from core.documents import intake
from tests.core.documents.files import pdf, photo, png_of, sent


def exif(orientation: int) -> bytes:
    facts = Image.Exif()
    facts[ExifTags.Base.Orientation] = orientation
    facts[ExifTags.Base.Model] = "Téléphone de Nora"
    facts.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (44.0, 54.0, 10.0)
    return facts.tobytes()


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "HEIF"])
def test_a_photograph_becomes_an_upright_jpeg_that_tells_nothing(fmt: str) -> None:
    more: dict[str, Any] = {"exif": exif(6)} if fmt == "JPEG" else {}
    taken = intake.take(sent(photo((3200, 800), fmt, **more), "IMG 01.HEIC"))
    kept = Image.open(io.BytesIO(taken.content))
    assert (taken.name, taken.content_type, kept.format) == ("IMG 01.jpg", "image/jpeg", "JPEG")
    assert kept.size == (taken.width, taken.height) == ((600, 2400) if fmt == "JPEG" else (2400, 600))
    assert not kept.getexif()
    assert b"Nora" not in taken.content
    assert b"GPS" not in taken.content


def test_transparency_is_white_as_on_paper() -> None:
    content = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(content, "PNG")
    kept = Image.open(io.BytesIO(intake.take(sent(content.getvalue())).content))
    assert kept.getpixel((5, 5)) == (255, 255, 255)


def test_a_pdf_is_kept_as_it_is() -> None:
    content = pdf(3)
    taken = intake.take(sent(content, "quittance.pdf"))
    assert (taken.content, taken.content_type, taken.pages) == (content, "application/pdf", 3)


BAD = {
    "vide": (b"", "vide"),
    "un programme": (b"MZ\x90\x00" + b"\0" * 500, "ni une photo"),
    "une page": (b"<html><script>alert(1)</script></html>", "ni une photo"),
    "un dessin": (b"<svg xmlns='x'><script/></svg>", "ni une photo"),
    "un texte de bureau": (b"PK\x03\x04" + b"\0" * 500, "logiciel de bureau"),
    "une photo coupée": (photo((900, 900), colour="red")[:400], "abîmé"),
    "un faux JPEG": (b"\xff\xd8\xff\xe0" + b"<?php echo 1; ?>" * 40, "abîmé"),
    "un faux HEIC": (b"\0\0\0\x18ftypheic" + b"\0" * 900, "abîmé"),
    "un faux PDF": (b"%PDF-1.7\n" + b"x" * 900, "abîmé"),
    "un PDF sans page": (pdf(0), "abîmé"),
    "un PDF fermé": (pdf(password="secret"), "mot de passe"),
    "un PDF de 61 pages": (pdf(61), "61 pages"),
    "un PDF qui agit": (pdf(script=True), "programme"),
    "une bombe": (png_of(30_000, 30_000), "900 millions de points"),
}


@pytest.mark.parametrize("which", list(BAD))
def test_a_bad_file_gets_a_clear_sentence(which: str) -> None:
    content, words = BAD[which]
    with pytest.raises(intake.Unfit, match=words) as told:
        intake.take(sent(content, "facture.pdf"))
    assert str(told.value).endswith(".")


def test_a_pdf_that_only_forbids_printing_opens() -> None:
    from pypdf import PdfReader, PdfWriter

    writer, content = PdfWriter(), io.BytesIO()
    writer.append(PdfReader(io.BytesIO(pdf())))
    writer.encrypt(user_password="", owner_password="mairie")
    writer.write(content)
    assert intake.take(sent(content.getvalue())).pages == 1


class _Large(SimpleUploadedFile):
    """A file of 50 MB that nobody may read."""

    def read(self, num_bytes: int | None = None) -> bytes:
        raise AssertionError("read")


def test_fifty_megabytes_are_refused_before_they_are_read() -> None:
    large = _Large("scan.pdf", b"x")
    large.size = 50_000_000
    with pytest.raises(intake.Unfit, match=r"50 Mo\. Le maximum est 10 Mo"):
        intake.take(large)


MEASURED = """
import runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
sys.stderr.write(peak.split()[1])
"""


def opened(kind: str, content: bytes) -> tuple[dict[str, object], int]:
    """What the process that opens files says, and the most memory that it held, in bytes."""
    command = [sys.executable, "-c", MEASURED, str(intake._OPENER), kind, json.dumps(intake.LIMITS)]
    done = subprocess.run(command, input=content, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout.partition(b"\n")[0]), int(done.stderr) * 1024


def test_two_hundred_megapixels_are_refused_without_being_decoded() -> None:
    facts, peak = opened("PNG", png_of(16_384, 12_288))
    assert facts == {"error": "pixels", "pixels": 16_384 * 12_288}
    assert peak < 60_000_000


def test_the_largest_photograph_allowed_is_decoded_in_bounded_memory() -> None:
    facts, peak = opened("JPEG", photo((8_000, 6_000)))
    assert (facts["width"], facts["height"]) == (2_400, 1_800)
    assert peak < 200_000_000, peak


def test_this_process_holds_little_more_than_what_was_sent() -> None:
    content = photo((6_000, 4_000), colour="orange")
    tracemalloc.start()
    try:
        intake.take(sent(content))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000 + 3 * len(content), peak


def test_a_process_that_never_ends_or_dies_takes_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loop = tmp_path / "opener.py"
    for program in ("while True: pass", "import os; os.abort()", "print('not what is expected')"):
        loop.write_text(program)
        monkeypatch.setattr(intake, "_OPENER", loop)
        monkeypatch.setattr(intake, "PATIENCE", 0.5)
        with pytest.raises(intake.Unfit, match="trop lourd"):
            intake.take(sent())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\nora\\Avis d’impôt.pdf", "Avis d’impôt.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ('a"; filename="b.exe', "a  filename  b.jpg".replace("  ", " ")),
        ("....", "document.jpg"),
        ("e\u0301te\u0301\r\n.heic", "été.jpg"),
        ("x" * 300 + ".png", "x" * 80 + ".jpg"),
    ],
)
def test_a_name_may_stand_in_a_header_and_on_a_disk(given: str, kept: str) -> None:
    assert intake.named(given, "jpg") == kept
