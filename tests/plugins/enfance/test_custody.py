"""A child of two homes: only the family of the day books it; whoever may not book or read prices does neither."""

from datetime import date
from typing import Any

import pytest

from core.contracts.billing import Period, Scope
from core.contracts.family import Act
from core.contracts.money import ZERO
from core.families.models import ChildInFamily, Guardian
from core.families.selectors import context_of
from core.families.services.custody import set_rule
from core.families.services.mandates import accept_mandate, propose_mandate
from core.families.services.merging import merge
from core.kernel.models import JournalEntry
from core.testing.factories import UserFactory
from plugins.enfance import calendar
from plugins.enfance.calendar import Span
from plugins.enfance.models import Booking, Enrolment
from plugins.enfance.rules import State
from plugins.enfance.selectors import billable
from plugins.enfance.services import Result, Wanted, save_bookings
from tests.plugins.enfance.factories import NOW, TODAY, Household, Town, make_town

pytestmark = pytest.mark.django_db

EVEN, ODD = date(2026, 12, 7), date(2026, 12, 14)  # Mondays of weeks 50 and 51


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def homes(town: Town) -> tuple[Household, Household]:
    """Two homes of one child: even weeks with the first."""
    here, there = town.household(), town.household(enrolled=False, children=0, quotient=900)
    ChildInFamily.objects.create(family=there.family, child=here.children[0], position=2)
    there.children.append(here.children[0])
    town.enrol(there.family, there.children)
    set_rule(child=here.children[0], valid_from=date(2026, 9, 1), kind="parity", home=1)
    return here, there


def save(home: Any, town: Town, *days: date, user: Any = None) -> list[Any]:
    family = context_of(user, TODAY) if user else home.context
    wanted = frozenset((home.children[0].pk, town.session(day).pk) for day in days)
    return save_bookings(family=family, actor=user or home.user, now=NOW, wanted=Wanted(add=wanted))


def test_each_home_books_its_own_days_and_pays_them(town: Town, homes: tuple[Household, Household]) -> None:
    here, there = homes
    assert [outcome.result for outcome in save(here, town, EVEN, ODD)] == [Result.ADDED, Result.REFUSED]
    (refused,) = save(there, town, EVEN)
    assert "autre foyer" in refused.reason
    assert [outcome.result for outcome in save(there, town, ODD)] == [Result.ADDED]
    lines = list(billable(Scope(Period(date(2026, 12, 1)))))
    assert {line.service_date: line.payer for line in lines} == {
        EVEN: here.guardian.pk,
        ODD: there.guardian.pk,
    }


def test_the_calendar_says_whose_day_it_is(
    town: Town, homes: tuple[Household, Household], django_assert_max_num_queries: Any
) -> None:
    here, _there = homes
    context = here.context
    with django_assert_max_num_queries(9):
        shown = calendar.read(context, now=NOW, span=Span.month_of(EVEN))
    states = {cell.day: cell.verdict.state for cell in shown.cells if cell.offer.activity == "cantine"}
    assert (states[EVEN], states[ODD]) == (State.FREE, State.AWAY)


def test_a_day_booked_before_the_rule_may_still_be_given_back(
    town: Town, homes: tuple[Household, Household]
) -> None:
    here, _there = homes
    save(here, town, EVEN)
    set_rule(child=here.children[0], valid_from=date(2026, 9, 1), kind="parity", home=2)
    gone = save_bookings(
        family=here.context,
        actor=here.user,
        now=NOW,
        wanted=Wanted(remove=frozenset({(here.children[0].pk, town.session(EVEN).pk)})),
    )
    assert [outcome.result for outcome in gone] == [Result.REMOVED]


def delegate(home: Household, *acts: Act) -> Any:
    mandate, _secret = propose_mandate(
        guardian=home.guardian,
        actor=home.user,
        name="Jeanne Roux",
        relation="grandparent",
        children=[home.children[0].pk],
        acts=acts,
        valid_to=date(2027, 6, 30),
        today=TODAY,
        now=NOW,
    )
    user = UserFactory()
    accept_mandate(mandate=mandate, user=user, today=TODAY, now=NOW)
    return user


def test_a_delegate_books_without_reading_prices_and_both_are_named(town: Town) -> None:
    home = town.household()
    user = delegate(home, Act.BOOK)
    (outcome,) = save(home, town, EVEN, user=user)
    assert (outcome.result, outcome.change) == (Result.ADDED, ZERO)
    booking = Booking.objects.get()
    assert (booking.booked_by, booking.payer, booking.price_cents) == (user, home.guardian, 120)
    entry = JournalEntry.objects.get(act="enfance.bookings_changed")
    assert (entry.actor, entry.on_behalf_of) == (user.pk, home.guardian.person_id)
    shown = calendar.read(context_of(user, TODAY), now=NOW, span=Span.month_of(EVEN))  # type: ignore[arg-type]
    assert {cell.price for cell in shown.cells} == {None}
    assert [child.reasons for child in shown.children] == [()]


def test_without_the_act_nothing_is_booked(town: Town, client: Any) -> None:
    home = town.household()
    user = delegate(home)
    (refused,) = save(home, town, EVEN, user=user)
    assert refused.result is Result.REFUSED
    client.force_login(user)
    page = client.get("/espace-famille/reservations/?mois=2026-12")
    assert page.status_code == 200
    assert "€" not in page.content.decode()
    assert client.post("/espace-famille/reservations/confirmer/", {}).status_code == 404


def test_a_step_parent_without_authority_books_only_when_told_so(town: Town) -> None:
    home = town.household()
    Guardian.objects.filter(pk=home.guardian.pk).update(parental_authority=False, payer_share=0)
    assert [outcome.result for outcome in save(home, town, EVEN)] == [Result.REFUSED]
    Guardian.objects.filter(pk=home.guardian.pk).update(may_book=True)
    assert [outcome.result for outcome in save(home, town, EVEN)] == [Result.ADDED]


def test_a_merge_keeps_every_booking_and_no_place_twice(town: Town) -> None:
    kept, absorbed = town.household(), town.household()
    for home, days in ((kept, [EVEN]), (absorbed, [EVEN, ODD])):
        save(home, town, *days)
        person = home.children[0].person
        person.first_name, person.birth_date = "Léa", date(2019, 5, 4)
        person.save()
    merge(kept=kept.family, absorbed=absorbed.family, actor=None, today=TODAY, now=NOW)
    active = Booking.objects.filter(cancelled_at__isnull=True).order_by("session__date")
    assert [(row.session.date, row.child_id, row.family_id) for row in active] == [
        (day, kept.children[0].pk, kept.family.pk) for day in (EVEN, ODD)
    ]
    assert Booking.objects.count() == 3
    assert town.session(EVEN).taken == 1
    assert not Enrolment.objects.filter(family=absorbed.family).exists()
    assert Enrolment.objects.filter(family=kept.family).count() == 2
