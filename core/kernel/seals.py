"""The chain of the journal: batches of entries, each digest taken over the batch and the digest before it.

Entries are sealed afterwards, by a job: writing one waits for nobody. What was changed, taken away, put in between or
moved shows, for the chain breaks there. Whoever could also write the whole chain anew is shown by a digest noted
elsewhere: each seal is told to the log of the process, which leaves the machine, and `parvis journal verify` prints
the last ones.

Acts and reads have a chain each. Reads go after some months (a setting): their seals stay, marked, and the chain holds.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.jobs import Job
from core.contracts.settings import Integer
from core.kernel import configuration
from core.kernel.models import JournalEntry, JournalSeal
from core.kernel.settings import Sheet

logger = logging.getLogger(__name__)

BATCH = 2000
LATE = timedelta(days=1)
"""Entries that have waited for longer tell that no job seals them."""

Chain = JournalSeal.Chain


@lru_cache(maxsize=1)
def sheet() -> Sheet:
    """How long it is kept who looked at what: six months to a year, as the CNIL advises for such traces."""
    months = Integer(
        name="months",
        label=_("Garder la trace des consultations (mois)"),
        help=_("Les actes, eux, restent aussi longtemps que le dossier."),
        default=12,
        minimum=6,
        maximum=12,
    )
    return Sheet("kernel.journal", _("Journal"), (months,))


def sheets() -> Iterator[Sheet]:
    yield sheet()


configuration.register(sheets)


def canonical(entry: JournalEntry) -> bytes:
    """An entry as the digest reads it, the same on both databases."""
    who = sorted(f"{subject.kind}:{subject.subject}" for subject in entry.subjects.all())
    content = [
        entry.pk,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor or ""),
        str(entry.on_behalf_of or ""),
        entry.act,
        entry.is_read,
        entry.object_kind,
        entry.object_id,
        entry.changes,
        entry.reason,
        entry.service,
        who,
    ]
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def digest(before: str, entries: Iterable[JournalEntry]) -> str:
    """Hexadecimal SHA-256 over the digest before and each entry in order."""
    found = hashlib.sha256(before.encode())
    for entry in entries:
        found.update(canonical(entry))
        found.update(b"\n")
    return found.hexdigest()


def seal_all(now: datetime) -> int:
    """Seal what waits, batch by batch. Returns how many entries. Another machine that seals too stops this one."""
    sealed = 0
    for chain in Chain:
        try:
            while count := _seal_batch(chain, now):
                sealed += count
        except IntegrityError:
            logger.info("journal: chain %s is being sealed elsewhere", chain)
    return sealed


@transaction.atomic
def _seal_batch(chain: Chain, now: datetime) -> int:
    waiting = JournalEntry.objects.filter(seal=None, is_read=chain == Chain.READS).order_by("pk")
    entries = list(waiting.prefetch_related("subjects")[:BATCH])
    if not entries:
        return 0
    last = JournalSeal.objects.filter(chain=chain).order_by("-number").first()
    seal = JournalSeal.objects.create(
        chain=chain,
        number=last.number + 1 if last else 1,
        digest=digest(last.digest if last else "", entries),
        sealed_at=now,
    )
    JournalEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(seal=seal)
    logger.info("journal: %s %s %s", chain, seal.number, seal.digest)
    return len(entries)


@transaction.atomic
def purge(now: datetime) -> int:
    """Forget the reads that are older than the setting says, by whole seals. Returns how many entries went."""
    limit = now - timedelta(days=round(sheet().values()["months"] * 365 / 12))
    old = JournalSeal.objects.filter(chain=Chain.READS, purged_at=None, sealed_at__lt=limit)
    seals = list(old.values_list("pk", flat=True))
    JournalSeal.objects.filter(pk__in=seals).update(purged_at=now)
    _all, gone = JournalEntry.objects.filter(seal__in=seals).delete()
    return gone.get("kernel.JournalEntry", 0)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain breaks, and how, in French."""

    chain: str
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was read of the chains. `heads`: by chain, the number and digest of its last seal."""

    faults: tuple[Fault, ...]
    entries: int
    waiting: int
    heads: dict[str, tuple[int, str]]


def verify() -> Verdict:
    """Take every digest again, reading entries as a stream."""
    faults: list[Fault] = []
    heads: dict[str, tuple[int, str]] = {}
    checked = 0
    for chain in Chain:
        batches = groupby(
            JournalEntry.objects.filter(seal__chain=chain)
            .order_by("seal__number", "pk")
            .prefetch_related("subjects")
            .iterator(chunk_size=BATCH),
            key=lambda entry: entry.seal_id,
        )
        batch = next(batches, None)
        before, expected = "", 0
        for seal in JournalSeal.objects.filter(chain=chain).order_by("number").iterator(chunk_size=BATCH):
            expected += 1
            if seal.number != expected:
                faults.append(Fault(chain, expected, _("un sceau manque")))
                expected = seal.number
            entries = []
            if batch is not None and batch[0] == seal.pk:
                entries = list(batch[1])
                batch = next(batches, None)
            checked += len(entries)
            if seal.purged_at is None and digest(before, entries) != seal.digest:
                faults.append(Fault(chain, seal.number, _("le contenu n’est plus celui qui a été scellé")))
            elif seal.purged_at is not None and entries:
                faults.append(Fault(chain, seal.number, _("des entrées restent sous un sceau purgé")))
            before = seal.digest
        if expected:
            heads[chain] = (expected, before)
    waiting = JournalEntry.objects.filter(seal=None).count()
    return Verdict(tuple(faults), checked, waiting, heads)


def late(now: datetime) -> bool:
    """Is there an entry that nobody has sealed for a day?"""
    return JournalEntry.objects.filter(seal=None, at__lt=now - LATE).exists()


JOBS = (
    Job(
        name="seals",
        label=gettext_lazy("Sceller le journal"),  # type: ignore[arg-type]
        schedule=timedelta(minutes=10),
        run=seal_all,
    ),
    Job(
        name="journal",
        label=gettext_lazy("Effacer les consultations anciennes du journal"),  # type: ignore[arg-type]
        schedule=time(4, 0),
        run=purge,
    ),
)
