"""Households: what the database refuses, whose family a request serves, which quotient counts."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.family import QuotientRef
from core.families.models import BillingTouch, Quotient
from core.families.quotients import quotient_on
from core.families.selectors import context_for_agent, context_of
from core.families.services import record_quotient, touch_billing
from core.testing.factories import (
    ChildFactory,
    FamilyFactory,
    GuardianFactory,
    QuotientFactory,
    SiteFactory,
    UserFactory,
)

TODAY = date(2026, 11, 23)


def quotient(valid_from: date, value: str = "500") -> QuotientRef:
    return QuotientRef(Decimal(value), "caf", valid_from.replace(day=1), valid_from)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), "500"),
        (date(2026, 8, 31), "500"),
        (date(2026, 9, 1), "620"),
        (date(2027, 1, 1), "620"),
    ],
)
def test_the_last_quotient_in_force_counts(day: date, expected: str | None) -> None:
    history = [quotient(date(2026, 9, 1), "620"), quotient(date(2026, 1, 1), "500")]
    found = quotient_on(history, day)
    assert (str(found.value) if found else None) == expected


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), unique=True), st.dates())
def test_no_later_quotient_counts(starts: list[date], day: date) -> None:
    found = quotient_on([quotient(start) for start in starts], day)
    past = [start for start in starts if start <= day]
    assert (found.valid_from if found else None) == (max(past) if past else None)


@pytest.mark.django_db
class TestContext:
    def test_a_parent_sees_the_household(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        school = SiteFactory(name="École R. Bonheur")
        guardian = GuardianFactory()
        family = guardian.family
        GuardianFactory(family=family, position=2, payer_share=0)
        young = ChildFactory(families=[family], person__birth_date=date(2021, 3, 1))
        old = ChildFactory(families=[family], site=school)
        QuotientFactory(family=family, value_cents=52_050)
        with django_assert_num_queries(3):
            context = context_of(guardian.person.user, TODAY)
        assert context is not None
        assert context.id == family.pk
        assert context.guardian.id == guardian.pk
        assert len(context.guardians) == 2
        assert [child.id for child in context.children] == [old.pk, young.pk]
        assert (context.children[0].site_name, context.children[0].level) == ("École R. Bonheur", "CE1")
        assert context.children[1].site_id is None
        assert context.quotient and context.quotient.value == Decimal("520.50")
        assert context.child(old.pk) is not None
        assert context.child(uuid4()) is None

    def test_a_child_of_two_homes_shows_nothing_of_the_other(self) -> None:
        here, there = GuardianFactory(), GuardianFactory()
        ChildFactory(families=[here.family, there.family])
        context = context_of(here.person.user, TODAY)
        assert context and len(context.children) == 1
        assert [guardian.id for guardian in context.guardians] == [here.pk]

    def test_an_account_without_a_family(self) -> None:
        assert context_of(UserFactory(), TODAY) is None

    def test_an_agent_opens_a_family_by_its_id(self) -> None:
        guardian = GuardianFactory(person__user=None)
        context = context_for_agent(guardian.family_id, TODAY)
        assert context and context.guardian.id == guardian.pk
        assert context_for_agent(uuid4(), TODAY) is None


@pytest.mark.django_db
class TestFacts:
    def test_a_guardian_stands_once_in_a_family(self) -> None:
        guardian = GuardianFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            GuardianFactory(family=guardian.family, person=guardian.person, position=2)

    def test_a_share_is_a_percentage(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            GuardianFactory(payer_share=101)

    def test_a_quotient_is_added_never_replaced(self) -> None:
        family = FamilyFactory()
        for start in (date(2026, 1, 1), date(2026, 9, 1)):
            record_quotient(family=family, value_cents=52_000, kind="caf", month=start, valid_from=start)
        assert Quotient.objects.filter(family=family).count() == 2
        with pytest.raises(Exception, match="existe déjà"):
            record_quotient(
                family=family, value_cents=1, kind="caf", month=date(2026, 9, 1), valid_from=date(2026, 9, 1)
            )

    def test_a_touch_changes_its_revision(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        child = ChildFactory()
        days = [date(2026, 10, 1), date(2026, 10, 8), date(2026, 11, 2)]
        with django_assert_num_queries(1):
            touch_billing(facts=[(child.pk, day) for day in days])
        before = dict(BillingTouch.objects.values_list("period", "rev"))
        assert set(before) == {date(2026, 10, 1), date(2026, 11, 1)}
        touch_billing(facts=[(child.pk, date(2026, 10, 15))])
        after = dict(BillingTouch.objects.values_list("period", "rev"))
        assert after[date(2026, 10, 1)] != before[date(2026, 10, 1)]
        assert after[date(2026, 11, 1)] == before[date(2026, 11, 1)]
