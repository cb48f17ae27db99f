"""Two records of one household become one: nothing is lost, whatever they held."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.accounts.models import User
from core.contracts.family import FamilyMerge, MergeEffect
from core.families import trace
from core.families.models import (
    BillingTouch,
    Child,
    ChildInFamily,
    CommonProposal,
    Contact,
    CourtDecision,
    CustodyException,
    CustodyRule,
    Family,
    Guardian,
    Mandate,
    MandateChild,
    Person,
    PickUpBan,
    Quotient,
)
from core.families.selectors import context_for_agent, context_of
from core.families.selectors.duplicates import plain, same_child, same_person, suspicions
from core.families.services import merging
from core.families.services.common import say
from core.families.services.merging import MergeRefused, merge, plan
from core.kernel import clock, journal
from core.kernel.calls import ContributionFailed
from core.notifications.models import Message
from core.opening.errors import NotAGuardian
from core.opening.models import ActivationCode
from core.opening.services import issue
from core.requests.models import ServiceRequest
from core.testing.factories import (
    ChildFactory,
    ContactFactory,
    FamilyFactory,
    GuardianFactory,
    PersonFactory,
    QuotientFactory,
    UserFactory,
)
from core.testing.hooks import fake_plugin

TODAY = date(2026, 11, 23)
BORN = date(2019, 5, 4)


def merged(kept: Family, absorbed: Family) -> Any:
    return merge(kept=kept, absorbed=absorbed, actor=None, today=TODAY, now=clock.now())


def test_names_as_they_are_typed() -> None:
    assert plain("Élodie  SAINT-CŒUR") == "elodie saint coeur"
    assert plain("محمد") == ""


class TestWhoIsTheSame:
    def person(self, **facts: Any) -> Person:
        return Person(**{"first_name": "Léa", "last_name": "Lacaze", **facts})

    def test_children_need_their_birth_date(self) -> None:
        assert same_child(self.person(birth_date=BORN), self.person(first_name="LEA", birth_date=BORN))
        assert not same_child(self.person(), self.person())
        assert not same_child(self.person(birth_date=BORN), self.person(birth_date=date(2019, 5, 5)))

    def test_a_birth_name_is_a_name(self) -> None:
        married = self.person(last_name="Roux", birth_name="Lacaze", birth_date=BORN)
        assert same_child(self.person(birth_date=BORN), married)

    def test_father_and_son_of_one_name_are_two(self) -> None:
        assert same_person(self.person(), self.person(email="a@example.org"))
        assert not same_person(self.person(email="a@example.org"), self.person(email="b@example.org"))
        assert not same_person(self.person(birth_date=BORN), self.person(birth_date=date(1985, 1, 1)))

    def test_names_that_fold_to_nothing_are_never_the_same(self) -> None:
        assert not same_person(
            Person(first_name="محمد", last_name="علي"), Person(first_name="أحمد", last_name="حسن")
        )


@pytest.mark.django_db
class TestMerge:
    def pair(self) -> tuple[Guardian, Guardian, Child, Child]:
        """The household of the import, and the one that the parent opened by herself with an account."""
        old = GuardianFactory(
            person__user=None,
            person__first_name="Nora",
            person__last_name="Lacaze",
            person__phone="+33612340011",
        )
        new = GuardianFactory(
            person__first_name="NORA",
            person__last_name="Lacaze",
            benefits_regime="caf",
            benefits_number="1234567",
        )
        child = ChildFactory(families=[old.family], person__first_name="Léa", person__last_name="Lacaze")
        twin = ChildFactory(families=[new.family], person__first_name="Lea", person__last_name="LACAZE")
        return old, new, child, twin

    def test_the_account_follows_and_what_was_missing_is_filled(self) -> None:
        old, new, child, twin = self.pair()
        user = new.person.user
        shown = merged(old.family, new.family)
        assert shown.guardians == {new.pk: old.pk}
        assert shown.children == {twin.pk: child.pk}
        context = context_of(user, TODAY)
        assert context and context.id == old.family_id
        assert [one.id for one in context.children] == [child.pk]
        assert context.former_ids == (new.family_id,)
        assert context.guardian.former_ids == (new.pk,)
        old.refresh_from_db()
        assert (old.benefits_number, old.person.email) == ("1234567", "")
        assert Guardian.objects.get(pk=new.pk).merged_into_id == old.pk

    def test_merged_again_everything_follows(self) -> None:
        old, new, _child, _twin = self.pair()
        third = GuardianFactory(person__user=None, person__first_name="Nora", person__last_name="Lacaze")
        merged(old.family, new.family)
        merged(third.family, old.family)
        context = context_for_agent(third.family_id, TODAY)
        assert context and set(context.former_ids) == {old.family_id, new.family_id}
        assert set(context.guardian.former_ids) == {old.pk, new.pk}

    def test_two_accounts_stay_two_guardians(self) -> None:
        one = GuardianFactory(person__first_name="Nora", person__last_name="Lacaze")
        other = GuardianFactory(
            person__first_name="Nora", person__last_name="Lacaze", person__user=UserFactory()
        )
        shown = merged(one.family, other.family)
        assert shown.guardians == {}
        assert context_of(other.person.user, TODAY).id == one.family_id  # type: ignore[union-attr]
        assert sorted(Guardian.objects.values_list("payer_share", flat=True)) == [0, 100]

    def test_the_other_home_of_a_child_stays_its_home(self) -> None:
        old, new, child, twin = self.pair()
        father = GuardianFactory(person__first_name="Thomas")
        ChildInFamily.objects.create(child=twin, family=father.family, position=2)
        merged(old.family, new.family)
        homes = dict(ChildInFamily.objects.filter(child=child).values_list("position", "family"))
        assert homes == {1: old.family_id, 2: father.family_id}
        assert not ChildInFamily.objects.filter(child=twin).exists()

    def test_somebody_who_is_a_guardian_elsewhere_stays_so_with_one_account(self) -> None:
        """Nora's second record, the one with the account, is also that of her new home."""
        old, new, *_ = self.pair()
        user, elsewhere = new.person.user, FamilyFactory()
        there = GuardianFactory(family=elsewhere, person=new.person)
        merged(old.family, new.family)
        there.refresh_from_db()
        assert there.person_id == old.person_id
        context = context_of(user, TODAY, elsewhere.pk)
        assert context and context.id == elsewhere.pk
        with pytest.raises(NotAGuardian):
            issue(person_id=new.person_id, channel="letter", actor=None, now=clock.now())

    def test_the_journal_of_both_records_is_one(self) -> None:
        old, new, _child, twin = self.pair()
        for about in (new.family, new.person, twin):
            journal.record(actor=None, act="families.quotient_recorded", object=about, concerning=[about])
        user = new.person.user
        merged(old.family, new.family)
        context = context_of(user, TODAY)
        assert context
        lines = trace.lines(context, trace.entries_for(context))
        assert sorted(line.about for line in lines if line.what == "Quotient familial enregistré") == [
            "Léa", "votre famille", "votre famille",
        ]  # fmt: skip

    def test_what_cannot_be_merged(self) -> None:
        old, new, *_ = self.pair()
        with pytest.raises(MergeRefused):
            merged(old.family, old.family)
        merged(old.family, new.family)
        with pytest.raises(MergeRefused, match="déjà réunie"):
            merged(FamilyFactory(), new.family)

    def test_the_preview_writes_nothing_and_an_obstacle_forbids(self) -> None:
        old, new, *_ = self.pair()
        calls: list[bool] = []

        def answer(merge: FamilyMerge) -> Any:
            calls.append(merge.dry_run)
            yield MergeEffect("Un paiement est en cours", 1, obstacle=True)

        with fake_plugin("lent", merge_families=answer):
            shown = plan(kept=old.family, absorbed=new.family, today=TODAY, now=clock.now())
            assert [effect.what for effect in shown.obstacles] == ["Un paiement est en cours"]
            with pytest.raises(MergeRefused, match="paiement"):
                merged(old.family, new.family)
        assert calls == [True, True]
        assert not Family.objects.filter(merged_into__isnull=False).exists()

    def test_a_plugin_that_fails_stops_everything(self) -> None:
        old, new, *_ = self.pair()

        def broken(merge: FamilyMerge) -> Any:
            if not merge.dry_run:
                raise RuntimeError
            yield MergeEffect("Rien", 0)

        with (
            fake_plugin("lent", merge_families=broken),
            pytest.raises(ContributionFailed),
            transaction.atomic(),
        ):
            merged(old.family, new.family)
        assert not Family.objects.filter(merged_into__isnull=False).exists()

    def test_records_that_look_alike_are_shown(self, django_assert_num_queries: Any) -> None:
        old, new, *_ = self.pair()
        GuardianFactory()
        with django_assert_num_queries(3):
            found = suspicions()
        assert [{one.first.pk, one.second.pk} for one in found] == [{old.family_id, new.family_id}]
        merged(old.family, new.family)
        assert suspicions() == []


# What points to somebody ----------------------------------------------------------------------------------------------

PEOPLE = (Person, Family, Guardian, Child)
OF_PLUGINS = {
    "enfance.Enrolment.child": "moves",
    "enfance.Enrolment.family": "moves",
    "enfance.Booking.child": "days to come move, days past stay with the child who was billed",
    "enfance.Booking.family": "moves",
    "enfance.Booking.payer": "days to come move",
    "enfance.BookingShare.payer": "days to come move",
    "facturation.RunTouch.child": "none: an open run forbids the merge",
    **dict.fromkeys(
        (
            "facturation.BilledHead.payer",
            "facturation.BilledHead.beneficiary",
            "facturation.BilledLine.payer",
            "facturation.BilledLine.beneficiary",
            "facturation.Invoice.payer",
            "facturation.Invoice.family",
            "facturation.Payment.payer",
            "facturation.Payment.family",
            "facturation.LedgerEntry.payer",
            "facturation.LedgerEntry.family",
        ),
        "stays: written once, read under the identifiers that the context of the kept family names",
    ),
}
"""What `merge_families` of each plugin says that it does; its own tests see it done."""


def to_somebody() -> Iterator[tuple[type[Model], Any]]:
    """Every foreign key of the house to one of the four."""
    for source in apps.get_models(include_auto_created=True):
        for field in source._meta.local_fields:
            if field.related_model in PEOPLE:
                yield source, field


def test_every_foreign_key_to_somebody_is_followed_or_said_to_stay() -> None:
    followed = {
        f"{source._meta.label}.{name}" for model in PEOPLE for source, name in merging.pointers(model)
    }
    found = {f"{source._meta.label}.{field.name}" for source, field in to_somebody()}
    plugins = {
        label for label in found if apps.get_app_config(label.split(".")[0]).name.startswith("plugins.")
    }
    assert found - followed - merging.STAYS == plugins
    assert plugins <= set(OF_PLUGINS)
    assert found >= merging.STAYS
    assert len(found - plugins) >= 30


NAMES = st.sampled_from(["Nora", "Thomas", "Léa", "Sami"])
FAMILIES = st.fixed_dictionaries(
    {
        "adults": st.lists(st.tuples(NAMES, st.booleans(), st.integers(0, 3)), min_size=0, max_size=2),
        "children": st.lists(st.tuples(NAMES, st.integers(0, 1)), max_size=3),
        "contacts": st.lists(st.tuples(NAMES, st.integers(0, 2)), max_size=3),
        "quotients": st.lists(st.integers(0, 3), max_size=3, unique=True),
        "words": st.lists(st.booleans(), max_size=1),
        "around": st.booleans(),
    }
)


def write(drawn: dict[str, Any]) -> Family:
    family = FamilyFactory()
    guardians = []
    for rank, (name, account, phone) in enumerate(drawn["adults"], start=1):
        person = PersonFactory(
            first_name=name,
            last_name="Lacaze",
            user=UserFactory() if account else None,
            phone=f"+3361234000{phone}" if phone else "",
        )
        guardians.append(GuardianFactory(family=family, person=person, position=rank))
    for name, year in drawn["children"]:
        child = ChildFactory(
            families=[family], person__first_name=name, person__birth_date=date(2018 + year, 1, 1)
        )
        for allowed in drawn["words"]:
            for guardian in guardians[:1]:
                say(
                    child=child,
                    guardian=guardian,
                    kind="outings",
                    allowed=allowed,
                    actor=None,
                    now=clock.now(),
                )
    for name, phone in drawn["contacts"]:
        ContactFactory(family=family, name=name, phone=f"+3355780810{phone}")
    for month in drawn["quotients"]:
        day = date(2026, 1 + month, 1)
        QuotientFactory(family=family, value_cents=1000 * month, month=day, valid_from=day)
    if drawn["around"]:
        for guardian in guardians[:1]:
            surround(guardian, *family.children.all()[:1])
    return family


def surround(guardian: Guardian, *children: Child) -> None:
    """What the rooms of core may hold about somebody."""
    now, later, person, family = (
        clock.now(),
        clock.now() + timedelta(days=30),
        guardian.person,
        guardian.family,
    )
    Message.objects.create(
        person=person, topic="t", subject="s", address="a@example.org", next_attempt_at=now, created_at=now
    )
    ActivationCode.objects.create(
        person=person, selector=uuid4().hex[:4], secret="x", channel="letter", issued_at=now, expires_at=later
    )
    asked = ServiceRequest(family=family, on_behalf_of=person, title="Facture", kind="k", created_at=now)
    asked.reference = uuid4().hex[:12]
    asked.child = next(iter(children), None)
    asked.save()
    mandate = Mandate.objects.create(
        guardian=guardian, name="Jeanne", relation="other", valid_to=TODAY, secret=uuid4().hex,
        secret_expires_at=later, proposed_at=now,
    )  # fmt: skip
    for child in children:
        MandateChild.objects.create(mandate=mandate, child=child)
        BillingTouch.objects.create(child=child, period=date(2026, 11, 1))
        decision = CourtDecision.objects.create(
            child=child, court="TJ", decided_on=TODAY, starts_on=TODAY, summary="Garde", recorded_at=now
        )
        PickUpBan.objects.create(decision=decision, name="Paul", person=person)
        CustodyRule.objects.create(child=child, valid_from=TODAY, kind="single", home=1, decision=decision)
        facts = {"child": child, "proposed_by": guardian, "proposed_at": now}
        CommonProposal.objects.create(fact="x", value="y", **facts)
        CustodyException.objects.create(first_day=TODAY, last_day=TODAY, home=1, **facts)


SAID_TWICE = {
    "opening.ActivationCode.person",
    "families.CommonProposal.child",
    "families.CustodyRule.child",
    "families.Authorisation.child",
    "families.Authorisation.guardian",
    "families.Guardian.person",
}
"""What stays with the absorbed record where the kept one holds it already."""


def left_behind(shown: merging.Plan) -> Iterator[str]:
    """Foreign keys of core that still lead to what was absorbed, though nothing forbade them to follow."""
    same: dict[Any, Any] = {shown.absorbed.pk: shown.kept.pk, **shown.guardians, **shown.children}
    for model, pairs in ((Guardian, shown.guardians), (Child, shown.children)):
        for pk, kept in pairs.items():
            one, other = (model._default_manager.get(pk=key).person_id for key in (pk, kept))  # type: ignore[attr-defined]
            if one != other:
                same[one] = other
    for model in PEOPLE:
        for source, name in merging.pointers(model):
            label = f"{source._meta.label}.{name}"
            behind = source._base_manager.filter(**{f"{name}__in": list(same)})
            if label in merging.STAYS or name == "merged_into":
                continue
            for pk in behind.values_list(name, flat=True):
                if model is Person and source is Child:
                    continue  # a twin keeps the name that it had
                twice = source._base_manager.filter(**{name: same[pk]}).exists()
                if label not in SAID_TWICE or not twice:
                    yield label


def facts(*families: Family) -> Counter[Any]:
    """What may be found from some families: people by name, accounts, whom to call, quotients by day."""
    ids = [family.pk for family in families]
    found: Counter[Any] = Counter()
    for guardian in Guardian.objects.filter(family__in=ids).select_related("person"):
        found["guardian", plain(guardian.person.first_name)] = 1
        if guardian.person.user_id:
            found["account", guardian.person.user_id] = 1
        if guardian.person.phone:
            found["phone", str(guardian.person.phone)] = 1
    for child in Child.objects.filter(families__in=ids).select_related("person"):
        found["child", plain(child.person.first_name), child.person.birth_date] = 1
    for contact in Contact.objects.filter(family__in=ids):
        found["contact", contact.name, str(contact.phone)] = 1
    for quotient in Quotient.objects.filter(family__in=ids):
        found["quotient", quotient.valid_from] = 1
    return found


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(FAMILIES, FAMILIES)
def test_merges_lose_nothing(one: dict[str, Any], other: dict[str, Any]) -> None:
    with transaction.atomic():
        kept, absorbed = write(one), write(other)
        before, people, rows = facts(kept, absorbed), Person.objects.count(), Guardian.objects.count()
        held = {source: source._base_manager.count() for source, _field in to_somebody()}
        words = sorted(kept.children.values_list("authorisations__kind", "authorisations__allowed"))
        shown = merged(kept, absorbed)
        assert facts(kept) >= before
        assert list(left_behind(shown)) == []
        now_held = {source: source._base_manager.count() for source in held}
        assert {source for source in held if held[source] != now_held[source]} <= {ChildInFamily}
        assert (Person.objects.count(), Guardian.objects.count()) == (people, rows)
        for account in [key[1] for key in before if key[0] == "account"]:
            context = context_of(User.objects.get(pk=account), TODAY)
            assert context and context.id == kept.pk
            assert absorbed.pk in context.ids
        assert len(words) <= len(list(kept.children.values_list("authorisations__kind")))
        assert not absorbed.child_links.exists()
        transaction.set_rollback(True)
