"""Periodic jobs about families."""

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from core.contracts.jobs import Job
from core.families.services.importing import forget_files
from core.families.services.mandates import expire_mandates
from core.kernel.clock import PARIS


def end_mandates(now: datetime) -> None:
    """Marks what already gives nothing any more."""
    expire_mandates(today=now.astimezone(PARIS).date(), now=now)


def forget_imports(now: datetime) -> None:
    """Files of households hold personal data: they do not wait longer than their work."""
    forget_files(now=now)


JOBS = (
    Job(
        name="delegations",
        label=_("Terminer les délégations dont la date est passée"),  # type: ignore[arg-type]
        schedule=time(3, 50),
        run=end_mandates,
    ),
    Job(
        name="fichiers-importes",
        label=_("Jeter les fichiers de familles importés depuis une semaine"),  # type: ignore[arg-type]
        schedule=time(3, 55),
        run=forget_imports,
    ),
)
