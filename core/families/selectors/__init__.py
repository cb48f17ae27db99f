"""Reads about families. `reach_of` and `context_of` are the one way to learn whose family a request serves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery, UUIDField

from core.contracts.family import ALL_ACTS, ChildRef, FamilyContext, GuardianRef, MandateRef, QuotientRef
from core.families.models import Child, ChildInFamily, Contact, Family, Guardian, Mandate, Quotient, Schooling
from core.families.quotients import quotient_on


def _guardian(guardian: Guardian, former_ids: tuple[UUID, ...] = ()) -> GuardianRef:
    person = guardian.person
    return GuardianRef(
        guardian.pk,
        person.pk,
        person.first_name,
        person.last_name,
        person.user_id,
        guardian.payer_share,
        former_ids,
    )


def _quotient(row: Quotient) -> QuotientRef:
    return QuotientRef(Decimal(row.value_cents) / 100, row.kind, row.month, row.valid_from)


def children_of(family_id: UUID, today: date) -> tuple[ChildRef, ...]:
    """Children of a family with their school on that day, eldest first. One statement."""
    schooling = Schooling.objects.filter(
        child=OuterRef("pk"), school_year__starts_on__lte=today, school_year__ends_on__gte=today
    )
    elsewhere = ChildInFamily.objects.filter(child=OuterRef("pk")).exclude(family=family_id)
    children = (
        Child.objects.filter(families=family_id)
        .annotate(shared=Exists(elsewhere))
        .order_by("person__birth_date", "pk")
        .values_list(
            "pk",
            "person_id",
            "person__first_name",
            "person__last_name",
            "person__birth_date",
            Subquery(schooling.values("site_id")[:1], output_field=UUIDField()),
            *(Subquery(schooling.values(column)[:1]) for column in ("site__name", "level")),
            "shared",
        )
    )
    return tuple(
        ChildRef(pk, person, first_name, last_name, birth_date, site, site_name or "", level or "", shared)
        for pk, person, first_name, last_name, birth_date, site, site_name, level, shared in children
    )


def quotients_of(family_ids: Iterable[UUID]) -> dict[UUID, list[QuotientRef]]:
    """Quotient history by family, set by set. One statement."""
    found: dict[UUID, list[QuotientRef]] = defaultdict(list)
    for row in Quotient.objects.filter(family__in=family_ids):
        found[row.family_id].append(_quotient(row))
    return found


# Whose family ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Household:
    """A family that somebody may act for: as one of its guardians, or under a mandate of one of them.

    `key` names the choice, in the session and in the API: the family's identifier, or the mandate's.
    """

    key: UUID
    name: str
    guardian: Guardian
    mandate: Mandate | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """All the households of an account, one's own first."""

    households: tuple[Household, ...]
    guardians: tuple[Guardian, ...]

    def find(self, key: UUID | None) -> Household | None:
        return next((household for household in self.households if household.key == key), None)


def _guardians() -> Any:
    absorbed = Family.objects.filter(merged_into=OuterRef("family"))
    return (
        Guardian.objects.filter(merged_into__isnull=True)
        .select_related("family", "person")
        .annotate(absorbs=Exists(absorbed))
    )


def mandates_in_force(user: Any, today: date) -> Any:
    """The mandates that let somebody act that day."""
    return Mandate.objects.filter(
        delegate__user=user,
        state=Mandate.State.ACTIVE,
        valid_to__gte=today,
        guardian__merged_into__isnull=True,
    )


def reach_of(user: Any, today: date) -> Reach:
    """Whose family an account may act for. One statement, one more for somebody who holds mandates or has no family."""
    found = list(
        _guardians()
        .filter(family__guardians__person__user=user, family__guardians__merged_into__isnull=True)
        .annotate(delegated=Exists(mandates_in_force(user, today)))
        .order_by("family__name", "family_id", "position")
    )
    own = [
        Household(guardian.family_id, guardian.family.name, guardian)
        for guardian in found
        if guardian.person.user_id == user.pk
    ]
    given: list[Household] = []
    if not found or found[0].delegated:
        mandates = (
            mandates_in_force(user, today)
            .select_related("guardian__family", "guardian__person")
            .order_by("guardian__family__name", "pk")
        )
        given = [
            Household(mandate.pk, mandate.guardian.family.name, mandate.guardian, mandate)
            for mandate in mandates
        ]
    return Reach((*own, *given), tuple(found))


def _former(family: Family) -> tuple[tuple[UUID, ...], dict[UUID, tuple[UUID, ...]]]:
    """The households merged into this one, and by guardian the rows that he or she had there. Two statements."""
    guardians: dict[UUID, tuple[UUID, ...]] = defaultdict(tuple)
    for row in Guardian.objects.filter(merged_into__family=family).select_related("merged_into"):
        if row.merged_into:
            guardians[row.merged_into.pk] += (row.pk,)
    return tuple(Family.objects.filter(merged_into=family).values_list("pk", flat=True)), guardians


def _context(
    guardians: Sequence[Guardian],
    who: Guardian,
    today: date,
    mandate: Mandate | None = None,
    *,
    agent: bool = False,
) -> FamilyContext:
    family: Family = who.family
    history = tuple(quotients_of([family.pk])[family.pk])
    children = children_of(family.pk, today)
    siblings = tuple(child.id for child in children)
    former, former_guardians = _former(family) if guardians[0].absorbs else ((), {})  # type: ignore[attr-defined]
    if mandate:
        allowed = set(mandate.child_links.values_list("child", flat=True))
        children = tuple(child for child in children if child.id in allowed)
    refs = {guardian.pk: _guardian(guardian, former_guardians.get(guardian.pk, ())) for guardian in guardians}
    return FamilyContext(
        id=family.pk,
        name=family.name,
        today=today,
        resident=family.resident,
        guardian=refs[who.pk],
        guardians=tuple(refs.values()),
        children=children,
        quotient=quotient_on(history, today),
        quotients=history,
        acts=ALL_ACTS if agent else (mandate.acts & who.allowed if mandate else who.allowed),
        authority=agent or (mandate is None and who.parental_authority),
        mandate=MandateRef(mandate.pk, str(who.person), mandate.valid_to) if mandate else None,
        former_ids=former,
        siblings=siblings,
    )


def context_in(reach: Reach, today: date, key: UUID | None = None) -> FamilyContext | None:
    """The household that was chosen, else the first; None for an account without a family.

    Two statements, two more under a mandate.
    """
    chosen = reach.find(key) or next(iter(reach.households), None)
    if chosen is None:
        return None
    who, mandate = chosen.guardian, chosen.mandate
    if mandate is None:
        guardians = [g for g in reach.guardians if g.family_id == who.family_id]
    else:
        guardians = list(_guardians().filter(family=who.family_id).order_by("position"))
        who = next(guardian for guardian in guardians if guardian.pk == who.pk)
    return _context(guardians, who, today, mandate)


def context_of(user: Any, today: date, key: UUID | None = None) -> FamilyContext | None:
    """The household of a signed-in person, or None for an account without a family. Three statements."""
    return context_in(reach_of(user, today), today, key)


def context_for_agent(family_id: UUID, today: date) -> FamilyContext | None:
    """The same, for an agent who opens a family's sheet: seen from its first guardian. Three statements."""
    guardians = list(_guardians().filter(family=family_id).order_by("position"))
    return _context(guardians, guardians[0], today, agent=True) if guardians else None


def contacts_of(family_id: UUID, children: Iterable[UUID] | None = None) -> list[Contact]:
    """Whom to call, in order; those of other children than `children` are left out. One statement."""
    found = Contact.objects.filter(family=family_id)
    if children is not None:
        found = found.filter(Q(child__isnull=True) | Q(child__in=list(children)))
    return list(found.select_related("child__person"))
