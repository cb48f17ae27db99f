"""What core itself reminds a family of: its requests, its documents, and what the other home of a child asks."""

from collections.abc import Iterator

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
from core.requests.selectors import mine
from core.requests.states import State


def of_family(context: FamilyContext) -> list[Notice]:
    """One statement, two more when a child has two homes; nothing for a delegate."""
    if context.mandate or context.guardian.user_id is None:
        return []
    return [*_own(context), *_other_home(context)]


def _own(context: FamilyContext) -> Iterator[Notice]:
    """Answers that the town awaits, what was written without being sent, documents that do not suit or will soon count
    no more. No label tells what a paper is."""
    words = {
        State.WAITING: _("Répondre à une question de la mairie"),
        State.DRAFT: _("Finir et envoyer une demande"),
        DocumentState.REFUSED: _("Renvoyer un document qui ne convient pas"),
        DocumentState.CHECKED: _("Renouveler un document"),
    }
    columns = ("what", "pk", "detail", "state", "code", "day", "at")
    requests = mine(User(pk=context.guardian.user_id), context.ids).filter(
        state__in=(State.WAITING, State.DRAFT)
    )
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
    rows = asked.values_list(*columns).union(papers.values_list(*columns), all=True).order_by("at")
    for what, pk, detail, state, code, day, _at in rows:
        ends = state == DocumentState.CHECKED
        yield Notice(
            key=f"core.{what}-{pk}",
            label=words[state],
            detail=detail,
            url=reverse("portal:deposit", args=[code]) if ends else reverse(_PAGES[what], args=[pk]),
            until=day if ends else None,
            icon="chat-left-text" if what == "demande" else "file-earmark-text",
        )


_PAGES = {"demande": "portal:request", "document": "portal:document"}


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
