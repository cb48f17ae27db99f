"""Periodic jobs about documents."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from core.contracts.jobs import Job
from core.documents import services
from core.kernel.clock import PARIS


def end_documents(now: datetime) -> None:
    """What is past its last day, and the files of what was refused long ago."""
    services.expire(today=now.astimezone(PARIS).date(), now=now)
    services.forget_refused(now=now)


def scan(now: datetime) -> None:
    services.scan_waiting(now=now)


JOBS = (
    Job(
        name="pieces",
        label=_("Terminer les pièces dont la date est passée, détruire les fichiers qui n’ont plus à rester"),  # type: ignore[arg-type]
        schedule=time(4, 0),
        run=end_documents,
    ),
    Job(
        name="antivirus",
        label=_("Faire examiner les pièces qui attendent l’antivirus"),  # type: ignore[arg-type]
        schedule=timedelta(minutes=1),
        run=scan,
    ),
)
