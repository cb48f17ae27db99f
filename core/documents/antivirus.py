"""The client of clamd, when the town has one: `PARVIS_CLAMD` is its socket, `127.0.0.1:3310` or a path.

It speaks INSTREAM: the length of each piece on four bytes, the piece, then a length of zero. Whoever calls decides what
happens while the service does not answer: a document then waits, and nobody opens it meanwhile.
"""

import socket
import struct
from collections.abc import Iterator

from django.conf import settings

PIECE = 64 * 1024
PATIENCE = 10
"""Seconds without a word from the service."""


class Infected(Exception):
    """The service recognised something; the text is the name that it gives to it."""


class Unavailable(Exception):
    """The service does not answer, or not in words that we know."""


def is_on() -> bool:
    return bool(settings.PARVIS_CLAMD)


def scan(content: bytes) -> None:
    """Have content looked at. Raises Infected, Unavailable."""
    try:
        with _connection(settings.PARVIS_CLAMD) as link:
            link.sendall(b"zINSTREAM\0")
            for piece in _pieces(content):
                link.sendall(struct.pack("!I", len(piece)) + piece)
            link.sendall(struct.pack("!I", 0))
            verdict = link.makefile("rb").read(4096).rstrip(b"\0\n").decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        raise Unavailable(type(error).__name__) from error
    if verdict.endswith(" FOUND"):
        raise Infected(verdict.removeprefix("stream: ").removesuffix(" FOUND"))
    if not verdict.endswith(" OK"):
        raise Unavailable("answer")


def _connection(address: str) -> socket.socket:
    if "/" in address:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(PATIENCE)
        link.connect(address)
        return link
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), PIECE):
        yield content[start : start + PIECE]
