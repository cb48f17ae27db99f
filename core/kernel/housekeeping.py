"""The kernel's own jobs: what is finished is kept for a while, then goes."""

from datetime import datetime, time, timedelta

from django.core.management import call_command
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from core.contracts.jobs import Job
from core.kernel.models import Delivery, JobRun

KEPT = timedelta(days=30)


def clear_sessions(now: datetime) -> None:
    """Sessions that have expired tell who came and when."""
    call_command("clearsessions")


def clear_traces(now: datetime) -> None:
    """Deliveries, runs and task results of more than 30 days. A delivery that failed waits for somebody to look."""
    before = now - KEPT
    Delivery.objects.filter(state=Delivery.State.DONE, finished_at__lt=before).delete()
    JobRun.objects.filter(slot__lt=before).exclude(state=JobRun.State.RUNNING).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()


JOBS = (
    Job(
        name="sessions",
        label=_("Effacer les connexions expirées"),  # type: ignore[arg-type]
        schedule=time(3, 30),
        run=clear_sessions,
    ),
    Job(
        name="traces",
        label=_("Effacer les traces techniques de plus de 30 jours"),  # type: ignore[arg-type]
        schedule=time(3, 40),
        run=clear_traces,
    ),
)
