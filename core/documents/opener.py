"""Opens one file that somebody sent, in a process of its own: `python opener.py KIND LIMITS < file > result`.

Nothing of Django is here: a file may be built to fill the memory, to run for ever or to break a decoder, and then only
this process dies. It sets its own limits of memory and time before it reads anything. On the output: one line of JSON,
then the content to keep. `{"error": code, …}` says why a file is not kept; the words are in `core.documents.intake`.
"""

import io
import json
import resource
import sys
from typing import Any

MEMORY = 1_400_000_000
"""Bytes of address space: libraries included, a photograph of the largest size allowed fits in half of it."""
SECONDS = 20

Answer = tuple[dict[str, Any], bytes]


class Refused(Exception):
    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.answer = {"error": code, **facts}


def picture(content: bytes, kind: str, limits: dict[str, int]) -> Answer:
    """A photograph, upright, in RGB, without what it says of the telephone and of the place, no larger than needed."""
    from PIL import Image, ImageOps

    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # our own limit is said in words, before anything is decoded
    edge = limits["edge"]
    with Image.open(io.BytesIO(content), formats=[kind]) as found:
        pixels = found.width * found.height
        if pixels > limits["pixels"]:
            raise Refused("pixels", pixels=pixels)
        found.draft("RGB", (edge, edge))  # a JPEG is decoded at the scale that is kept
        upright = ImageOps.exif_transpose(found)
    upright.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if upright.mode.startswith("I;16"):
        upright = upright.point(lambda value: value / 256).convert("L")
    if upright.mode in ("LA", "PA", "RGBA") or "transparency" in upright.info:
        drawn = upright.convert("RGBA")
        upright = Image.new("RGB", drawn.size, "white")
        upright.paste(drawn, mask=drawn.getchannel("A"))
    kept = io.BytesIO()
    plain = upright.convert("RGB")
    plain.info.clear()
    plain.save(kept, "JPEG", quality=84, optimize=True)
    return {"width": plain.width, "height": plain.height, "pages": 1}, kept.getvalue()


def pdf(content: bytes, limits: dict[str, int]) -> Answer:
    """A PDF as it is, once it is known to open without a password, to be of a usual length and to run nothing."""
    import logging

    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

    logging.disable(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("password")
    objects = sum(len(entries) for entries in reader.xref.values()) + len(reader.xref_objStm)
    if objects > limits["objects"]:
        raise Refused("objects")
    root = reader.root_object
    tree = root.get("/Pages", DictionaryObject()).get_object()
    pages = (
        int(tree.get("/Count", 0)) if isinstance(tree, DictionaryObject) else 0
    )  # said, before one walks through
    if pages > limits["pages"]:
        raise Refused("pages", pages=pages)
    pages = len(reader.pages)
    if pages > limits["pages"]:
        raise Refused("pages", pages=pages)
    if not pages:
        raise Refused("damaged")
    reader.pages[0].mediabox  # noqa: B018 - a first page that cannot be found is no page
    names = root.get("/Names", DictionaryObject()).get_object()
    opening = root.get("/OpenAction", DictionaryObject()).get_object()
    runs = isinstance(opening, DictionaryObject) and opening.get("/S") in ("/JavaScript", "/Launch")
    if runs or "/AA" in root or (isinstance(names, DictionaryObject) and "/JavaScript" in names):
        raise Refused("active")
    return {"width": 0, "height": 0, "pages": pages}, content


def answer(content: bytes, kind: str, limits: dict[str, int]) -> Answer:
    try:
        return pdf(content, limits) if kind == "PDF" else picture(content, kind, limits)
    except Refused as refusal:
        return refusal.answer, b""
    except MemoryError:
        return {"error": "heavy"}, b""
    except RecursionError:
        return {"error": "damaged"}, b""
    except Exception as error:  # a decoder may raise anything: the file is not one that can be read
        return {"error": "damaged", "raised": type(error).__name__}, b""


def main() -> None:
    kind, limits = sys.argv[1], json.loads(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    facts, kept = answer(sys.stdin.buffer.read(), kind, limits)
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + kept)


if __name__ == "__main__":
    main()
