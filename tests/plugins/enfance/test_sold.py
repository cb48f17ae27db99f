"""What enfance sells: its activities at the pace of their open days, and what a family uses of them."""

import pytest

from core.contracts.priced import Pace
from core.testing.factories import SchoolYearFactory
from core.town.models import SchoolYear
from plugins.enfance import sold
from plugins.enfance.services import Wanted, save_bookings
from tests.plugins.enfance.factories import NOW, TODAY, Household, Town

pytestmark = pytest.mark.django_db


def test_the_pace_is_that_of_the_open_days_of_the_school_year(
    town: Town, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    if not SchoolYear.objects.exists():
        SchoolYearFactory()
    with django_assert_max_num_queries(2):
        canteen, alsh = sold.services(TODAY, None)
    assert (canteen.code, canteen.tariff) == (town.canteen.code, town.canteen.tariff)
    assert canteen.pace == Pace(times=11, months=3, most=4)
    assert alsh.pace == Pace(times=2, months=1, most=4), "both Fridays are public holidays"
    assert canteen.uses == ()


def test_a_family_uses_what_its_children_are_enrolled_in_at_the_rhythm_of_their_bookings(
    town: Town,
    home: Household,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    if not SchoolYear.objects.exists():
        SchoolYearFactory()
    eldest = home.context.children[0].id
    days = list(town.canteen.sessions.filter(date__range=("2026-12-07", "2026-12-13")))[:3]
    wanted = Wanted(add=frozenset((eldest, session.pk) for session in days))
    save_bookings(family=home.context, actor=home.user, now=NOW, wanted=wanted)
    family = home.context
    with django_assert_max_num_queries(4):
        canteen, _alsh = sold.services(TODAY, family)
    assert [(use.child == eldest, use.a_week) for use in canteen.uses] == [(True, 3), (False, 1)]
