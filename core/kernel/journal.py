"""The journal: who did what to whose data, and who read what is sensitive. Written once, never changed.

    journal.record(actor=request.user, act="families.quotient_recorded", object=quotient, concerning=[family],
                   changes={"value_cents": [52000, 61000]}, reason="…")
    journal.read(actor=request.user, act="families.health_read", object=child, concerning=[child, family], reason="…")

An entry is part of the caller's transaction: an act without its entry does not happen. It holds identifiers, never a
name that an identifier can tell. The database refuses to change an entry (`core.kernel.guards`), and entries are sealed
into a chain by batches afterwards (`core.kernel.seals`), so that writing one waits for nobody.

`act` is a code, « app.past_participle », that its room registers with a French label: `journal.register(Act(…))` in
core, the hook `journal_acts` in a plugin. A test looks for codes that nobody named.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.contracts.journal import Act, journal_acts
from core.kernel import calls, clock
from core.kernel.models import JournalEntry, JournalSubject

Reference = models.Model | tuple[str, UUID | str]
"""An object, or its label of model with its identifier: `("families.child", child_id)`."""

_core: dict[str, Act] = {}


def register(*acts: Act) -> None:
    """Name acts of core; called by a room when the process starts."""
    _core.update({act.code: act for act in acts})


def acts() -> dict[str, Act]:
    """Every act that has a name, by code: those of core, then those of the plugins, on or off."""
    return _core | {act.code: act for _slug, act in calls.boot(journal_acts)}


def record(
    *,
    actor: Any,
    act: str,
    object: Reference,  # noqa: A002 - the word of whoever reads a journal
    concerning: Iterable[Reference] = (),
    on_behalf_of: models.Model | UUID | None = None,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
    service: str = "",
) -> JournalEntry:
    """Write that something was done, in the caller's transaction. Two statements, one without `concerning`.

    `actor`: an account, its identifier, or None for the machine. `concerning`: the families, children and persons who
    may read in their own journal that it was done. `on_behalf_of`: the person for whom the actor acted. `changes`:
    {field: [before, after]} or other JSON; dates, decimals and identifiers become text. `service`: in whose name; by
    default, what the account says of itself (`acting_service`).
    """
    return _write(False, actor, act, object, concerning, on_behalf_of, changes, reason, service)


def read(
    *,
    actor: Any,
    act: str,
    object: Reference,  # noqa: A002
    concerning: Iterable[Reference] = (),
    on_behalf_of: models.Model | UUID | None = None,
    reason: str = "",
    service: str = "",
) -> JournalEntry:
    """Write that health or custody data were looked at, before they are shown. Kept less long than acts."""
    return _write(True, actor, act, object, concerning, on_behalf_of, None, reason, service)


def about(entries: QuerySet[JournalEntry], identifier: UUID) -> QuerySet[JournalEntry]:
    """Those whose object or subject this is."""
    subject = JournalSubject.objects.filter(entry=OuterRef("pk"), subject=identifier)
    return entries.filter(Q(object_id=str(identifier)) | Exists(subject))


def reference(thing: Reference) -> tuple[str, str]:
    """Label of model and identifier, as entries hold them."""
    if isinstance(thing, models.Model):
        return thing._meta.label_lower, str(thing.pk)
    return thing[0].lower(), str(thing[1])


def _write(
    is_read: bool,
    actor: Any,
    act: str,
    thing: Reference,
    concerning: Iterable[Reference],
    on_behalf_of: models.Model | UUID | None,
    changes: Mapping[str, Any] | None,
    reason: str,
    service: str,
) -> JournalEntry:
    kind, identifier = reference(thing)
    with transaction.atomic():
        entry = JournalEntry.objects.create(
            at=clock.now(),
            actor=_key(actor),
            on_behalf_of=_key(on_behalf_of),
            act=act,
            is_read=is_read,
            object_kind=kind,
            object_id=identifier,
            changes=None if changes is None else json.loads(json.dumps(changes, cls=DjangoJSONEncoder)),
            reason=reason[:300],
            service=service or getattr(actor, "acting_service", ""),
        )
        subjects = dict.fromkeys(reference(subject) for subject in concerning)
        JournalSubject.objects.bulk_create(
            [JournalSubject(entry=entry, kind=kind, subject=UUID(pk)) for kind, pk in subjects]
        )
    return entry


def _key(who: Any) -> UUID | None:
    return getattr(who, "pk", None) if not isinstance(who, UUID) else who
