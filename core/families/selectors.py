"""Reads about families. `context_of` is the one way in which a request learns whose family it serves."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from core.contracts.family import ChildRef, FamilyContext, GuardianRef, QuotientRef
from core.families.models import Child, Contact, Family, Guardian, Quotient, Schooling
from core.families.quotients import quotient_on


def _guardian(guardian: Guardian) -> GuardianRef:
    person = guardian.person
    return GuardianRef(
        guardian.pk, person.pk, person.first_name, person.last_name, person.user_id, guardian.payer_share
    )


def _quotient(row: Quotient) -> QuotientRef:
    return QuotientRef(Decimal(row.value_cents) / 100, row.kind, row.month, row.valid_from)


def children_of(family_id: UUID, today: date) -> tuple[ChildRef, ...]:
    """Children of a family with their school on that day, eldest first. One statement."""
    schooling = Schooling.objects.filter(
        child=OuterRef("pk"), school_year__starts_on__lte=today, school_year__ends_on__gte=today
    )
    children = (
        Child.objects.filter(families=family_id)
        .order_by("person__birth_date", "pk")
        .values_list(
            "pk",
            "person_id",
            "person__first_name",
            "person__last_name",
            "person__birth_date",
            *(Subquery(schooling.values(column)[:1]) for column in ("site_id", "site__name", "level")),
        )
    )
    return tuple(
        ChildRef(pk, person, first_name, last_name, birth_date, site, site_name or "", level or "")
        for pk, person, first_name, last_name, birth_date, site, site_name, level in children
    )


def quotients_of(family_ids: Iterable[UUID]) -> dict[UUID, list[QuotientRef]]:
    """Quotient history by family, set by set. One statement."""
    found: dict[UUID, list[QuotientRef]] = defaultdict(list)
    for row in Quotient.objects.filter(family__in=family_ids):
        found[row.family_id].append(_quotient(row))
    return found


def _context(guardians: list[Guardian], who: Guardian, today: date) -> FamilyContext:
    family: Family = who.family
    history = tuple(quotients_of([family.pk])[family.pk])
    return FamilyContext(
        id=family.pk,
        name=family.name,
        today=today,
        resident=family.resident,
        guardian=_guardian(who),
        guardians=tuple(_guardian(guardian) for guardian in guardians),
        children=children_of(family.pk, today),
        quotient=quotient_on(history, today),
        quotients=history,
    )


def context_of(user: Any, today: date) -> FamilyContext | None:
    """The household of a signed-in person, or None for an account without a family. Three statements."""
    guardians = list(
        Guardian.objects.filter(family__guardians__person__user=user)
        .select_related("family", "person")
        .order_by("family__name", "family_id", "position")
    )
    who = next((guardian for guardian in guardians if guardian.person.user_id == user.pk), None)
    if who is None:
        return None
    return _context([g for g in guardians if g.family_id == who.family_id], who, today)


def context_for_agent(family_id: UUID, today: date) -> FamilyContext | None:
    """The same, for an agent who opens a family's sheet: seen from its first guardian. Three statements."""
    guardians = list(
        Guardian.objects.filter(family=family_id).select_related("family", "person").order_by("position")
    )
    return _context(guardians, guardians[0], today) if guardians else None


def contacts_of(family_id: UUID) -> list[Contact]:
    """Whom to call, in order. One statement."""
    return list(Contact.objects.filter(family=family_id))
