"""What a parent reads of the journal: who looked at the family's data or changed them, in which service, and why.

Never the name of an agent, never what was written, and nothing of what belongs to the other home of a child: an entry
that concerns another family is shown only if it concerns this one too, and then without its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from core.contracts.family import FamilyContext
from core.families.models import Child, Guardian
from core.kernel import journal
from core.kernel.models import JournalEntry, JournalSubject

FAMILY = "families.family"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a family reads it. `about`: the child, or the family."""

    at: datetime
    what: str
    who: str
    about: str
    reason: str
    is_read: bool


def _children(context: FamilyContext) -> dict[UUID, str]:
    """First names by the identifiers of child and of person, for who holds the parental authority.

    One statement in a family that absorbed another: what was written of a child known twice is found too.
    """
    if not context.authority:
        return {}
    names = {key: child.first_name for child in context.children for key in (child.id, child.person_id)}
    if context.former_ids:
        twins = Child.objects.filter(merged_into__in=[child.id for child in context.children])
        for pk, person, same in twins.values_list("pk", "person_id", "merged_into"):
            if same:
                names |= {pk: names[same], person: names[same]}
    return names


def _own(context: FamilyContext) -> list[UUID]:
    """The family and who is signed in, under every identifier that they had. One statement after a merge."""
    found = [*context.ids, *context.guardian.ids, context.guardian.person_id]
    if former := context.guardian.former_ids:
        found += Guardian.objects.filter(pk__in=former).values_list("person_id", flat=True)
    return found


def entries_for(context: FamilyContext) -> QuerySet[JournalEntry]:
    """The entries that concern a family as one of its guardians may know, the last first."""
    subjects = JournalSubject.objects.filter(entry=OuterRef("pk"))
    mine = subjects.filter(subject__in=_own(context))
    child = subjects.filter(subject__in=list(_children(context)))
    elsewhere = subjects.filter(kind=FAMILY).exclude(subject__in=context.ids)
    hidden = [code for code, act in journal.acts().items() if not act.shown_to_family]
    return (
        JournalEntry.objects.filter(Exists(mine) | (Exists(child) & ~Exists(elsewhere)))
        .exclude(act__in=hidden)
        .prefetch_related("subjects")
        .order_by("-pk")
    )


def lines(context: FamilyContext, entries: Iterable[JournalEntry]) -> list[Line]:
    """The same in words. No statement beyond those of `entries`, but after a merge."""
    labels = {code: str(act.label) for code, act in journal.acts().items()}
    children = _children(context)
    return [_line(context, entry, labels, children) for entry in entries]


def _line(
    context: FamilyContext, entry: JournalEntry, labels: dict[str, str], children: dict[UUID, str]
) -> Line:
    subjects = list(entry.subjects.all())
    shared = any(item.kind == FAMILY and item.subject not in context.ids for item in subjects)
    named = dict.fromkeys(children[item.subject] for item in subjects if item.subject in children)
    return Line(
        at=entry.at,
        what=labels.get(entry.act) or (_("Consultation") if entry.is_read else _("Modification")),
        who=_who(context, entry),
        about=", ".join(named) or _("votre famille"),
        reason="" if shared else entry.reason,
        is_read=entry.is_read,
    )


def _who(context: FamilyContext, entry: JournalEntry) -> str:
    if entry.actor is None:
        return _("traitement automatique")
    if entry.service:
        return entry.service
    if entry.actor == context.guardian.user_id:
        return _("vous")
    names = {guardian.user_id: guardian.first_name for guardian in context.guardians}
    return names.get(entry.actor) or _("une personne autorisée")
