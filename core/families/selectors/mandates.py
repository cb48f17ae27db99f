"""Mandates as those who gave them read them."""

from uuid import UUID

from core.contracts.family import FamilyContext
from core.families.models import Mandate


def mandates_of(context: FamilyContext) -> list[Mandate]:
    """Those that this guardian gave, the last first. Two statements."""
    return list(
        Mandate.objects.filter(guardian__in=context.guardian.ids)
        .select_related("delegate")
        .prefetch_related("children__person")
    )


def mandate_for(context: FamilyContext, mandate_id: UUID) -> Mandate | None:
    """One of them, or None: the page says 404."""
    return Mandate.objects.filter(pk=mandate_id, guardian__in=context.guardian.ids).first()
