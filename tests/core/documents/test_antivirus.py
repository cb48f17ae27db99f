"""The antivirus: what it says, what happens while it does not answer, and that it is asked again."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages

from core.documents import antivirus, services
from core.documents.errors import NotScanned
from core.documents.models import DocumentFile, SupportingDocument
from core.kernel import clock
from core.testing.factories import FamilyFactory, UserFactory
from tests.core.documents.files import deposited, made, photo, received, sent

pytestmark = pytest.mark.django_db


class Clamd:
    """A clamd of one socket: it reads what INSTREAM sends, keeps it, and answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.answer: Callable[[bytes], bytes] = lambda content: b"stream: OK\0"
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                link, _where = self.door.accept()
            except OSError:
                return
            with link, link.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                pieces = []
                while length := struct.unpack("!I", stream.read(4))[0]:
                    pieces.append(stream.read(length))
                self.heard.append(b"".join(pieces))
                link.sendall(self.answer(self.heard[-1]))


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    service = Clamd()
    settings.PARVIS_CLAMD = service.address
    yield service
    service.door.close()


@pytest.fixture
def closed(settings: Any) -> None:
    """An address at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.PARVIS_CLAMD = f"127.0.0.1:{door.getsockname()[1]}"


def test_it_is_off_unless_the_town_has_one() -> None:
    assert not antivirus.is_on()
    (one,), refused = services.receive([sent()])
    assert one.scanned
    assert refused == []


def test_it_looks_at_what_is_kept(clamd: Clamd) -> None:
    (one,), _refused = services.receive([sent(photo((900, 900)))])
    assert one.scanned
    assert clamd.heard == [one.taken.content]


def test_long_content_is_sent_in_pieces(clamd: Clamd) -> None:
    content = bytes(range(256)) * 1000
    antivirus.scan(content)
    assert clamd.heard == [content]


def test_what_it_recognises_is_not_taken(clamd: Clamd) -> None:
    clamd.answer = lambda content: b"stream: Eicar-Signature FOUND\0"
    received_, (refusal,) = services.receive([sent()])
    assert received_ == []
    assert "antivirus" in str(refusal)
    with pytest.raises(antivirus.Infected, match="Eicar-Signature"):
        antivirus.scan(b"x")


@pytest.mark.parametrize("words", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"\xff\xfe"])
def test_what_it_does_not_say_clearly_waits(clamd: Clamd, words: bytes) -> None:
    clamd.answer = lambda content: words
    with pytest.raises(antivirus.Unavailable):
        antivirus.scan(b"x")


def test_while_nobody_answers_the_document_waits_and_is_not_checked(closed: None) -> None:
    (one,), refused = services.receive([sent()])
    assert not one.scanned
    assert refused == []
    document = deposited(made(FamilyFactory), received=[one])
    with pytest.raises(NotScanned):
        services.check(document_id=document.pk, actor=None, now=clock.now())
    assert services.scan_waiting(now=clock.now()) == {True: 0, False: 0}, "not before its hour"


def test_it_is_asked_again_less_and_less_often_until_it_answers(closed: None, settings: Any) -> None:
    document = deposited(made(FamilyFactory), received=[received(scanned=False)])
    now, waits = clock.now(), []
    for _attempt in range(3):
        file = DocumentFile.objects.get()
        assert file.next_scan_at
        waits.append(file.next_scan_at - now)
        now = file.next_scan_at
        assert services.scan_waiting(now=now) == {True: 0, False: 1}
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    service = Clamd()
    settings.PARVIS_CLAMD = service.address
    assert services.scan_waiting(now=now + timedelta(days=2)) == {True: 1, False: 0}
    service.door.close()
    services.check(document_id=document.pk, actor=None, now=clock.now())


def test_what_it_recognises_later_is_refused_and_destroyed(
    clamd: Clamd, django_capture_on_commit_callbacks: Any
) -> None:
    clamd.answer = lambda content: b"stream: Eicar-Signature FOUND\0"
    document = deposited(made(FamilyFactory), made(UserFactory), received=[received(scanned=False)])
    name = str(document.files.get().file)
    with django_capture_on_commit_callbacks(execute=True):
        services.scan_waiting(now=clock.now() + timedelta(hours=1))
    found = SupportingDocument.objects.get()
    assert (found.state, found.files.count(), found.decided_by) == ("refused", 0, None)
    assert not storages["private"].exists(name)


def test_a_town_that_gives_its_antivirus_up_leaves_nothing_waiting() -> None:
    deposited(made(FamilyFactory), received=[received(scanned=False)])
    assert services.scan_waiting(now=clock.now() + timedelta(hours=1)) == {True: 1, False: 0}
