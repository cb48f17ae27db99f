"""What an agent writes in a household's record for one of its guardians, at the desk, by telephone or by letter.

Each act is one transaction and one entry of the journal that names the agent and the guardian who asked. An act that
the record overtook (`Overtaken`) writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.families.imports import child_key
from core.families.models import Child, ChildInFamily, Contact, Family, Guardian, Person, Schooling
from core.families.selectors.duplicates import plain
from core.kernel import journal
from core.town.models import SchoolYear, Site

HOUSEHOLD = ("name", "address", "postcode", "city", "resident", "reference")
ADULT = ("civility", "first_name", "last_name", "birth_name", "email", "phone", "second_phone")
BENEFITS = ("benefits_regime", "benefits_number")
CHILD = ("first_name", "last_name", "birth_date", "birth_place")
OLDEST = 25
"""Years; beyond, a date of birth is a mistake."""
CONTACT = ("name", "relation", "phone", "child", "may_pick_up", "priority")


class Channel(models.TextChoices):
    """How a guardian asked. The values are those of the API, the labels are written in the journal."""

    DESK = "guichet", _lazy("Au guichet")
    PHONE = "telephone", _lazy("Par téléphone")
    LETTER = "courrier", _lazy("Par courrier")
    TOWN_HALL = "mairie", _lazy("À l’initiative de la mairie")


class Overtaken(ValidationError):
    """The record changed since the agent opened the form."""

    def __init__(self) -> None:
        super().__init__(
            _("Ce dossier a changé pendant que vous écriviez. Relisez ce qui est enregistré, puis confirmez.")
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom and for whom: the agent, the guardian who asked (None when nobody did), how he or she asked."""

    actor: Any
    guardian: Guardian | None = None
    channel: str = ""


def state_of(row: models.Model | None, names: tuple[str, ...]) -> str:
    """What a form was filled from, to see later whether it still is so."""
    if row is None:
        return ""
    values = "\0".join(str(row.serializable_value(name)) for name in names)
    return blake2b(values.encode(), digest_size=12).hexdigest()


def _changes(row: models.Model, names: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Put the values on a row; what really changes, as the journal writes it."""
    found: dict[str, list[Any]] = {}
    for name in names:
        if name not in values:
            continue
        before = row.serializable_value(name)
        setattr(row, name, values[name])
        after = row.serializable_value(name)
        if str(before or "") != str(after or ""):
            found[name] = [_plain(before), _plain(after)]
    return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)


def _note(
    asked: Asked, act: str, thing: models.Model, family: Family, changes: dict[str, Any], *about: Any
) -> None:
    journal.record(
        actor=asked.actor,
        act=act,
        object=thing,
        concerning=[family, *about],
        on_behalf_of=asked.guardian.person_id if asked.guardian else None,
        changes=changes,
        reason=asked.channel,
    )


def _locked(model: type[Any], pk: Any, names: tuple[str, ...], seen: str) -> Any:
    row = model.objects.select_for_update(of=("self",)).get(pk=pk)
    if state_of(row, names) != seen:
        raise Overtaken
    return row


@transaction.atomic
def change_household(*, family: Family, values: Mapping[str, Any], seen: str, asked: Asked) -> list[str]:
    """Name, address. Returns the fields that changed. Raises ValidationError."""
    row = _locked(Family, family.pk, HOUSEHOLD, seen)
    changes = _changes(row, HOUSEHOLD, values)
    if changes:
        row.full_clean()
        row.save(update_fields=list(changes))
        _note(asked, "families.household_changed", row, row, changes)
    return list(changes)


@transaction.atomic
def change_adult(*, guardian: Guardian, values: Mapping[str, Any], seen: str, asked: Asked) -> list[str]:
    """Names, telephones, e-mail, benefits number of a guardian; the account stays as it is."""
    person = _locked(Person, guardian.person_id, ADULT, seen.partition("-")[0])
    row = _locked(Guardian, guardian.pk, BENEFITS, seen.partition("-")[2])
    ours, theirs = _changes(person, ADULT, values), _changes(row, BENEFITS, values)
    if ours:
        person.full_clean()
        person.save(update_fields=list(ours))
    if theirs:
        row.full_clean()
        row.save(update_fields=list(theirs))
    if ours or theirs:
        _note(asked, "families.guardian_changed", row, row.family, ours | theirs, person)
    return [*ours, *theirs]


def state_of_adult(guardian: Guardian) -> str:
    return f"{state_of(guardian.person, ADULT)}-{state_of(guardian, BENEFITS)}"


@transaction.atomic
def add_adult(*, family: Family, values: Mapping[str, Any], authority: bool, asked: Asked) -> Guardian:
    """One more guardian, who pays nothing as long as somebody else pays. Raises ValidationError when already there."""
    _lock(family)
    there = list(Guardian.objects.filter(family=family).select_related("person"))
    names = (plain(values["first_name"]), plain(values["last_name"]))
    if any((plain(one.person.first_name), plain(one.person.last_name)) == names for one in there):
        raise ValidationError(_("Cette personne est déjà responsable dans ce foyer."))
    person = Person(**{name: values.get(name, "") for name in ADULT})
    person.full_clean()
    person.save()
    guardian = Guardian(
        family=family,
        person=person,
        parental_authority=authority,
        payer_share=0 if any(one.merged_into_id is None for one in there) else 100,
        position=max((one.position for one in there), default=0) + 1,
        **{name: values.get(name, "") for name in BENEFITS},
    )
    guardian.full_clean()
    guardian.save()
    _note(asked, "families.guardian_added", guardian, family, {"parental_authority": authority}, person)
    return guardian


@transaction.atomic
def save_contact(
    *, family: Family, contact: Contact | None, values: Mapping[str, Any], seen: str, asked: Asked
) -> list[str]:
    """Somebody to call, new or changed. Raises ValidationError when the same one is there already."""
    _lock(family)
    row = _locked(Contact, contact.pk, CONTACT, seen) if contact else Contact(family=family)
    changes = _changes(row, CONTACT, values)
    twin = Contact.objects.filter(family=family, name=row.name, phone=row.phone, child=row.child).exclude(
        pk=row.pk
    )
    if twin.exists():
        raise ValidationError(_("Cette personne est déjà notée pour cette famille."))
    if row.child and not ChildInFamily.objects.filter(family=family, child=row.child).exists():
        raise ValidationError(_("Cet enfant n’est pas de cette famille."))
    if changes:
        row.full_clean()
        row.save()
        act = "families.contact_changed" if contact else "families.contact_added"
        _note(asked, act, row, family, changes)
    return list(changes)


@transaction.atomic
def remove_contact(*, contact: Contact, asked: Asked) -> None:
    """Nobody to call any more."""
    _note(asked, "families.contact_removed", contact, contact.family, {})
    contact.delete()


@transaction.atomic
def add_child(
    *,
    family: Family,
    first_name: str,
    last_name: str,
    birth_date: date,
    birth_place: str = "",
    school: Site | None = None,
    level: str = "",
    today: date,
    asked: Asked,
) -> Child:
    """A child who lives here only; a second home joins by a merge or an import. Raises ValidationError."""
    wrong = {"birth_date": wrong_birth(birth_date, today), "level": wrong_school(school, level)}
    if told := {field: [reason] for field, reason in wrong.items() if reason}:
        raise ValidationError(told)
    _lock(family)
    key = child_key(first_name, last_name, birth_date)
    known = ChildInFamily.objects.filter(family=family, child__person__birth_date=birth_date).select_related(
        "child__person"
    )
    if any(
        child_key(link.child.person.first_name, link.child.person.last_name, birth_date) == key
        for link in known
    ):
        raise ValidationError(_("Cet enfant est déjà dans ce foyer."))
    person = Person(
        first_name=first_name, last_name=last_name, birth_date=birth_date, birth_place=birth_place
    )
    person.full_clean()
    person.save()
    child = Child.objects.create(person=person)
    ChildInFamily.objects.create(family=family, child=child)
    if school:
        year = SchoolYear.objects.filter(starts_on__lte=today, ends_on__gte=today).first()
        if year is None:
            raise ValidationError(_("L’année scolaire en cours n’est pas enregistrée."))
        Schooling.objects.create(child=child, school_year=year, site=school, level=level)
    _note(asked, "families.child_added", child, family, {}, child)
    return child


def wrong_birth(born: date, today: date) -> str:
    """Why a date is nobody's among the children, in French; "" when it may be one's."""
    if born > today:
        return _("Cette date est à venir.")
    return _("Cette date est trop ancienne pour un enfant.") if born.year < today.year - OLDEST else ""


def wrong_school(school: object, level: str) -> str:
    """A school and a level go together."""
    return "" if bool(school) == bool(level) else _("Donnez l’école et le niveau, ou aucun des deux.")


def next_priority(family: Family) -> int:
    """The rank of one more person to call."""
    last: int | None = family.contacts.aggregate(last=Max("priority"))["last"]
    return (last or 0) + 1


def _lock(family: Family) -> None:
    """Two identical forms, sent twice, follow each other."""
    Family.objects.select_for_update(of=("self",)).get(pk=family.pk)
