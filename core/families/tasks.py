"""Background work about families: a file is read, then written, away from the request."""

import logging
from uuid import UUID

from django_tasks import task

from core.families.services import importing
from core.kernel import clock

logger = logging.getLogger(__name__)


@task()
def read_import(import_id: str) -> None:
    """Judge a file that an agent brought."""
    try:
        importing.read_import(import_id=UUID(import_id), today=clock.today())
    except Exception:
        logger.exception("import %s stopped while it was read", import_id)
        importing.stop(import_id=UUID(import_id))


@task()
def write_import(import_id: str) -> None:
    """Write a file that an agent confirmed, whole or not at all."""
    try:
        importing.write_import(import_id=UUID(import_id), today=clock.today(), now=clock.now())
    except Exception:
        logger.exception("import %s stopped while it was written", import_id)
        importing.stop(import_id=UUID(import_id))
