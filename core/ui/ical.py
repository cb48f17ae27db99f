"""Calendar files as telephones and diaries read them (RFC 5545). Pure text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
WIDTH = 75
"""Octets of a line; a longer one goes on after a line break and a space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happens. Two moments (aware), or two days: the last one is included. `ends` may be unknown.

    `uid` stays the same for ever: whoever subscribes sees a change instead of a second entry.
    """

    uid: str
    summary: str
    starts: date
    ends: date | None = None
    changed: datetime
    description: str = ""
    location: str = ""
    url: str = ""


def calendar(name: str, entries: Iterable[Entry]) -> str:
    """The whole file, with the line ends that the format asks for."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parvis//Parvis//FR", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _event(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_instant(entry.changed)}"
    yield f"LAST-MODIFIED:{_instant(entry.changed)}"
    yield f"DTSTART{_moment(entry.starts)}"
    if entry.ends is not None:
        whole = not isinstance(entry.ends, datetime)
        yield f"DTEND{_moment(entry.ends + timedelta(days=1) if whole else entry.ends)}"
    yield f"SUMMARY:{_text(entry.summary)}"
    for name, value in (("DESCRIPTION", entry.description), ("LOCATION", entry.location)):
        if value:
            yield f"{name}:{_text(value)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield "END:VEVENT"


def _moment(value: date) -> str:
    return f":{_instant(value)}" if isinstance(value, datetime) else f";VALUE=DATE:{value:%Y%m%d}"


def _instant(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most `WIDTH` octets; a character is never cut."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > WIDTH:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
