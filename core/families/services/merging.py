"""Two records of one household become one. Nothing is deleted that is not said twice.

The absorbed family stays as an empty record that points to the kept one; so do the guardians and children who are the
same persons there. What both records say differently (two quotients from the same day) stays with the absorbed one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.translation import gettext as _

from core.contracts.family import FamilyMerge, MergeEffect, merge_families
from core.families.models import (
    Child,
    ChildInFamily,
    Contact,
    Family,
    Guardian,
    Person,
    Quotient,
)
from core.families.selectors.duplicates import same_child, same_person
from core.kernel import calls, journal


class MergeRefused(Exception):
    """The merge cannot be done now; the message is a French sentence that may be shown."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would do: whom it pairs, and every line of it, those of plugins included."""

    kept: Family
    absorbed: Family
    guardians: dict[UUID, UUID]
    children: dict[UUID, UUID]
    effects: tuple[MergeEffect, ...]

    @property
    def obstacles(self) -> list[MergeEffect]:
        return [effect for effect in self.effects if effect.obstacle]


def plan(*, kept: Family, absorbed: Family, today: date, now: datetime) -> Plan:
    """The preview; nothing is written. Raises MergeRefused for records that cannot be merged at all."""
    _check(kept, absorbed)
    guardians, children = _pairs(kept, absorbed)
    merge = FamilyMerge(
        kept=kept.pk,
        absorbed=absorbed.pk,
        today=today,
        now=now,
        guardians=guardians,
        children=children,
        dry_run=True,
    )
    effects = [*_own_effects(merge), *(effect for _slug, effect in calls.strict(merge_families, merge=merge))]
    return Plan(kept, absorbed, guardians, children, tuple(effects))


@transaction.atomic
def merge(
    *, kept: Family, absorbed: Family, actor: Any, today: date, now: datetime, reason: str = ""
) -> Plan:
    """Do what `plan` shows, in one transaction. Raises MergeRefused, or ContributionFailed when a plugin fails."""
    locked = {
        family.pk: family
        for family in Family.objects.select_for_update(of=("self",))
        .filter(pk__in=[kept.pk, absorbed.pk])
        .order_by("pk")
    }
    kept, absorbed = locked[kept.pk], locked[absorbed.pk]
    shown = plan(kept=kept, absorbed=absorbed, today=today, now=now)
    if shown.obstacles:
        raise MergeRefused(shown.obstacles[0].what)
    order = FamilyMerge(
        kept=kept.pk,
        absorbed=absorbed.pk,
        today=today,
        now=now,
        actor=getattr(actor, "pk", None),
        guardians=shown.guardians,
        children=shown.children,
    )
    list(calls.strict(merge_families, merge=order))
    for pk, same in shown.children.items():
        _merge_child(pk, same, order.absorbed)
    for pk, same in shown.guardians.items():
        _merge_guardian(pk, same)
    _move_guardians(order)
    _move_links(order)
    _move_rest(order)
    _fill(kept, absorbed, ("address", "postcode", "city"))
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    journal.record(
        actor=actor,
        act="families.families_merged",
        object=kept,
        concerning=[kept],
        changes={"absorbed": [str(absorbed.pk), str(kept.pk)]},
        reason=reason,
    )
    return shown


def _check(kept: Family, absorbed: Family) -> None:
    if kept.pk == absorbed.pk:
        raise MergeRefused(_("Choisissez deux familles différentes."))
    if kept.merged_into_id or absorbed.merged_into_id:
        raise MergeRefused(_("Une de ces familles est déjà réunie à une autre."))


def _pairs(kept: Family, absorbed: Family) -> tuple[dict[UUID, UUID], dict[UUID, UUID]]:
    """Who is the same person in both. Somebody with an account in each stays twice: nobody loses an account."""

    def guardians_of(family: Family) -> list[Guardian]:
        return list(family.guardians.filter(merged_into__isnull=True).select_related("person"))

    def children_of(family: Family) -> list[Child]:
        return list(family.children.select_related("person").order_by("pk"))

    guardians: dict[UUID, UUID] = {}
    for mine in guardians_of(absorbed):
        for other in guardians_of(kept):
            two_accounts = mine.person.user_id and other.person.user_id and mine.person_id != other.person_id
            if (
                other.pk not in guardians.values()
                and not two_accounts
                and same_person(mine.person, other.person)
            ):
                guardians[mine.pk] = other.pk
                break
    children: dict[UUID, UUID] = {}
    for child in children_of(absorbed):
        for twin in children_of(kept):
            if (
                child.pk != twin.pk
                and twin.pk not in children.values()
                and same_child(child.person, twin.person)
            ):
                children[child.pk] = twin.pk
                break
    return guardians, children


def _own_effects(merge: FamilyMerge) -> Iterator[MergeEffect]:
    absorbed = merge.absorbed
    links = ChildInFamily.objects.filter(family=absorbed)
    yield MergeEffect(_("Responsables reconnus comme les mêmes personnes"), len(merge.guardians))
    yield MergeEffect(
        _("Responsables ajoutés à la famille gardée, sans part à payer"),
        Guardian.objects.filter(family=absorbed, merged_into__isnull=True).count() - len(merge.guardians),
    )
    yield MergeEffect(_("Enfants reconnus comme les mêmes"), len(merge.children))
    yield MergeEffect(
        _("Enfants ajoutés à la famille gardée"), links.exclude(child__in=merge.children).count()
    )
    yield MergeEffect(_("Personnes à prévenir ajoutées"), Contact.objects.filter(family=absorbed).count())
    days = Quotient.objects.filter(family=merge.kept).values("valid_from")
    quotients = Quotient.objects.filter(family=absorbed)
    yield MergeEffect(_("Quotients ajoutés à l’historique"), quotients.exclude(valid_from__in=days).count())
    if doubles := quotients.filter(valid_from__in=days).count():
        yield MergeEffect(
            _("Quotients du même jour : ceux de la famille gardée comptent, les autres restent à part"),
            doubles,
        )
    for child in merge.children:
        homes = set(
            ChildInFamily.objects.filter(child__in=(child, merge.children[child])).values_list(
                "family", flat=True
            )
        ) - {absorbed}
        if len(homes) > 2:
            yield MergeEffect(_("Un enfant aurait plus de deux foyers"), len(homes), obstacle=True)


def _fill(kept: models.Model, absorbed: models.Model, names: tuple[str, ...]) -> None:
    """What the kept record does not know is taken from the other."""
    missing = [name for name in names if not getattr(kept, name) and getattr(absorbed, name)]
    for name in missing:
        setattr(kept, name, getattr(absorbed, name))
    if missing:
        kept.save(update_fields=missing)


PERSON_FACTS = (
    "civility", "birth_name", "birth_date", "birth_place", "birth_place_code", "email", "phone", "second_phone",
)  # fmt: skip


def _merge_person(pk: UUID, same: UUID, *, absorbed: UUID | None = None) -> None:
    """`absorbed` is the guardian that is being merged: it stays under the name that it had; elsewhere the person is
    the kept one, who holds the account."""
    if pk == same:
        return
    person, kept = Person.objects.get(pk=pk), Person.objects.get(pk=same)
    _fill(kept, person, PERSON_FACTS)
    if person.user_id and not kept.user_id:
        user, person.user = person.user, None
        person.save(update_fields=["user"])
        kept.user = user
        kept.save(update_fields=["user"])
    repoint(Person, pk, same)
    elsewhere = Guardian.objects.filter(person=pk, merged_into__isnull=True).exclude(
        pk__in=[absorbed] if absorbed else []
    )
    for guardian in list(elsewhere.values_list("pk", flat=True)):
        _repoint_one(Guardian.objects.filter(pk=guardian), "person", same)


def _merge_guardian(pk: UUID, same: UUID) -> None:
    guardian, kept = Guardian.objects.get(pk=pk), Guardian.objects.get(pk=same)
    _merge_person(guardian.person_id, kept.person_id, absorbed=pk)
    kept.refresh_from_db()
    if not kept.benefits_number:
        _fill(kept, guardian, ("benefits_regime", "benefits_number"))
    repoint(Guardian, pk, same)
    Guardian.objects.filter(pk=pk).update(merged_into=same)


def _merge_child(pk: UUID, same: UUID, absorbed: UUID) -> None:
    """The same child known twice: its other home becomes the other home of the kept record."""
    child, kept = Child.objects.get(pk=pk), Child.objects.get(pk=same)
    _merge_person(child.person_id, kept.person_id)
    known = dict(ChildInFamily.objects.filter(child=same).values_list("family", "position"))
    for family in (
        ChildInFamily.objects.filter(child=pk).exclude(family=absorbed).values_list("family", flat=True)
    ):
        free = {1, 2} - set(known.values())
        if family not in known and free:
            known[family] = min(free)
            ChildInFamily.objects.create(child=kept, family_id=family, position=known[family])
    ChildInFamily.objects.filter(child=pk).delete()
    repoint(Child, pk, same)
    Child.objects.filter(pk=pk).update(merged_into=same)


def _move_guardians(merge: FamilyMerge) -> None:
    """The others come after those of the kept family; what its payers share does not change."""
    there = Guardian.objects.filter(family=merge.kept)
    last = max(there.values_list("position", flat=True), default=0)
    payers = there.filter(merged_into__isnull=True).exists()
    known = set(there.values_list("person", flat=True))
    for rank, guardian in enumerate(
        Guardian.objects.filter(family=merge.absorbed, merged_into__isnull=True).order_by("position"), start=1
    ):
        if guardian.person_id not in known:
            guardian.family_id, guardian.position = merge.kept, last + rank
            if payers:
                guardian.payer_share = 0
            guardian.save(update_fields=["family", "position", "payer_share"])


def _move_links(merge: FamilyMerge) -> None:
    """A child of both keeps its rank in the kept family, and has one home fewer."""
    both = ChildInFamily.objects.filter(family=merge.kept).values("child")
    links = ChildInFamily.objects.filter(family=merge.absorbed)
    links.filter(child__in=both).delete()
    links.update(family=merge.kept)


def _move_rest(merge: FamilyMerge) -> None:
    contacts = Contact.objects.filter(family=merge.kept)
    known = set(contacts.values_list("name", "phone", "child"))
    last = max(contacts.values_list("priority", flat=True), default=0)
    for contact in Contact.objects.filter(family=merge.absorbed).order_by("priority", "pk"):
        if (contact.name, contact.phone, contact.child_id) not in known:
            contact.family_id, contact.priority = merge.kept, last + contact.priority
            contact.save(update_fields=["family", "priority"])
    days = set(Quotient.objects.filter(family=merge.kept).values_list("valid_from", flat=True))
    Quotient.objects.filter(family=merge.absorbed).exclude(valid_from__in=days).update(family=merge.kept)
    repoint(Family, merge.absorbed, merge.kept)


STAYS = frozenset(
    {
        "families.Guardian.person",  # `_merge_person`
        "families.Guardian.family",  # `_move_guardians`; those of the same person stay, and say into whom they went
        "families.ChildInFamily.family",  # `_move_links`
        "families.ChildInFamily.child",  # `_merge_child`
        "families.Contact.family",  # `_move_rest`: one that is known twice stays
        "families.Quotient.family",  # `_move_rest`: two of one day stay apart
        "families.BillingTouch.child",  # days past stay with the child who was billed, and so do their corrections
    }
)
"""Foreign keys of core that a merge does not follow blindly, and who takes care of them."""


def pointers(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Every foreign key of core to a model, those that have no name on the other side included."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        source, name = relation.related_model, relation.field.name
        if isinstance(source, str) or relation.field.model is not source:
            continue
        if apps.get_app_config(source._meta.app_label).name.startswith("core."):
            yield source, name


def repoint(model: type[models.Model], pk: UUID, same: UUID) -> None:
    """Every row of core that points to a record points to the other: rooms above follow without being named.

    A row that would then say something twice stays as it was. Plugins do it themselves (`merge_families`).
    """
    for source, name in pointers(model):
        if f"{source._meta.label}.{name}" in STAYS:
            continue
        rows = source._base_manager.filter(**{name: pk})
        try:
            with transaction.atomic():
                rows.update(**{name: same})
        except IntegrityError:
            for row in list(rows.values_list("pk", flat=True)):
                _repoint_one(source._base_manager.filter(pk=row), name, same)


def _repoint_one(row: Any, name: str, same: UUID) -> None:
    try:
        with transaction.atomic():
            row.update(**{name: same})
    except IntegrityError:
        return  # both records say it: the kept one's word stands
