"""Writing a tariff step by step, in a sketch that becomes a draft when it holds; the texts of council decisions."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from core.kernel import journal
from core.pricing.models import DecisionFile, TariffSketch, TariffVersion
from core.pricing.services import import_tariff
from core.pricing.sketch import following

DECISION_KEPT = "pricing.decision_kept"


class Overtaken(Exception):
    """Somebody else changed the sketch since it was read: nothing is written."""


def start(*, document: Mapping[str, Any], draft: TariffVersion | None = None) -> TariffSketch:
    """A sketch of a document. One that already takes up the same draft is given back as it stands."""
    if draft is not None and (known := TariffSketch.objects.filter(draft=draft).first()):
        return known
    return TariffSketch.objects.create(document=dict(document), draft=draft)


def take_up(*, version: TariffVersion, on: date) -> TariffSketch:
    """A draft to go on with; of a published version, which never changes, a new version from a day on."""
    if version.status == TariffVersion.Status.DRAFT:
        return start(document=version.document, draft=version)
    return start(document=following(version.document, on=on))


@transaction.atomic
def write(*, sketch_id: UUID, revision: int, document: Mapping[str, Any]) -> TariffSketch:
    """Keep the new state of a sketch. Raises Overtaken."""
    sketch = TariffSketch.objects.select_for_update().get(pk=sketch_id)
    if sketch.revision != revision:
        raise Overtaken
    sketch.document = dict(document)
    sketch.revision += 1
    sketch.save()
    return sketch


@transaction.atomic
def finish(*, sketch_id: UUID, revision: int, actor: Any) -> TariffVersion:
    """The draft of a sketch, which is gone then, with the draft that it takes the place of.

    Raises Overtaken, and what `import_tariff` raises; then nothing is written.
    """
    sketch = TariffSketch.objects.select_for_update().get(pk=sketch_id)
    if sketch.revision != revision:
        raise Overtaken
    version = import_tariff(document=sketch.document, actor=actor)
    before = sketch.draft
    sketch.delete()
    if before is not None and before.pk != version.pk and before.status == TariffVersion.Status.DRAFT:
        before.delete()
    return version


@transaction.atomic
def keep_decision(*, number: str, on: date, content: bytes, actor: Any) -> DecisionFile:
    """The text of a council decision; it takes the place of the one that was kept."""
    kept, _created = DecisionFile.objects.select_for_update().get_or_create(number=number, date=on)
    kept.file.save(f"{kept.pk}.pdf", ContentFile(content))
    journal.record(actor=actor, act=DECISION_KEPT, object=kept)
    return kept


def decision_of(version: TariffVersion) -> DecisionFile | None:
    """The text of the decision that a version stands on."""
    if not version.decision_number or version.decision_date is None:
        return None
    return DecisionFile.objects.filter(number=version.decision_number, date=version.decision_date).first()
