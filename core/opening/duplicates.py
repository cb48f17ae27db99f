"""Who, among those whom the town knows, may be the people of a request: suggestions for an agent, never a decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from core.families.models import Child, ChildInFamily, Family, Guardian, Person
from core.opening.identity import fold

AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody known, with what agrees. `score` orders them; `families` are (identifier, name)."""

    id: UUID
    person: Person
    families: tuple[tuple[UUID, str], ...]
    reasons: tuple[str, ...]
    score: int
    has_account: bool = False


def _days(written: Iterable[str]) -> list[date]:
    return [date.fromisoformat(day) for day in written if day]


def digits(phone: object) -> str:
    """The last nine digits of a French number, however it is written."""
    return "".join(sign for sign in str(phone) if sign.isdigit())[-9:]


def _writings(name: str) -> list[str]:
    """A name as people type it; « Lefèvre » without its accent is found by a birth date."""
    return list({name, name.upper(), name.lower(), name.title(), name.capitalize()})


def adults_like(data: Mapping[str, Any]) -> list[Match]:
    """Guardians who may be the adult of a request, the likeliest first. Three statements."""
    adult = data["adult"]
    names = _writings(adult["last_name"])
    born = _days(child["birth_date"] for child in data["children"])
    alike = Q(last_name__in=names) | Q(guardianships__family__children__person__birth_date__in=born)
    if hasattr(Person, "birth_name"):
        alike |= Q(birth_name__in=names)
    if adult["birth_date"]:
        alike |= Q(birth_date=adult["birth_date"])
    if adult["phone"]:
        alike |= Q(phone=adult["phone"])
    if adult.get("email"):
        alike |= Q(email__iexact=adult["email"]) | Q(user__email__iexact=adult["email"])
    people = (
        Person.objects.filter(alike, guardianships__isnull=False, guardianships__merged_into__isnull=True)
        .distinct()
        .prefetch_related(
            Prefetch(
                "guardianships",
                Guardian.objects.filter(merged_into__isnull=True)
                .select_related("family")
                .prefetch_related("family__children__person"),
            )
        )
    )
    found = [match for person in people if (match := _adult(person, data)).score >= 3]
    return sorted(found, key=lambda match: (-match.score, str(match.id)))[:AT_MOST]


def _adult(person: Person, data: Mapping[str, Any]) -> Match:
    adult = data["adult"]
    families: list[Family] = [guardian.family for guardian in person.guardianships.all()]
    children = {
        (child.person.birth_date, fold(child.person.first_name))
        for family in families
        for child in family.children.all()
    }
    typed = {
        (day, fold(child["first_name"])) for child in data["children"] for day in _days([child["birth_date"]])
    }
    known_names = {fold(person.last_name), fold(getattr(person, "birth_name", "") or person.last_name)}
    points = [
        (_("même nom"), 2, fold(adult["last_name"]) in known_names),
        (_("même prénom"), 2, fold(adult["first_name"]) == fold(person.first_name)),
        (_("même date de naissance"), 3, _days([adult["birth_date"]]) == [person.birth_date]),
        (_("même téléphone"), 2, bool(person.phone) and digits(adult["phone"]) == digits(person.phone)),
        (
            _("même courriel"),
            1,  # an e-mail alone is no proof: couples share one
            bool(person.email) and adult.get("email", "").lower() == person.email.lower(),
        ),
        (_("mêmes enfants"), 4, bool(children & typed)),
    ]
    return Match(
        id=person.pk,
        person=person,
        families=tuple((family.pk, family.name) for family in families),
        reasons=tuple(word for word, _points, agrees in points if agrees),
        score=sum(value for _word, value, agrees in points if agrees),
        has_account=person.user_id is not None,
    )


def children_like(data: Mapping[str, Any]) -> dict[int, list[Match]]:
    """Children known under the same birth date and first or last name, by rank in the request. Two statements."""
    typed = [(fold(c["first_name"]), fold(c["last_name"]), c["birth_date"]) for c in data["children"]]
    links = Prefetch("family_links", ChildInFamily.objects.select_related("family"))
    known = (
        Child.objects.filter(person__birth_date__in=_days(day for *_names, day in typed))
        .select_related("person")
        .prefetch_related(links)
    )
    found: dict[int, list[Match]] = {}
    for child in known:
        person = child.person
        for rank, (first, last, day) in enumerate(typed):
            same_first, same_last = first == fold(person.first_name), last == fold(person.last_name)
            if _days([day]) == [person.birth_date] and (same_first or same_last):
                reasons = [_("même date de naissance")]
                reasons += [_("même prénom")] * same_first + [_("même nom")] * same_last
                homes = tuple((link.family_id, link.family.name) for link in child.family_links.all())
                match = Match(child.pk, person, homes, tuple(reasons), 3 + 2 * (same_first + same_last))
                found.setdefault(rank, []).append(match)
    return {
        rank: sorted(matches, key=lambda match: -match.score)[:AT_MOST] for rank, matches in found.items()
    }
