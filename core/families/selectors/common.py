"""Authorisations and proposals as pages and the API show them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.families.consents import POLICIES, Verdict, Word, most_protective
from core.families.models import Authorisation, Child, CommonProposal, Family, Guardian, PickUpBan


@dataclass(frozen=True, slots=True)
class Consent:
    """One authorisation of one child: what applies, and each holder's word."""

    child: UUID
    kind: str
    label: str
    verdict: Verdict
    words: tuple[Word, ...]

    def said_by(self, guardian: UUID) -> bool | None:
        return next((word.allowed for word in self.words if word.holder == guardian), None)


def consents_of(children: Collection[UUID]) -> dict[UUID, list[Consent]]:
    """Every authorisation of some children, in the order of their kinds. Two statements."""
    holders: dict[UUID, set[UUID]] = defaultdict(set)
    links = Guardian.objects.filter(
        family__child_links__child__in=children, parental_authority=True, merged_into__isnull=True
    )
    for child, guardian in links.values_list("family__child_links__child", "pk"):
        holders[child].add(guardian)
    words: dict[tuple[UUID, str], list[Word]] = defaultdict(list)
    standing = Authorisation.objects.filter(child__in=children, ended_at__isnull=True).order_by("said_at")
    for child, kind, guardian, allowed in standing.values_list("child", "kind", "guardian", "allowed"):
        words[child, kind].append(Word(guardian, allowed))
    return {
        child: [
            Consent(
                child,
                kind.value,
                str(kind.label),
                most_protective(POLICIES[kind.value], holders[child], words[child, kind]),
                tuple(words[child, kind]),
            )
            for kind in Authorisation.Kind
        ]
        for child in children
    }


def proposals_of(children: Collection[UUID]) -> list[CommonProposal]:
    """Open proposals about some children, the oldest first. One statement."""
    return list(
        CommonProposal.objects.filter(child__in=children, state__in=CommonProposal.OPEN)
        .select_related("proposed_by__person", "child__person")
        .order_by("proposed_at")
    )


def proposals_to_settle() -> QuerySet[CommonProposal]:
    """What waits for an agent: contested, or proposed where nobody else may answer."""
    others = Guardian.objects.filter(
        family__child_links__child=OuterRef("child"), parental_authority=True, merged_into__isnull=True
    ).exclude(person=OuterRef("proposed_by__person"))
    return (
        CommonProposal.objects.filter(state__in=CommonProposal.OPEN)
        .filter(Q(state=CommonProposal.State.CONTESTED) | ~Exists(others))
        .select_related("child__person", "proposed_by__person", "answered_by__person")
        .order_by("proposed_at")
    )


def contradictions() -> QuerySet[Child]:
    """Children about whom two holders say opposite things: an agent calls them."""
    standing = Authorisation.objects.filter(ended_at__isnull=True, guardian__parental_authority=True)
    opposite = standing.filter(child=OuterRef("child"), kind=OuterRef("kind"), allowed=False)
    children = standing.filter(Exists(opposite), allowed=True).values("child")
    return Child.objects.filter(pk__in=children).select_related("person")


def with_bans(families: QuerySet[Family], today: date) -> QuerySet[Family]:
    """The same families, each with `banned`: somebody may not pick up one of its children. No statement more."""
    bans = PickUpBan.objects.filter(
        Q(decision__ends_on__isnull=True) | Q(decision__ends_on__gte=today),
        decision__child__families=OuterRef("pk"),
        decision__starts_on__lte=today,
    )
    return families.annotate(banned=Exists(bans))


def bans_of(children: Collection[UUID], today: date) -> dict[UUID, list[PickUpBan]]:
    """Who may not pick some children up that day, by decision of a court. One statement."""
    found: dict[UUID, list[PickUpBan]] = defaultdict(list)
    bans = PickUpBan.objects.filter(
        Q(decision__ends_on__isnull=True) | Q(decision__ends_on__gte=today),
        decision__child__in=children,
        decision__starts_on__lte=today,
    )
    for ban in bans.select_related("decision"):
        found[ban.decision.child_id].append(ban)
    return found
