"""The demo sends and prints nothing: its e-mails and its letters are read here."""

import email
import email.policy
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from core.kernel.access import public
from core.notifications.letters import SUFFIX

_SEPARATOR = b"-" * 79
_OLD = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail, or with `pdf` a letter on paper."""

    key: str
    subject: str
    to: str
    sent_at: datetime | None
    body: str
    pdf: Path | None = None


def _emails(file: Path) -> list[Letter]:
    """Django's file backend appends the messages of one connection to one file."""
    letters = []
    parts = [part.strip() for part in file.read_bytes().split(_SEPARATOR) if part.strip()]
    for number, part in enumerate(parts):
        message = email.message_from_bytes(part, _class=EmailMessage, policy=email.policy.default)
        text = message.get_body(("plain",))
        sent_at = parsedate_to_datetime(message["Date"]) if message["Date"] else None
        if sent_at and sent_at.tzinfo is None:  # « -0000 »: in UTC, from nowhere in particular
            sent_at = sent_at.replace(tzinfo=UTC)
        key = f"{file.stem}-{number}"
        body = text.get_content() if text else ""
        letters.append(Letter(key, message["Subject"] or "", message["To"] or "", sent_at, body))
    return letters


def _on_paper(file: Path) -> Letter:
    about = json.loads(file.read_text(encoding="utf-8"))
    stem = file.name.removesuffix(SUFFIX)
    sent_at = datetime.fromisoformat(about["at"])
    return Letter(stem, about["title"], about["to"], sent_at, "", file.with_name(f"{stem}.pdf"))


def _all() -> list[Letter]:
    """Latest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    if not folder.exists():
        return []
    found = [letter for file in sorted(folder.glob("*.log")) for letter in _emails(file)]
    found += [_on_paper(file) for file in folder.glob(f"*{SUFFIX}")]
    return sorted(found, key=lambda letter: (letter.sent_at or _OLD, letter.key), reverse=True)


def _one(key: str) -> Letter:
    found = next((letter for letter in _all() if letter.key == key), None)
    if found is None:
        raise Http404
    return found


@public
def letters(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/letters.html", {"letters": _all()})


@public
def letter(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "portal/letter.html", {"letter": _one(key)})


@public
def paper(request: HttpRequest, key: str) -> HttpResponseBase:
    """A letter on paper, as it would be printed."""
    found = _one(key)
    if found.pdf is None or not found.pdf.exists():
        raise Http404
    return FileResponse(found.pdf.open("rb"), content_type="application/pdf")
