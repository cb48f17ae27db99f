"""Which child counts as the second one: the tariff says whom it counts, whoever looks and whatever is ticked first."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.contracts.family import Act
from core.contracts.money import Money
from core.contracts.pricing import Price, Ranks
from core.families.selectors import context_of
from core.families.services.mandates import accept_mandate, propose_mandate
from core.pricing import offered
from core.pricing.ranks import rank_of
from core.pricing.services import import_tariff, publish
from core.pricing.simulator import household_of
from core.testing.factories import UserFactory
from plugins.enfance import prices
from plugins.enfance.models import Booking, Enrolment
from plugins.enfance.offers import offers
from plugins.enfance.services import Wanted, save_bookings
from tests.plugins.enfance.factories import NOW, TODAY, Household, Town

MONDAY = date(2026, 12, 7)
ONE, TWO, THREE = (UUID(int=rank) for rank in (1, 2, 3))


@pytest.mark.parametrize(
    ("basis", "order", "users", "ranks"),
    [
        ("household", "eldest", (), (1, 2, 3)),
        ("household", "youngest", (), (3, 2, 1)),
        ("service", "eldest", (TWO, THREE), (1, 1, 2)),
        ("service", "youngest", (ONE, TWO), (2, 1, 1)),
        ("day", "eldest", (ONE, THREE), (1, 2, 2)),
    ],
)
def test_whom_a_tariff_counts(basis: Any, order: Any, users: Any, ranks: tuple[int, ...]) -> None:
    """A child who does not use the service yet is priced as if it did."""
    household = (ONE, TWO, THREE)
    found = [rank_of(child, Ranks(basis, order), household=household, users=users) for child in household]
    assert tuple(found) == ranks


def by_rank(town: Town, basis: str) -> None:
    """A canteen at 4 €, 3 € for the second child and 2 € for the next ones."""
    document = {
        "format": "parvis/tariff@1",
        "code": f"rangs-{basis}",
        "name": "Cantine selon le rang",
        "service": "enfance",
        "unit": "meal",
        "decision": {"number": "2026-01", "date": "2026-06-30"},
        "validity": {"from": "2020-09-01", "to": None},
        "ranks": {"basis": basis},
        "components": [
            {
                "kind": "meal",
                "product": "repas",
                "label": "Repas",
                "steps": [
                    {"kind": "fixed", "amount": "4.00"},
                    {"kind": "fixed", "amount": "3.00", "when": {"child_rank": 2}},
                    {"kind": "fixed", "amount": "2.00", "when": {"child_rank": {"from": 3}}},
                ],
            }
        ],
        "examples": [{"name": "Aîné", "situation": {"child_rank": 1}, "expected": "4.00"}],
    }
    town.canteen.tariff = publish(version=import_tariff(document=document)).code
    town.canteen.save()


def quoted(family: Any, town: Town) -> list[Money]:
    """What the canteen of that Monday costs to the children whom one sees, eldest first."""
    asked = offers(family, sessions=[town.session(MONDAY).pk])
    found = prices.quote(family, asked.values())
    return [price.total for price in found.values() if isinstance(price, Price)]


@pytest.fixture
def three(town: Town) -> Household:
    return town.household(children=3)


@pytest.mark.parametrize("basis", ["service", "day"])
def test_a_tariff_that_counts_those_enrolled_forgets_the_others(
    town: Town, three: Household, basis: str, django_assert_num_queries: Any
) -> None:
    by_rank(town, basis)
    family = three.context
    assert [price.cents for price in quoted(family, town)] == [400, 300, 200]
    eldest = Enrolment.objects.filter(child=family.children[0].id, activity=town.canteen)
    eldest.update(valid_to=date(2026, 12, 6))  # gone the day before
    assert [price.cents for price in quoted(family, town)] == [400, 300]
    asked = offers(family, sessions=[town.session(MONDAY).pk])
    with django_assert_num_queries(1):
        prices.quote(family, asked.values())
    session = town.session(MONDAY)
    wanted = Wanted(add=frozenset({(family.children[2].id, session.pk)}))
    save_bookings(family=family, actor=three.user, now=NOW, wanted=wanted)
    assert Booking.objects.get().price_cents == 300
    eldest.delete()
    sold = [one for one in offered.services(MONDAY, family) if one.code == town.canteen.code]
    assert [row.amount.cents for row in household_of(family, sold).costs().rows if row.amount] == [400, 300]


def test_a_tariff_that_counts_the_household_counts_all_of_it(
    town: Town, three: Household, django_assert_num_queries: Any
) -> None:
    by_rank(town, "household")
    family = three.context
    Enrolment.objects.filter(child=family.children[0].id).delete()
    assert [price.cents for price in quoted(family, town)] == [300, 200]
    asked = offers(family, sessions=[town.session(MONDAY).pk])
    with django_assert_num_queries(0):
        prices.quote(family, asked.values())


@pytest.mark.parametrize("basis", ["household", "service"])
def test_a_delegate_who_sees_one_child_pays_what_the_parent_would(
    town: Town, three: Household, basis: str
) -> None:
    by_rank(town, basis)
    youngest = three.context.children[2]
    mandate, _secret = propose_mandate(
        guardian=three.guardian,
        actor=three.user,
        name="Jeanne Roux",
        relation="grandparent",
        children=[youngest.id],
        acts=[Act.BOOK, Act.MONEY],
        valid_to=date(2027, 6, 30),
        today=TODAY,
        now=NOW,
    )
    user = UserFactory()
    accept_mandate(mandate=mandate, user=user, today=TODAY, now=NOW)
    family = context_of(user, TODAY)
    assert family and [child.id for child in family.children] == [youngest.id]
    assert quoted(family, town) == [Money(200)]
    session = town.session(MONDAY)
    wanted = Wanted(add=frozenset({(youngest.id, session.pk)}))
    (outcome,) = save_bookings(family=family, actor=user, now=NOW, wanted=wanted)
    assert (outcome.change, Booking.objects.get().price_cents) == (Money(200), 200)
