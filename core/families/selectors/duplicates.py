"""Records that may be one household known twice."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from unicodedata import normalize
from uuid import UUID

from core.families.models import ChildInFamily, Family, Guardian, Person


def plain(text: str) -> str:
    """« Élodie  SAINT-CYR » → « elodie saint cyr »."""
    letters = normalize("NFD", text.replace("œ", "oe").replace("Œ", "oe").lower())
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters if sign.isascii()).split())


def _names(person: Person) -> tuple[str, frozenset[str]]:
    last = {plain(person.last_name), plain(person.birth_name)} - {""}
    return plain(person.first_name), frozenset(last)


def _same_names(one: Person, other: Person) -> bool:
    (first, names), (second, others) = _names(one), _names(other)
    return first == second and bool(names & others)


def same_child(one: Person, other: Person) -> bool:
    """Same first name, a name in common, same birth date. Pure."""
    return one.birth_date is not None and one.birth_date == other.birth_date and _same_names(one, other)


def same_person(one: Person, other: Person) -> bool:
    """Same record, or same names with nothing that tells two adults apart. Pure.

    A father and a son may bear one name: two birth dates, or two e-mail addresses and two telephones, are two persons.
    """
    if one.pk == other.pk:
        return True
    if not _same_names(one, other):
        return False
    if one.birth_date and other.birth_date:
        return one.birth_date == other.birth_date
    common = [
        getattr(one, name) == getattr(other, name)
        for name in ("email", "phone")
        if getattr(one, name) and getattr(other, name)
    ]
    return not common or any(common)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Two families, and the people whom both seem to know."""

    first: Family
    second: Family
    names: tuple[str, ...]


def suspicions(limit: int = 100) -> list[Suspicion]:
    """Pairs of families that share a child or an adult known twice. Three statements, whatever their number."""
    homes: dict[UUID, set[UUID]] = defaultdict(set)
    groups: dict[tuple[Any, ...], dict[UUID, Person]] = defaultdict(dict)
    for link in ChildInFamily.objects.select_related("child__person"):
        person = link.child.person
        homes[person.pk].add(link.family_id)
        groups["child", person.birth_date, plain(person.first_name)][person.pk] = person
    for guardian in Guardian.objects.filter(merged_into__isnull=True).select_related("person"):
        person = guardian.person
        homes[person.pk].add(guardian.family_id)
        groups["adult", plain(person.first_name), plain(person.last_name)][person.pk] = person
    reasons: dict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    for (kind, *_key), people in groups.items():
        same = same_child if kind == "child" else same_person
        for one, other in combinations(people.values(), 2):
            if same(one, other):
                for first in homes[one.pk] - homes[other.pk]:
                    for second in homes[other.pk] - homes[one.pk]:
                        reasons[min(first, second), max(first, second)].append(str(one))
    pairs = sorted(reasons, key=lambda pair: (-len(reasons[pair]), pair))[:limit]
    known = Family.objects.in_bulk({family for pair in pairs for family in pair})
    return [Suspicion(known[one], known[other], tuple(reasons[one, other])) for one, other in pairs]
