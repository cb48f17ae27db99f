"""Acts on supporting documents, of families, of agents and of the machine.

Files are opened and looked at before any transaction (`receive`); what a transaction undoes leaves no file behind, and
what it destroys goes once it is committed.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from core.documents import acts, antivirus, intake, mail
from core.documents.errors import InUse, NotNow, NotScanned, OutOfDate, TooMany
from core.documents.models import DocumentFile, DocumentType, SupportingDocument, private_storage
from core.documents.states import MACHINE, State, valid_until
from core.kernel import journal
from core.kernel.clock import PARIS
from core.kernel.retries import delay

REFUSED_KEPT = timedelta(days=180)
"""How long the files of a refused document stay, so that its sender may look at them."""

PER_TICK = 50


@dataclass(frozen=True, slots=True)
class Received:
    """A file that may be written. Not `scanned`: the antivirus did not answer, and nobody opens it until it has."""

    taken: intake.Taken
    scanned: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken, and why, in French."""

    name: str
    reason: str

    def __str__(self) -> str:
        return _("« %(name)s » : %(reason)s") % {"name": self.name, "reason": self.reason}


def receive(sent: Iterable[File[bytes]]) -> tuple[list[Received], list[Refusal]]:
    """Open and look at each file, one at a time: those that may be written, and those that are not taken. The same
    content sent twice is one file. Writes nothing."""
    received: dict[str, Received] = {}
    refused: list[Refusal] = []
    for file in sent:
        try:
            taken = intake.take(file)
            received.setdefault(taken.digest, Received(taken, scanned=_scanned(taken.content)))
        except intake.Unfit as error:
            refused.append(Refusal((file.name or "")[:100], str(error)))
    return list(received.values()), refused


def _scanned(content: bytes) -> bool:
    """Whether the antivirus has nothing to say; False when it does not answer. Raises Unfit."""
    if not antivirus.is_on():
        return True
    try:
        antivirus.scan(content)
    except antivirus.Infected as error:
        raise intake.Unfit(
            _("L’antivirus a reconnu un programme malveillant. Vérifiez l’appareil d’où vient ce fichier.")
        ) from error
    except antivirus.Unavailable:
        return False
    return True


# The family's side -----------------------------------------------------------------------------------------------


def deposit(
    *,
    family_id: UUID,
    type: DocumentType,  # noqa: A002 - the word of the model
    received: Sequence[Received],
    actor: Any,
    now: datetime,
    child_id: UUID | None = None,
    issued_on: date | None = None,
    note: str = "",
    submission: UUID | None = None,
) -> SupportingDocument:
    """Write a document that the family sends, or that an agent types in for it. The same `submission` gives the same
    document back. Raises OutOfDate when it does not count any more, TooMany, ValueError for a child that the type does
    not fit."""
    if (child_id is not None) != (type.subject == DocumentType.Subject.CHILD):
        raise ValueError("a type says whether it is about a child")
    if submission and (sent := SupportingDocument.objects.filter(submission=submission).first()):
        return sent
    today = now.astimezone(PARIS).date()
    until = valid_until(counted_from=issued_on or today, months=type.valid_months, fixed_end=type.fixed_end)
    if until and until < today:
        raise OutOfDate(
            _("Ce document n’est plus valable depuis le %(day)s : envoyez-en un plus récent.")
            % {"day": f"{until:%d/%m/%Y}"}
        )
    with _writing() as write:
        document, first = SupportingDocument.objects.get_or_create(
            submission=submission or uuid4(),
            defaults={
                "family_id": family_id,
                "child_id": child_id,
                "type": type,
                "note": note.strip(),
                "deposited_by": actor,
                "deposited_at": now,
                "issued_on": issued_on,
                "valid_until": until,
            },
        )
        if first:
            write(document, received, now)
            _note(document, acts.DEPOSITED, actor)
    return document


def add_files(
    *, document_id: UUID, received: Sequence[Received], actor: Any, now: datetime
) -> SupportingDocument:
    """More pages of a document that nobody has looked at yet. Those that it has already change nothing. Raises NotNow,
    TooMany."""
    with _writing() as write:
        document = _locked(document_id)
        if document.state != State.RECEIVED:
            raise NotNow(document.get_state_display())
        if write(document, received, now):
            _note(document, acts.ADDED, actor)
    return document


@transaction.atomic
def withdraw(*, document_id: UUID, actor: Any) -> None:
    """The family takes back what it sent, before it is checked. Raises NotNow, InUse."""
    document = _locked(document_id)
    if document.origin != SupportingDocument.Origin.FAMILY or document.state not in (
        State.RECEIVED,
        State.REFUSED,
    ):
        raise NotNow(document.get_state_display())
    _note(document, acts.WITHDRAWN, actor)
    _destroy(document)
    try:
        document.delete()
    except ProtectedError as error:
        raise InUse(_("Ce document est joint à une demande : il reste tant qu’elle existe.")) from error


# The agents' side ------------------------------------------------------------------------------------------------


@transaction.atomic
def check(*, document_id: UUID, actor: Any, now: datetime, until: date | None = None) -> SupportingDocument:
    """An agent has looked at it: it counts, until `until` when it has an end. What its type does not keep is destroyed
    at once. Checked already, it is given back as it is. Raises NotNow, NotScanned, OutOfDate."""
    document = _locked(document_id)
    if document.state == State.CHECKED:
        return document
    _check_move(document, State.CHECKED)
    if document.files.filter(scan=DocumentFile.Scan.WAITING).exists():
        raise NotScanned(
            _("L’antivirus n’a pas encore répondu : ce document s’ouvrira dès qu’il l’aura fait.")
        )
    if until and until < now.astimezone(PARIS).date():
        raise OutOfDate(_("Cette date est passée : refusez le document, ou corrigez la date."))
    document.valid_until = until
    _decide(document, State.CHECKED, actor, now, "valid_until")
    if document.type and not document.type.keeps_files:
        _forget(document, now)
    _note(document, acts.CHECKED, actor)
    return document


@transaction.atomic
def refuse(*, document_id: UUID, actor: Any, reason: str, now: datetime) -> SupportingDocument:
    """An agent refuses it; whoever sent it is told why. Refused already, it is given back as it is. Raises NotNow."""
    document = _locked(document_id)
    if document.state == State.REFUSED:
        return document
    _check_move(document, State.REFUSED)
    document.reason = reason.strip()
    _decide(document, State.REFUSED, actor, now, "reason")
    _note(document, acts.REFUSED, actor)
    mail.refused(document)
    return document


def give(
    *,
    family_id: UUID,
    title: str,
    received: Sequence[Received],
    actor: Any,
    now: datetime,
    child_id: UUID | None = None,
    type: DocumentType | None = None,  # noqa: A002
    note: str = "",
    submission: UUID | None = None,
) -> SupportingDocument:
    """Write a document that the town gives to a family; its guardians are told. The `type`, if any, only says who
    reads it. The same `submission` gives the same document back. Raises TooMany."""
    with _writing() as write:
        document, first = SupportingDocument.objects.get_or_create(
            submission=submission or uuid4(),
            defaults={
                "origin": SupportingDocument.Origin.TOWN,
                "family_id": family_id,
                "child_id": child_id,
                "type": type,
                "title": title.strip(),
                "note": note.strip(),
                "state": State.CHECKED,
                "deposited_by": actor,
                "deposited_at": now,
                "decided_by": actor,
                "decided_at": now,
            },
        )
        if first:
            write(document, received, now)
            _note(document, acts.GIVEN, actor)
            mail.given(document)
    return document


def read(*, file: DocumentFile, actor: Any) -> None:
    """Write in the journal that somebody opens a file, before it is shown."""
    journal.read(actor=actor, act=acts.READ, object=file.document, concerning=_concerning(file.document))


# The machine's side ----------------------------------------------------------------------------------------------


def expire(*, today: date, now: datetime) -> int:
    """End the documents whose last day is past; papers about health are destroyed then. Returns how many."""
    past = SupportingDocument.objects.filter(state=State.CHECKED, valid_until__lt=today)
    ended = 0
    for pk in list(past.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            document = _locked(pk)
            if document.state != State.CHECKED or not document.valid_until or document.valid_until >= today:
                continue
            document.state = State.EXPIRED
            document.save(update_fields=["state"])
            _note(document, acts.EXPIRED, None)
            if document.type and document.type.reading == DocumentType.Reading.HEALTH:
                _forget(document, now)
            ended += 1
    return ended


def forget_refused(*, now: datetime) -> int:
    """Destroy the files of what was refused long ago. Returns how many documents."""
    old = SupportingDocument.objects.filter(
        state=State.REFUSED, decided_at__lt=now - REFUSED_KEPT, files_destroyed_at__isnull=True
    )
    keys = list(old.values_list("pk", flat=True))
    for pk in keys:
        with transaction.atomic():
            _forget(_locked(pk), now)
    return len(keys)


def scan_waiting(*, now: datetime) -> dict[bool, int]:
    """Have the antivirus look at the files that wait for it, a bounded number: how many it answered about (True) and
    for how many it still does not (False). Without an antivirus any more, nothing waits."""
    waiting = DocumentFile.objects.filter(scan=DocumentFile.Scan.WAITING, next_scan_at__lte=now)
    answered = {True: 0, False: 0}
    for file in waiting.order_by("next_scan_at", "pk").select_related("document__type")[:PER_TICK]:
        answered[_scan_again(file, now)] += 1
    return answered


def _scan_again(file: DocumentFile, now: datetime) -> bool:
    try:
        if antivirus.is_on():
            with file.file.open("rb") as content:
                antivirus.scan(content.read())
    except antivirus.Unavailable:
        file.attempts += 1
        file.next_scan_at = now + delay(file.attempts)
        file.save(update_fields=["attempts", "next_scan_at"])
        return False
    except antivirus.Infected:
        _set_aside(file, now)
        return True
    DocumentFile.objects.filter(pk=file.pk).update(scan=DocumentFile.Scan.PASSED, next_scan_at=None)
    return True


@transaction.atomic
def _set_aside(file: DocumentFile, now: datetime) -> None:
    """The whole document is refused: whoever sent it must send it from a sound machine."""
    document = _locked(file.document_id)
    _note(document, acts.SUSPECT, None)
    if document.state == State.RECEIVED:
        document.reason = _(
            "L’antivirus a écarté un fichier. Vérifiez votre appareil, puis renvoyez le document."
        )
        _decide(document, State.REFUSED, None, now, "reason")
        mail.refused(document)
    _forget(document, now)


# Common ----------------------------------------------------------------------------------------------------------


class _Writer:
    """Writes files, and remembers them so that a transaction that is undone leaves none behind."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, document: SupportingDocument, received: Sequence[Received], now: datetime) -> int:
        known = set(document.files.values_list("digest", flat=True))
        new = [one for one in received if one.taken.digest not in known]
        if len(known) + len(new) > intake.MOST_FILES:
            raise TooMany(
                _("Un document compte %(most)s fichiers au plus : envoyez le reste à part.")
                % {"most": intake.MOST_FILES}
            )
        if not known and not new:
            raise ValueError("a document has at least one file")
        last = document.files.aggregate(last=Max("position"))["last"] or 0
        for position, one in enumerate(new, start=last + 1):
            self._write(document, position, one, now)
        return len(new)

    def _write(self, document: SupportingDocument, position: int, one: Received, now: datetime) -> None:
        taken, pk = one.taken, uuid4()
        extension = taken.name.rpartition(".")[2]
        name = private_storage().save(f"pieces/{document.pk}/{pk}.{extension}", ContentFile(taken.content))
        self.names.append(name)
        DocumentFile.objects.create(
            pk=pk,
            document=document,
            position=position,
            file=name,
            name=taken.name,
            content_type=taken.content_type,
            size=len(taken.content),
            digest=taken.digest,
            pages=taken.pages,
            width=taken.width,
            height=taken.height,
            scan=DocumentFile.Scan.PASSED if one.scanned else DocumentFile.Scan.WAITING,
            next_scan_at=None if one.scanned else now + delay(1),
        )


@contextmanager
def _writing() -> Iterator[_Writer]:
    writer = _Writer()
    try:
        with transaction.atomic():
            yield writer
    except BaseException:
        for name in writer.names:
            private_storage().delete(name)
        raise


def _locked(document_id: UUID) -> SupportingDocument:
    return (
        SupportingDocument.objects.select_for_update(of=("self",)).select_related("type").get(pk=document_id)
    )


def _check_move(document: SupportingDocument, wanted: State) -> None:
    if not MACHINE.allows(document.state, wanted):
        raise NotNow(document.get_state_display())


def _decide(document: SupportingDocument, state: State, actor: Any, now: datetime, *fields: str) -> None:
    MACHINE.check(document.state, state)
    document.state, document.decided_by, document.decided_at = state, actor, now
    document.save(update_fields=["state", "decided_by", "decided_at", *fields])


def _forget(document: SupportingDocument, now: datetime) -> None:
    _destroy(document)
    document.files_destroyed_at = now
    document.save(update_fields=["files_destroyed_at"])
    _note(document, acts.DESTROYED, None)


def _destroy(document: SupportingDocument) -> None:
    names = list(document.files.values_list("file", flat=True))
    document.files.all().delete()

    def delete() -> None:
        for name in names:
            private_storage().delete(name)

    transaction.on_commit(delete, robust=True)


def _concerning(document: SupportingDocument) -> list[journal.Reference]:
    """A paper common to both homes concerns the child; any other, the home whose it is."""
    if document.is_shared:
        return [("families.child", document.child_id)]  # type: ignore[list-item]
    found: list[journal.Reference] = [("families.family", document.family_id)]
    if document.child_id:
        found.append(("families.child", document.child_id))
    return found


def _note(document: SupportingDocument, act: str, actor: Any) -> None:
    journal.record(actor=actor, act=act, object=document, concerning=_concerning(document))
