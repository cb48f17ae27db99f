"""Reads of the agents' screens that belong to no room below."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import CharField, F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat

from core.backoffice.search import Folded
from core.families.models import ChildInFamily, Family, Guardian, Person
from core.families.reach import reached


def families_of(user: object) -> QuerySet[Family]:
    """The families that an agent may open: those of the agent's sites."""
    return reached(user)


def _named(words: Iterable[str]) -> Q:
    """Rows whose annotation `who` holds every word."""
    found = Q()
    for word in words:
        found &= Q(who__contains=word)
    return found


def matching(families: QuerySet[Family], words: list[str]) -> QuerySet[Family]:
    """Families in which the words are all found in its name, or in that of one guardian or one child."""
    if not words:
        return families
    full_name = Concat(F("first_name"), Value(" "), F("last_name"), output_field=CharField())
    people = Person.objects.alias(who=Folded(full_name)).filter(_named(words)).order_by().values("pk")
    guardians = Guardian.objects.filter(person__in=people).order_by().values("family")
    children = ChildInFamily.objects.filter(child__person__in=people).order_by().values("family")
    named = families.alias(who=Folded(F("name")))
    return named.filter(_named(words) | Q(pk__in=guardians) | Q(pk__in=children))


def listed(families: QuerySet[Family]) -> QuerySet[Family]:
    """With the people that a line of the list names: three statements a page."""
    return families.prefetch_related(
        Prefetch("guardians", Guardian.objects.select_related("person")),
        Prefetch(
            "child_links",
            ChildInFamily.objects.select_related("child__person").order_by("child__person__birth_date", "pk"),
        ),
    )


def guardians_of(family_id: UUID) -> list[Guardian]:
    return list(Guardian.objects.filter(family=family_id).select_related("person__user"))
