"""Background work: a run is drafted and issued away from the request; its row tells how far it is."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext as _
from django_tasks import task

from core.kernel import clock
from core.kernel.calls import ContributionFailed
from plugins.facturation.errors import BillingError
from plugins.facturation.facts import SourceMisbehaves
from plugins.facturation.models import Run
from plugins.facturation.services import issuing, runs
from plugins.facturation.services.sources import name_of

logger = logging.getLogger(__name__)


@task()
def draft_run(run_id: str) -> None:
    """Draft a run to its preview, or write on it what stopped it."""
    _guarded(run_id, lambda: runs.draft_run(run_id=UUID(run_id), now=clock.now()))


@task()
def issue_run(run_id: str) -> None:
    """Issue the invoices of a run, or write on it what stopped it."""
    _guarded(run_id, lambda: issuing.issue_run(run_id=UUID(run_id), now=clock.now()))


def _guarded(run_id: str, work: Callable[[], object]) -> None:
    try:
        work()
    except BillingError as error:
        _stopped(run_id, str(error))
    except ContributionFailed as error:
        _stopped(
            run_id, _("Le module %(name)s n’a pas pu donner ses lignes.") % {"name": name_of(error.slug)}
        )
    except SourceMisbehaves as error:
        _stopped(
            run_id,
            _("Module %(name)s : %(reason)s") % {"name": name_of(error.source), "reason": error.reason},
        )
    except Exception:
        logger.exception("run %s stopped", run_id)
        _stopped(
            run_id,
            _(
                "Un incident technique a arrêté le calcul. Ce qui était fait est gardé : vous pouvez reprendre."
            ),
        )


def _stopped(run_id: str, reason: str) -> None:
    Run.objects.filter(pk=run_id).update(error=reason)
