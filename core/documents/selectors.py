"""Reads about supporting documents: what a guardian may see, what an agent reaches, what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.contracts.family import ChildRef, FamilyContext
from core.documents.models import DocumentFile, DocumentType, SupportingDocument
from core.documents.states import STANDING, State, asked_at
from core.families.models import ChildInFamily
from core.families.reach import reached as families_reached

VIEW = "documents.view_supportingdocument"
CHANGE = "documents.change_supportingdocument"
ADD = "documents.add_supportingdocument"
READ_HEALTH = "documents.read_health_document"
READ_MONEY = "documents.read_money_document"

_Reading = DocumentType.Reading


# The family's side -----------------------------------------------------------------------------------------------


def of_family(context: FamilyContext) -> QuerySet[SupportingDocument]:
    """What a guardian reads: the papers of the household that he or she may read, and what is common to both homes of
    a child, for those who hold the parental authority. Nothing for a delegate."""
    rows = SupportingDocument.objects.select_related("type", "child__person").prefetch_related("files")
    if context.mandate is not None:
        return rows.none()
    mine = Q(family__in=context.ids) & (Q(type=None) | Q(type__reading__in=_readings(context)))
    if context.guardian.user_id:
        mine |= Q(family__in=context.ids, deposited_by=context.guardian.user_id)
    if context.authority and (both := [child.id for child in context.children if child.shared]):
        mine |= Q(child__in=both, type__shared=True)
    return rows.filter(mine)


def _readings(context: FamilyContext) -> list[str]:
    return [
        reading
        for reading in _Reading
        if (needs := DocumentType(reading=reading).needs) is None or context.may(needs)
    ]


def own(context: FamilyContext, document: SupportingDocument) -> bool:
    """Whether this household sent it; what is common may be the other's."""
    return document.family_id in context.ids


def types_for(context: FamilyContext) -> list[DocumentType]:
    """What this guardian may send. One statement."""
    found = DocumentType.objects.filter(active=True, reading__in=_readings(context))
    return [kind for kind in found if kind.subject == DocumentType.Subject.HOUSEHOLD or context.children]


@dataclass(frozen=True, slots=True)
class Missing:
    """A document that is asked for and is not there, for a child or for the household."""

    type: DocumentType
    child: ChildRef | None


def missing(
    context: FamilyContext, types: Iterable[DocumentType], documents: Sequence[SupportingDocument]
) -> list[Missing]:
    """What is still to be sent: asked for, and neither received nor checked, or checked but past its last day. Pure."""
    standing = {
        (document.type_id, document.child_id)
        for document in documents
        if document.state in STANDING and not (document.valid_until and document.valid_until < context.today)
    }
    found = []
    for kind in types:
        if not kind.asked:
            continue
        about: Sequence[ChildRef | None] = (None,)
        if kind.subject == DocumentType.Subject.CHILD:
            about = [child for child in context.children if is_asked(kind, child.birth_date, context.today)]
        found += [
            Missing(kind, child) for child in about if (kind.pk, child.id if child else None) not in standing
        ]
    return found


def is_asked(kind: DocumentType, birth_date: date, today: date) -> bool:
    return asked_at(birth_date=birth_date, today=today, from_age=kind.from_age, to_age=kind.to_age)


SOON = timedelta(days=30)
"""How long before its last day a document is to be renewed."""


def ending(documents: Sequence[SupportingDocument], *, today: date) -> list[SupportingDocument]:
    """Those of a family that are asked for and stop counting soon, the first first, unless another one counts longer.
    Pure."""

    def renewed(old: SupportingDocument) -> bool:
        return any(
            (new.type_id, new.child_id) == (old.type_id, old.child_id)
            and new.state in STANDING
            and (new.valid_until is None or new.valid_until > (old.valid_until or today))
            for new in documents
        )

    soon = [
        document
        for document in documents
        if document.state == State.CHECKED
        and document.type
        and document.type.asked
        and document.valid_until
        and today <= document.valid_until <= today + SOON
        and not renewed(document)
    ]
    return sorted(soon, key=lambda document: document.valid_until or today)


def to_send_again(context: FamilyContext) -> QuerySet[SupportingDocument]:
    """What this household sent and has to send again: refused, or asked for and about to end, as long as nothing newer
    stands for it. One statement."""
    newer = SupportingDocument.objects.filter(
        type=OuterRef("type"), state__in=STANDING, deposited_at__gt=OuterRef("deposited_at")
    ).filter(Q(child=OuterRef("child")) | Q(child=None, family=OuterRef("family")))
    ends = Q(state=State.CHECKED, type__asked=True, valid_until__range=(context.today, context.today + SOON))
    rows = (
        of_family(context)
        .prefetch_related(None)
        .filter(ends | Q(state=State.REFUSED), family__in=context.ids)
    )
    return rows.filter(origin=SupportingDocument.Origin.FAMILY).exclude(Exists(newer))


# The agents' side ------------------------------------------------------------------------------------------------


def reached(user: Any, permission: str = VIEW) -> QuerySet[SupportingDocument]:
    """The documents on which an agent holds a permission: those of the families that he or she reaches with it; on
    health and on money, only with the right to read them."""
    rows = SupportingDocument.objects.select_related("type", "child__person", "family")
    plain = Q(type=None) | Q(type__reading=_Reading.PLAIN)
    health = Q(type__reading=_Reading.HEALTH, family__in=families_reached(user, READ_HEALTH).values("pk"))
    money = Q(type__reading=_Reading.MONEY, family__in=families_reached(user, READ_MONEY).values("pk"))
    readable = plain
    if user.has_perm(READ_HEALTH):
        readable |= health
    if user.has_perm(READ_MONEY):
        readable |= money
    return rows.filter(readable, family__in=families_reached(user, permission).values("pk"))


def about(rows: QuerySet[SupportingDocument], family_id: UUID) -> QuerySet[SupportingDocument]:
    """Those of a family, with what is common to both homes of its children."""
    children = ChildInFamily.objects.filter(family=family_id).values("child")
    return rows.filter(Q(family=family_id) | Q(child__in=children, type__shared=True))


def queue(
    rows: QuerySet[SupportingDocument], *, which: str, today: date, text: str = ""
) -> QuerySet[SupportingDocument]:
    """One view of agents: « a-verifier » oldest first, « a-renouveler » first to end first, « toutes » latest first."""
    if text:
        rows = rows.filter(
            Q(family__name__icontains=text) | Q(type__label__icontains=text) | Q(title__icontains=text)
        )
    match which:
        case "a-renouveler":
            return rows.filter(state=State.CHECKED, valid_until__range=(today, today + SOON)).order_by(
                "valid_until", "pk"
            )
        case "toutes":
            return rows.order_by("-deposited_at", "pk")
    return rows.filter(state=State.RECEIVED).order_by("deposited_at", "pk")


def waiting_for_antivirus() -> int:
    """How many files the antivirus has not looked at."""
    return DocumentFile.objects.filter(scan=DocumentFile.Scan.WAITING, attempts__gt=0).count()
