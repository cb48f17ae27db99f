"""One price: the simulator's, the one shown before booking, the booking's and the invoice's, with one explanation."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.contracts.billing import Period, Scope
from core.contracts.money import ZERO, Money
from core.contracts.pricing import Price
from core.families.models import Quotient
from core.pricing import offered
from core.pricing.engine import price
from core.pricing.format import shipped
from core.pricing.selectors import explanations
from core.pricing.services import import_tariff, publish
from core.pricing.simulator import household_of
from plugins.enfance import prices
from plugins.enfance.models import Booking
from plugins.enfance.offers import offers
from plugins.enfance.selectors import billable
from plugins.enfance.services import Wanted, save_bookings
from tests.plugins.enfance.factories import NOW, Household, Town

MONDAY = date(2026, 12, 7)
# Prices that are fixed, by quotient with holes, by quotient and rank, by rate between a floor and a ceiling.
CANTEENS = (
    "cantine-saint-caprais-de-bordeaux",
    "cantine-trois-bassins",
    "cantine-bubry",
    "cantine-fay-aux-loges",
)


@pytest.fixture
def home(town: Town) -> Household:
    """Three children: from the third on, one of these canteens asks less."""
    return town.household(children=3)


@pytest.mark.parametrize("name", CANTEENS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cents=st.none()
    | st.integers(0, 250_000)
    | st.sampled_from([22_870, 38_120, 59_950, 60_000, 72_222, 125_000])
)
def test_the_simulator_the_booking_and_the_invoice_say_one_price(
    town: Town, home: Household, name: str, cents: int | None
) -> None:
    version = publish(version=import_tariff(document=shipped(name)))
    town.canteen.tariff = version.code
    town.canteen.save()
    Booking.objects.all().delete()
    Quotient.objects.filter(family=home.family).delete()
    if cents is not None:
        Quotient.objects.create(
            family=home.family, value_cents=cents, month=date(2026, 1, 1), valid_from=date(2026, 1, 1)
        )
    session = town.session(MONDAY)
    family = home.context

    sold = [one for one in offered.services(MONDAY, family) if one.code == town.canteen.code]
    simulated = {row.who: row.price for row in household_of(family, sold).costs().rows}
    assert set(simulated) == {child.person.first_name for child in home.children}

    asked = offers(family, sessions=[session.pk])
    quotes = prices.quote(family, asked.values())
    wanted = Wanted(frozenset((child.pk, session.pk) for child in home.children), frozenset())
    outcomes = save_bookings(family=family, actor=home.user, now=NOW, wanted=wanted)

    lines = {line.beneficiary: line for line in billable(Scope(Period(date(2026, 12, 1))))}
    stored = explanations(line.explanation for line in lines.values())
    assert len(lines) == len(outcomes) == len(home.children) == 3
    by_id = {child.pk: child for child in home.children}
    for rank, known_child in enumerate(family.children, start=1):
        child = by_id[known_child.id]
        quoted, line = quotes[child.pk, session.pk], lines[child.pk]
        booking = Booking.objects.get(child=child, cancelled_at=None)
        assert isinstance(quoted, Price)
        known = prices.as_fact(next(iter(family.quotients), None))
        stated = prices.situation(MONDAY, quotient=known, resident=True, rank=rank, activity={})
        assert quoted == price(version.tariff, stated) == simulated[child.person.first_name]
        assert quoted.total == Money(booking.price_cents) == line.amount
        assert line.amount == sum((part.amount for part in line.components), ZERO)
        assert [(part.kind, part.amount) for part in line.components] == [
            (part.kind, part.amount) for part in quoted.lines
        ]
        assert line.explanation == booking.explanation == quoted.explanation.digest
        assert stored[line.explanation] == quoted.explanation
