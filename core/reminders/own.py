"""What core itself reminds a family of: its requests, and what the other home of a child asks."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.contracts.family import FamilyContext
from core.contracts.notices import Notice
from core.families.models import CommonProposal, CustodyException
from core.requests.selectors import mine
from core.requests.states import State


def of_family(context: FamilyContext) -> list[Notice]:
    """One statement, two more when a child has two homes; nothing for a delegate."""
    if context.mandate or context.guardian.user_id is None:
        return []
    return [*_requests(context), *_other_home(context)]


def _requests(context: FamilyContext) -> Iterator[Notice]:
    """Answers that the town awaits, and what was written without being sent."""
    words = {
        State.WAITING: _("Répondre à une question de la mairie"),
        State.DRAFT: _("Finir et envoyer une demande"),
    }
    found = mine(User(pk=context.guardian.user_id), context.ids).filter(state__in=words)
    for pk, title, state in found.order_by("created_at").values_list("pk", "title", "state"):
        yield Notice(
            key=f"core.demande-{pk}",
            label=words[State(state)],
            detail=title,
            url=reverse("portal:request", args=[pk]),
            icon="chat-left-text",
        )


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
