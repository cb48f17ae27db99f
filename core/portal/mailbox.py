"""The demo sends nothing: its e-mails are read here."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel.access import public

_SEPARATOR = b"-" * 79


@dataclass(frozen=True, slots=True)
class Letter:
    key: str
    subject: str
    to: str
    sent_at: datetime | None
    body: str


def _read(file: Path) -> list[Letter]:
    """Django's file backend appends the messages of one connection to one file."""
    letters = []
    parts = [part.strip() for part in file.read_bytes().split(_SEPARATOR) if part.strip()]
    for number, part in enumerate(parts):
        message = email.message_from_bytes(part, _class=EmailMessage, policy=email.policy.default)
        text = message.get_body(("plain",))
        sent_at = parsedate_to_datetime(message["Date"]) if message["Date"] else None
        key = f"{file.stem}-{number}"
        body = text.get_content() if text else ""
        letters.append(Letter(key, message["Subject"] or "", message["To"] or "", sent_at, body))
    return letters


def _all() -> list[Letter]:
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), reverse=True) if folder.exists() else []
    return [letter for file in files for letter in reversed(_read(file))]


@public
def letters(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/letters.html", {"letters": _all()})


@public
def letter(request: HttpRequest, key: str) -> HttpResponse:
    found = next((letter for letter in _all() if letter.key == key), None)
    if found is None:
        raise Http404
    return render(request, "portal/letter.html", {"letter": found})
