"""The room's own job: codes whose time is over say so."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from core.contracts.jobs import Job
from core.opening.services import expire

JOBS = (
    Job(
        name="activation",
        label=_("Marquer les codes d’activation périmés"),  # type: ignore[arg-type]
        schedule=time(3, 50),
        run=expire,
    ),
)
