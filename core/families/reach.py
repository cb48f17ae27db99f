"""The families that an agent reaches: those with a child on one of the agent's sites."""

from typing import Any

from django.db.models import Q, QuerySet

from core.accounts.roles import ALL, sites_of
from core.contracts.access import families_at
from core.families.models import ChildInFamily, Family
from core.kernel import clock
from core.kernel.calls import collect


def reached(user: Any, permission: str = "families.view_family") -> QuerySet[Family]:
    """Families on which an agent holds a permission: all of them without a limit of site, otherwise those of the
    children who go to school there this year, or whom a plugin expects there."""
    sites = sites_of(user, permission)
    if sites is ALL:
        return Family.objects.filter(merged_into__isnull=True)
    if not sites:
        return Family.objects.none()
    today = clock.today()
    schooled = ChildInFamily.objects.filter(
        child__schoolings__site__in=sites,
        child__schoolings__school_year__starts_on__lte=today,
        child__schoolings__school_year__ends_on__gte=today,
    ).values("family")
    there = Q(pk__in=schooled)
    for families in collect(families_at, sites=sites, today=today):
        there |= Q(pk__in=families)
    return Family.objects.filter(there, merged_into__isnull=True)
