"""What a family may book, through the one service: outcomes, prices, places, trust boundary."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.contracts.billing import Period, Scope
from core.contracts.money import Money
from core.families.models import BillingTouch, Quotient
from core.kernel import journal
from core.kernel.models import JournalEntry
from core.pricing.models import PriceExplanation
from core.testing.factories import GuardianFactory, UserFactory
from plugins.enfance import services
from plugins.enfance.models import Booking, Session
from plugins.enfance.selectors import billable
from plugins.enfance.services import BookingError, Outcome, Result, Wanted, preview, save_bookings
from tests.plugins.enfance.factories import NOW, Household, Town, holiday_days, make_town, paris, school_days

MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)
DECEMBER = [day for day in school_days() if day.month == 12]


def choices(
    home: Household, sessions: list[Session], child: int = 0
) -> frozenset[tuple[uuid.UUID, uuid.UUID]]:
    return frozenset((home.children[child].pk, session.pk) for session in sessions)


def save(home: Household, *, add=(), remove=(), now=NOW) -> list[Outcome]:
    wanted = Wanted(frozenset(add), frozenset(remove))
    return save_bookings(family=home.context, actor=home.user, now=now, wanted=wanted)


def results(outcomes: list[Outcome]) -> list[Result]:
    return [outcome.result for outcome in outcomes]


def refusal(outcomes: list[Outcome]) -> str:
    (outcome,) = outcomes
    assert outcome.result is Result.REFUSED
    return outcome.reason


def test_book_then_remove(town: Town, home: Household) -> None:
    monday = town.session(MONDAY)
    wanted = choices(home, [monday])
    (added,) = save(home, add=wanted)
    assert (added.result, added.change) == (Result.ADDED, Money(120))
    booking = Booking.objects.get()
    assert (booking.price_cents, booking.payer, booking.booked_by) == (120, home.guardian, home.user)
    assert booking.lines == [
        {
            "kind": "meal",
            "product": "repas",
            "label": "Repas",
            "quantity": "1",
            "unit": "meal",
            "amount_cents": 120,
        }
    ]
    assert PriceExplanation.objects.filter(digest=booking.explanation).exists()
    assert BillingTouch.objects.get().period == date(2026, 12, 1)
    monday.refresh_from_db()
    assert monday.taken == 1

    (removed,) = save(home, remove=wanted)
    assert (removed.result, removed.change) == (Result.REMOVED, Money(-120))
    booking.refresh_from_db()
    assert (booking.cancelled_at, booking.cancelled_by) == (NOW, home.user)
    monday.refresh_from_db()
    assert monday.taken == 0


def test_the_same_request_twice_is_once(town: Town, home: Household) -> None:
    wanted = choices(home, [town.session(MONDAY)])
    save(home, add=wanted)
    assert results(save(home, add=wanted)) == [Result.KEPT]
    save(home, remove=wanted)
    assert results(save(home, remove=wanted)) == [Result.KEPT]
    assert Booking.objects.count() == 1


def test_a_day_taken_again_is_a_new_row_beside_the_cancelled_one(town: Town, home: Household) -> None:
    wanted = choices(home, [town.session(MONDAY)])
    for _round in range(2):
        save(home, add=wanted)
        save(home, remove=wanted)
    save(home, add=wanted)
    assert Booking.objects.count() == 3
    assert Booking.objects.filter(cancelled_at=None).count() == 1


def test_both_in_one_request_and_a_preview_that_tells_the_same(town: Town, home: Household) -> None:
    monday, tuesday = choices(home, [town.session(MONDAY)]), choices(home, [town.session(TUESDAY)])
    save(home, add=monday)
    wanted = Wanted(add=tuesday, remove=monday)
    foreseen = preview(family=home.context, now=NOW, wanted=wanted)
    assert Booking.objects.filter(cancelled_at=None).count() == 1
    assert foreseen == save_bookings(family=home.context, actor=home.user, now=NOW, wanted=wanted)
    assert sum(outcome.change.cents for outcome in foreseen) == 0


def test_removals_serve_the_additions_of_the_same_request(home: Household, town: Town) -> None:
    Session.objects.update(capacity=1)
    monday = town.session(MONDAY)
    save(home, add=choices(home, [monday], child=0))
    outcomes = save(home, remove=choices(home, [monday], child=0), add=choices(home, [monday], child=1))
    assert results(outcomes) == [Result.REMOVED, Result.ADDED]


def test_a_refused_day_does_not_lose_the_others(town: Town, home: Household) -> None:
    past, monday = town.session(date(2026, 11, 20)), town.session(MONDAY)
    full = town.session(TUESDAY)
    Session.objects.filter(pk=full.pk).update(capacity=0)
    outcomes = save(home, add=choices(home, [past, monday, full]))
    assert results(outcomes) == [Result.REFUSED, Result.ADDED, Result.REFUSED]
    assert [outcome.reason for outcome in outcomes] == [
        "Ce jour est passé.",
        "",
        "Il n’y a plus de place ce jour-là.",
    ]


# Limits -------------------------------------------------------------------


@pytest.mark.parametrize(("now", "result"), [("08:59", Result.ADDED), ("09:00", Result.REFUSED)])
def test_the_limit_is_the_previous_day_that_has_sessions(
    town: Town, home: Household, now: str, result: Result
) -> None:
    wanted = choices(home, [town.session(date(2027, 1, 4))])
    assert results(save(home, add=wanted, now=paris(f"2026-12-18 {now}"))) == [result]


def test_a_strike_day_is_no_open_day(town: Town, home: Household) -> None:
    Session.objects.filter(date=date(2026, 12, 4)).update(cancelled=True, cancel_reason="Grève")
    wanted = choices(home, [town.session(MONDAY)])
    assert "jeudi 3\u00a0décembre, 9\u00a0h" in refusal(save(home, add=wanted, now=paris("2026-12-04 08:00")))
    assert refusal(save(home, add=choices(home, [town.session(date(2026, 12, 4))]))) == "Grève"


def test_the_rule_of_the_day_of_the_session_holds(town: Town, home: Household) -> None:
    town.canteen.rules.create(
        valid_from=TUESDAY, cut_off={"kind": "previous_open_day", "before": "18:00", "of": "activity"}
    )
    monday, tuesday = choices(home, [town.session(MONDAY)]), choices(home, [town.session(TUESDAY)])
    assert results(save(home, add=monday, now=paris("2026-12-04 12:00"))) == [Result.REFUSED]
    assert results(save(home, add=tuesday, now=paris("2026-12-07 12:00"))) == [Result.ADDED]


def test_the_leisure_centre_follows_its_window(town: Town, home: Household) -> None:
    wanted = choices(home, [town.session(day, town.alsh) for day in holiday_days()[:2]])
    early, late = paris("2026-11-09 08:59"), paris("2026-12-07 00:00")
    assert "à partir de" in save(home, add=wanted, now=early)[0].reason
    assert "closes depuis dimanche 6\u00a0décembre, minuit" in save(home, add=wanted, now=late)[0].reason
    assert results(save(home, add=wanted, now=paris("2026-12-06 23:59"))) == [Result.ADDED, Result.ADDED]
    town.window.delete()
    assert "annoncée" in save(home, remove=wanted, now=NOW)[0].reason


# Prices -------------------------------------------------------------------


def test_the_price_is_that_of_the_quotient_of_the_day_and_stays(town: Town, home: Household) -> None:
    Quotient.objects.create(
        family=home.family, value_cents=90000, month=date(2027, 1, 1), valid_from=date(2027, 1, 1)
    )
    december, january = town.session(MONDAY), town.session(date(2027, 1, 5))
    outcomes = save(home, add=choices(home, [december, january]))
    assert [outcome.change for outcome in outcomes] == [Money(120), Money(240)]
    Quotient.objects.all().delete()
    assert list(Booking.objects.order_by("price_cents").values_list("price_cents", flat=True)) == [120, 240]


def test_without_a_published_tariff_nothing_is_booked(town: Town, home: Household) -> None:
    town.canteen.tariff = "autre"
    town.canteen.save()
    assert "tarif" in refusal(save(home, add=choices(home, [town.session(MONDAY)])))


def test_several_payers_share_what_is_booked(town: Town, home: Household) -> None:
    home.guardian.payer_share = 60
    home.guardian.save()
    other = GuardianFactory(family=home.family, position=2, payer_share=40)
    save(home, add=choices(home, [town.session(MONDAY)]))
    booking = Booking.objects.get()
    assert booking.payer == home.guardian
    assert set(booking.shares.values_list("payer", "weight")) == {(home.guardian.pk, 60), (other.pk, 40)}


# Trust boundary -------------------------------------------------------------------

NOT_ENROLLED = "Cet enfant n’est pas inscrit à cette activité ce jour-là."


def test_another_family_s_child(town: Town, home: Household) -> None:
    stranger = town.household()
    assert refusal(save(home, add=choices(stranger, [town.session(MONDAY)]))) == NOT_ENROLLED
    save(stranger, add=choices(stranger, [town.session(MONDAY)]))
    assert refusal(save(home, remove=choices(stranger, [town.session(MONDAY)]))) == NOT_ENROLLED
    assert Booking.objects.get().cancelled_at is None


def test_a_child_who_is_not_enrolled(town: Town) -> None:
    newcomer = town.household(enrolled=False)
    assert refusal(save(newcomer, add=choices(newcomer, [town.session(MONDAY)]))) == NOT_ENROLLED


def test_a_child_who_left_the_family_keeps_its_enrolment_but_books_no_more(
    town: Town, home: Household
) -> None:
    home.children[0].family_links.all().delete()
    assert refusal(save(home, add=choices(home, [town.session(MONDAY)]))) == NOT_ENROLLED


def test_an_unknown_session_or_child(home: Household, town: Town) -> None:
    assert refusal(save(home, add=[(home.children[0].pk, uuid.uuid4())])) == NOT_ENROLLED
    assert refusal(save(home, add=[(uuid.uuid4(), town.session(MONDAY).pk)])) == NOT_ENROLLED


def test_an_enrolment_that_is_over(town: Town, home: Household) -> None:
    home.family.refresh_from_db()
    town.canteen.enrolments.update(valid_to=date(2026, 12, 6))
    assert refusal(save(home, add=choices(home, [town.session(MONDAY)]))) == NOT_ENROLLED


def test_a_child_of_two_families_is_booked_once(town: Town, home: Household) -> None:
    child = home.children[0]
    other = town.household(enrolled=False)
    child.family_links.create(family=other.family, position=2)
    town.enrol(other.family, [child])
    monday = town.session(MONDAY)
    wanted = [(child.pk, monday.pk)]
    save(home, add=wanted)
    assert "autre foyer" in refusal(save(other, add=wanted))
    assert results(save(other, remove=wanted)) == [Result.KEPT]
    assert Booking.objects.get(cancelled_at=None).family == home.family


def test_the_database_itself_refuses_a_second_booking_and_one_too_many(town: Town, home: Household) -> None:
    save(home, add=choices(home, [town.session(MONDAY)]))
    booking = Booking.objects.get()
    booking.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        booking.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.update(taken=101)


# Agents -------------------------------------------------------------------


def booked_monday(town: Town, home: Household) -> Booking:
    save(home, add=choices(home, [town.session(MONDAY)]))
    BillingTouch.objects.all().delete()
    return Booking.objects.get()


def test_an_agent_cancels_past_the_limit_and_leaves_a_trace(town: Town, home: Household) -> None:
    booking, agent, late = booked_monday(town, home), UserFactory(), paris("2027-01-15 10:00")
    assert services.cancel_booking(booking=booking, actor=agent, now=late, reason=" Erreur de saisie ")
    assert not services.cancel_booking(booking=booking, actor=agent, now=late, reason="Encore")
    booking.refresh_from_db()
    assert (booking.cancelled_by, booking.cancel_reason) == (agent, "Erreur de saisie")
    assert town.session(MONDAY).taken == 0
    assert BillingTouch.objects.get().child == home.children[0]
    entry = JournalEntry.objects.get(act="enfance.booking_cancelled")
    assert (entry.actor, entry.reason) == (agent.pk, "Erreur de saisie")
    assert journal.about(JournalEntry.objects.all(), home.family.pk).contains(entry)


def test_an_agent_gives_a_reason(town: Town, home: Household) -> None:
    with pytest.raises(BookingError):
        services.cancel_booking(booking=booked_monday(town, home), actor=UserFactory(), now=NOW, reason=" ")


def test_another_payer_at_the_same_price(town: Town, home: Household) -> None:
    booking, agent = booked_monday(town, home), UserFactory()
    other = GuardianFactory(family=home.family, position=2, payer_share=0)
    successor = services.change_payer(booking=booking, payer=other, actor=agent, now=NOW)
    assert (successor.payer, successor.price_cents, successor.lines) == (other, 120, booking.lines)
    assert town.session(MONDAY).taken == 1
    assert BillingTouch.objects.count() == 1
    with pytest.raises(BookingError):
        services.change_payer(booking=booking, payer=other, actor=agent, now=NOW)
    with pytest.raises(BookingError):
        services.change_payer(booking=successor, payer=GuardianFactory(), actor=agent, now=NOW)


def test_sessions_are_generated_once(town: Town) -> None:
    again = services.generate_sessions(
        activity=town.canteen, site=town.school, days=[MONDAY, date(2027, 2, 1)], capacity=5
    )
    assert again == 1
    assert town.session(MONDAY).capacity == 100


# Figures -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_month_of_sixteen_days_in_one_transaction(django_assert_max_num_queries) -> None:
    """BEGIN and COMMIT included; a page adds session, account, plugin states and the three of the family."""
    town = make_town()
    home = town.household(children=2)
    days = [town.session(day) for day in school_days(date(2026, 11, 30), date(2027, 1, 12))][:16]
    assert len(days) == 16
    wanted, family = choices(home, days), home.context
    preview(family=family, now=NOW, wanted=Wanted(add=wanted))  # a process meets a tariff once
    with django_assert_max_num_queries(9):
        added = save_bookings(family=family, actor=home.user, now=NOW, wanted=Wanted(add=wanted))
    assert results(added) == [Result.ADDED] * 16
    with django_assert_max_num_queries(8):
        removed = save_bookings(family=family, actor=home.user, now=NOW, wanted=Wanted(remove=wanted))
    assert results(removed) == [Result.REMOVED] * 16


# Any sequence -------------------------------------------------------------------

STEP = st.tuples(st.sampled_from(["add", "remove", "cancel"]), st.integers(0, 2), st.integers(0, 3))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=12))
def test_any_sequence_keeps_the_places_and_the_facts_right(
    town: Town, steps: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        Session.objects.update(capacity=2)
        homes = [town.household() for _ in range(3)]
        sessions = [town.session(day) for day in DECEMBER[3:7]]
        expected: set[tuple[uuid.UUID, uuid.UUID]] = set()
        for act, who, day in steps:
            home, session = homes[who], sessions[day]
            choice = (home.children[0].pk, session.pk)
            if act == "add":
                full = sum(taken == session.pk for _child, taken in expected) >= 2
                save(home, add=[choice])
                expected |= set() if full else {choice}
            elif act == "remove":
                save(home, remove=[choice])
                expected.discard(choice)
            elif booking := Booking.objects.filter(
                child=choice[0], session=session, cancelled_at=None
            ).first():
                services.cancel_booking(booking=booking, actor=home.user, now=NOW, reason="Erreur")
                expected.discard(choice)
        active = set(Booking.objects.filter(cancelled_at=None).values_list("child", "session"))
        assert active == expected
        for session in Session.objects.all():
            assert session.taken == sum(taken == session.pk for _child, taken in expected)
        lines = list(billable(Scope(Period(date(2026, 12, 1)))))
        assert len(lines) == len({line.key for line in lines}) == len(expected)
        transaction.set_rollback(True)
