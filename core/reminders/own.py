"""What core itself reminds a family of: its requests, its documents, and what the other home of a child asks."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import DateField, F, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.contracts.family import FamilyContext
from core.contracts.notices import Notice
from core.documents.selectors import to_send_again
from core.documents.states import State as DocumentState
from core.families.models import CommonProposal, CustodyException
from core.notifications.selectors import failing_of
from core.requests.selectors import mine
from core.requests.states import State


def of_family(context: FamilyContext) -> list[Notice]:
    """One statement, two more when a child has two homes; nothing for a delegate."""
    user_id = context.guardian.user_id
    if context.mandate or user_id is None:
        return []
    return [*_own(context, user_id), *_other_home(context)]


def _own(context: FamilyContext, user_id: UUID) -> Iterator[Notice]:
    """Answers that the town awaits, what was written without being sent, documents that do not suit or will soon count
    no more, an address that gives messages back. No label tells what a paper is."""
    words = {
        State.WAITING: _("Répondre à une question de la mairie"),
        State.DRAFT: _("Finir et envoyer une demande"),
        DocumentState.REFUSED: _("Renvoyer un document qui ne convient pas"),
        DocumentState.CHECKED: _("Renouveler un document"),
        FAILING: _("Vérifier mon adresse électronique"),
    }
    columns = ("what", "pk", "detail", "state", "code", "day", "at")
    requests = mine(User(pk=user_id), context.ids).filter(state__in=(State.WAITING, State.DRAFT))
    asked = requests.annotate(
        what=Value("demande"),
        detail=F("title"),
        code=Value(""),
        day=Cast(Value(None), DateField()),
        at=F("created_at"),
    ).order_by()
    papers = (
        to_send_again(context)
        .annotate(
            what=Value("document"),
            detail=F("type__label"),
            code=F("type__code"),
            day=F("valid_until"),
            at=F("deposited_at"),
        )
        .order_by()
    )
    addresses = (
        failing_of(user_id)
        .annotate(
            what=Value("adresse"),
            detail=F("address"),
            state=Value(FAILING),
            code=Value(""),
            day=Cast(Value(None), DateField()),
            at=F("since"),
        )
        .order_by()
    )
    others = (rows.values_list(*columns) for rows in (papers, addresses))
    rows = asked.values_list(*columns).union(*others, all=True).order_by("at")
    for what, pk, detail, state, code, day, _at in rows:
        ends = state == DocumentState.CHECKED
        yield Notice(
            key=f"core.{what}-{pk}",
            label=words[state],
            detail=_("Nos messages à %s nous reviennent.") % detail if state == FAILING else detail,
            url=_url(what, pk, code if ends else ""),
            until=day if ends else None,
            icon=_ICONS[what],
        )


FAILING = "failing"
_ICONS = {"demande": "chat-left-text", "document": "file-earmark-text", "adresse": "envelope"}


def _url(what: str, pk: UUID, renewed: str) -> str:
    """Where it is done; `renewed` is the kind of a paper to send again."""
    if what == "adresse":
        return reverse("portal:preferences")
    if renewed:
        return reverse("portal:deposit", args=[renewed])
    return reverse("portal:request" if what == "demande" else "portal:document", args=[pk])


def _other_home(context: FamilyContext) -> Iterator[Notice]:
    """What the other parent of a child proposes, and waits for."""
    names = {child.id: child.first_name for child in context.children if child.shared}
    if not (names and context.authority):
        return
    mine = context.guardian.ids
    proposed = CommonProposal.objects.filter(child__in=names, state=CommonProposal.State.PROPOSED)
    for pk, child in proposed.exclude(proposed_by__in=mine).values_list("pk", "child"):
        yield Notice(
            key=f"core.proposition-{pk}",
            label=_("Répondre à un changement proposé par l’autre parent"),
            detail=_("Pour %s.") % names[child],
            url=reverse("portal:child", args=[child]),
            icon="people",
        )
    asked = CustodyException.objects.filter(child__in=names, state=CustodyException.State.PROPOSED)
    asked = asked.filter(first_day__gte=context.today).exclude(proposed_by__in=mine)
    for pk, child, first_day in asked.values_list("pk", "child", "first_day"):
        yield Notice(
            key=f"core.garde-{pk}",
            label=_("Répondre à un changement de garde"),
            detail=_("Pour %s.") % names[child],
            url=reverse("portal:custody", args=[child]),
            until=first_day,
            icon="people",
        )
