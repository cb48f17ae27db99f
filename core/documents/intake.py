"""What comes in: one file, judged by its content, never by its name. What is kept is ours to serve without fear.

A photograph is decoded at the size that is kept, put upright, and written again as a JPEG: nothing of the file that
was sent remains, neither what the telephone wrote in it nor what somebody hid there. A PDF is kept as it is once it is
known to open. The decoders run in a process of their own (`core.documents.opener`), with limits of memory and time.
"""

import hashlib
import json
import logging
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

logger = logging.getLogger(__name__)

MEGABYTE = 1_000_000
MOST_BYTES = 10 * MEGABYTE
MOST_FILES = 10
LIMITS = {"edge": 2400, "pixels": 50_000_000, "pages": 60, "objects": 20_000}
PATIENCE = 40
"""Seconds before a file that still is not open is given up."""

ACCEPT = "image/jpeg,image/png,image/heic,image/heif,application/pdf,.heic,.heif"
"""What a browser offers to choose; the content decides."""

_OPENER = Path(__file__).with_name("opener.py")
_HEIF = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


class Unfit(Exception):
    """A file that is not taken. The text is a French sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is kept of a file. `width` and `height` are 0 for a PDF, `pages` 1 for a photograph."""

    name: str
    content_type: str
    content: bytes
    digest: str
    width: int
    height: int
    pages: int


def kind_of(head: bytes) -> str:
    """JPEG, PNG, HEIF or PDF by the first bytes; "" for anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return "HEIF"
    return "PDF" if b"%PDF-" in head[:1024] else ""


def take(sent: File[bytes]) -> Taken:
    """Read, judge and clean one file. Raises Unfit. Nothing is written."""
    size = sent.size or 0
    if not size:
        raise Unfit(_("Ce fichier est vide : reprenez la photo, ou enregistrez de nouveau le document."))
    if size > MOST_BYTES:
        raise Unfit(
            _("Ce fichier pèse %(size)s Mo. Le maximum est %(most)s Mo : prenez la page en photo.")
            % {"size": round(size / MEGABYTE), "most": MOST_BYTES // MEGABYTE}
        )
    content = sent.read(MOST_BYTES + 1)
    kind = kind_of(content[:1024])
    if not kind:
        raise Unfit(_unknown(content))
    facts, kept = _open(kind, content)
    if code := facts.get("error"):
        raise Unfit(_reason(code, facts))
    return Taken(
        name=named(sent.name or "", "pdf" if kind == "PDF" else "jpg"),
        content_type="application/pdf" if kind == "PDF" else "image/jpeg",
        content=kept,
        digest=hashlib.sha256(kept).hexdigest(),
        width=facts["width"],
        height=facts["height"],
        pages=facts["pages"],
    )


def named(given: str, extension: str) -> str:
    """A name that may stand in a header and on a disk: the one that was given, with the extension of what is kept."""
    base = Path(given.replace("\\", "/")).name
    stem = unicodedata.normalize("NFC", base.rpartition(".")[0] or base)
    plain = "".join(sign if sign.isalnum() or sign in " -_'’()" else " " for sign in stem)
    return f"{' '.join(plain.split())[:80].strip() or 'document'}.{extension}"


def _open(kind: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    """Ask the process that opens files; one that dies, or goes on for ever, took no file."""
    command = [sys.executable, "-I", str(_OPENER), kind, json.dumps(LIMITS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, its arguments are ours
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=True,
            env={"MALLOC_ARENA_MAX": "2"},
        )
        line, _newline, kept = done.stdout.partition(b"\n")
        facts: dict[str, Any] = json.loads(line)
    except (subprocess.SubprocessError, ValueError) as error:
        logger.warning("the process that opens files gave up a %s: %s", kind, type(error).__name__)
        return {"error": "heavy"}, b""
    return facts, kept


def _unknown(content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        return _("Ce fichier vient d’un logiciel de bureau : enregistrez-le en PDF, ou prenez-le en photo.")
    return _("Ce fichier n’est ni une photo (JPEG, PNG, HEIC) ni un PDF, quel que soit son nom.")


def _reason(code: str, facts: dict[str, Any]) -> str:
    if code == "password":
        return _(
            "Ce PDF est protégé par un mot de passe : enregistrez-le sans protection, ou imprimez-le en PDF."
        )
    if code == "pixels":
        return _(
            "Cette photo compte %(pixels)s millions de points, le maximum est %(most)s : "
            "reprenez-la dans le format habituel de votre téléphone."
        ) % {"pixels": round(facts["pixels"] / 1e6), "most": LIMITS["pixels"] // 1_000_000}
    if code == "pages":
        return ngettext(
            "Ce PDF compte %(pages)s page, le maximum est %(most)s : envoyez seulement celles qui servent.",
            "Ce PDF compte %(pages)s pages, le maximum est %(most)s : envoyez seulement celles qui servent.",
            facts["pages"],
        ) % {"pages": facts["pages"], "most": LIMITS["pages"]}
    if code == "active":
        return _("Ce PDF contient un programme : imprimez-le en PDF, ou prenez-le en photo.")
    if code in ("heavy", "objects"):
        return _("Ce fichier est trop lourd à ouvrir : prenez la page en photo, ou imprimez-le en PDF.")
    return _(
        "Ce fichier est abîmé et ne s’ouvre pas : reprenez la photo, ou enregistrez de nouveau le document."
    )
