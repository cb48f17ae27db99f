"""What enfance contributes: tiles, panels, billable lines with golden keys, the demo."""

import json
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.trades import sync_groups
from core.contracts import billing, navigation, pages
from core.contracts.access import Trade
from core.contracts.billing import Period, Scope
from core.contracts.demo import Demo
from core.contracts.money import ZERO, Money
from core.families.demo import load_families
from core.families.models import Guardian
from core.kernel import manager
from core.kernel.calls import collect, strict
from core.testing.factories import AgentFactory, GuardianFactory
from core.town.demo import load_town
from plugins.enfance import hooks
from plugins.enfance.models import Activity, Booking, BookingWindow, Enrolment, Session
from plugins.enfance.selectors import billing_key
from plugins.enfance.services import Wanted, cancel_booking, save_bookings
from plugins.enfance.shares import split
from tests.plugins.enfance.factories import NOW, TODAY, Household, Town, holiday_days

DECEMBER = Scope(Period(date(2026, 12, 1)))
MONDAY = date(2026, 12, 7)


def book(home: Household, *sessions: Session, child: int = 0) -> None:
    wanted = Wanted(add=frozenset((home.children[child].pk, session.pk) for session in sessions))
    save_bookings(family=home.context, actor=home.user, now=NOW, wanted=wanted)


def lines(scope: Scope = DECEMBER) -> list[billing.BillableLine]:
    return [line for slug, line in strict(billing.billable_lines, scope=scope) if slug == "enfance"]


# Billing


def test_keys_are_golden() -> None:
    """A key is the name under which a fact was billed: changing its writing would bill everything again."""
    child = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
    assert (
        billing_key(child, "restauration-scolaire", "meal", date(2026, 12, 7))
        == "0f8fad5b-d9cb-469f-a165-70867728950e:restauration-scolaire:meal:2026-12-07"
    )


def test_a_line_says_the_fact_and_the_stored_price(town: Town, home: Household) -> None:
    day = town.session(holiday_days()[0], town.alsh)
    book(home, day)
    (line,) = lines()
    assert line.source == "enfance"
    assert line.key == f"{home.children[0].pk}:alsh-vacances:day:2026-12-21"
    assert (line.payer, line.share, line.beneficiary) == (home.guardian.pk, Fraction(1), home.children[0].pk)
    assert (line.service, line.site, line.service_date) == ("enfance", town.centre.pk, day.date)
    assert (line.label, line.quantity, line.unit) == ("Accueil de loisirs des vacances", 1, "day")
    assert [(part.kind, part.product, part.amount) for part in line.components] == [
        ("care", "accueil", Money(300)),
        ("meal", "repas-alsh", Money(100)),
    ]
    assert line.amount == Money(400)
    assert line.explanation == Booking.objects.get().explanation


def test_the_same_fact_ticked_again_has_the_same_key(town: Town, home: Household) -> None:
    book(home, town.session(MONDAY))
    (first,) = lines()
    cancel_booking(booking=Booking.objects.get(), actor=home.user, now=NOW, reason="Erreur")
    assert lines() == []
    book(home, town.session(MONDAY))
    assert lines() == [first]


def test_the_scope_is_a_month_and_some_children(town: Town, home: Household) -> None:
    book(home, town.session(MONDAY), town.session(date(2027, 1, 5)))
    book(home, town.session(MONDAY), child=1)
    assert len(lines()) == 2
    assert len(lines(Scope(Period(date(2027, 1, 1))))) == 1
    one = frozenset({home.children[1].pk})
    assert [line.beneficiary for line in lines(Scope(DECEMBER.period, one))] == [home.children[1].pk]
    assert lines(Scope(DECEMBER.period, frozenset())) == []


def test_several_payers_are_several_lines_of_the_same_key(town: Town, home: Household) -> None:
    Guardian.objects.filter(pk=home.guardian.pk).update(payer_share=50)
    other = GuardianFactory(family=home.family, position=2, payer_share=25)
    third = GuardianFactory(family=home.family, position=3, payer_share=25)
    book(home, town.session(MONDAY))
    found = lines()
    assert len({line.key for line in found}) == 1
    assert [line.payer for line in found] == sorted([home.guardian.pk, other.pk, third.pk])
    assert sum((line.amount for line in found), ZERO) == Money(120)
    assert sum(line.share for line in found) == 1
    assert {line.payer: (line.share, line.amount) for line in found}[other.pk] == (Fraction(1, 4), Money(30))


@given(
    st.lists(st.integers(0, 5000).map(Money), min_size=1, max_size=4),
    st.lists(st.integers(1, 100), min_size=1, max_size=4),
)
def test_parts_and_components_both_add_up(components: list[Money], weights: list[int]) -> None:
    parts = split(components, weights)
    assert len(parts) == len(weights)
    assert [sum(column, ZERO) for column in zip(*parts, strict=True)] == components
    whole = sum(components, ZERO)
    if whole:
        assert tuple(sum(part, ZERO) for part in parts) == whole.allocate(weights)
    assert all(amount >= ZERO for part in parts for amount in part)


def test_the_month_is_streamed_in_one_statement(
    town: Town, home: Household, django_assert_num_queries
) -> None:
    book(home, *Session.objects.filter(activity=town.canteen, date__month=12))
    with django_assert_num_queries(1):
        assert len(list(hooks.billable_lines(DECEMBER))) > 10


# Pages


def test_the_tile_is_the_leaflet_s_line(home: Household, django_assert_num_queries) -> None:
    context = home.context
    with django_assert_num_queries(0):
        (tile,) = hooks.family_tiles(context)
    assert tile.label == "Faire mes réservations et annulations pendant les périodes de réservation."
    assert (tile.tile, tile.short_label) == (navigation.Tile.MY_FAMILY, "Réserver")


def test_the_next_days_of_each_child(
    client: Client, town: Town, home: Household, django_assert_num_queries
) -> None:
    book(home, town.session(date(2026, 11, 26)), town.session(date(2026, 12, 18)))
    context = home.context
    with django_assert_num_queries(1):
        (panel,) = hooks.family_panels(context)
    assert [day for day, _ in panel.context["days"]] == [date(2026, 11, 26)]
    client.force_login(home.user)
    assert "Enfant0 : Cantine" in client.get("/espace-famille/").content.decode()


def test_the_sheet_shows_enrolments_and_what_may_be_cancelled(
    client: Client, town: Town, home: Household, django_assert_num_queries
) -> None:
    book(home, town.session(MONDAY))
    context, agent = home.context, AgentFactory(trades=[Trade.CHILDHOOD])
    agent.has_perm("enfance.view_booking")  # read once a request
    with django_assert_num_queries(2):
        (panel,) = hooks.family_sheet_panels(context, agent)
    assert len(panel.context["enrolments"]) == 4
    assert len(panel.context["bookings"]) == 1
    assert panel in collect(pages.family_sheet_panels, context=context, user=agent)


def test_switched_off_it_vanishes(client: Client, town: Town, home: Household, switch) -> None:
    client.force_login(home.user)
    assert client.get("/espace-famille/reservations/").status_code == 200
    switch("enfance", False)
    assert client.get("/espace-famille/reservations/").status_code == 404
    assert not [
        tile
        for tile in collect(navigation.family_tiles, context=home.context)
        if tile.short_label == "Réserver"
    ]
    switch("enfance", True)
    assert client.get("/espace-famille/reservations/").status_code == 200


@pytest.mark.django_db
def test_trades() -> None:
    sync_groups()
    childhood, billing_agent = AgentFactory(trades=[Trade.CHILDHOOD]), AgentFactory(trades=[Trade.BILLING])
    assert childhood.has_perm("enfance.change_booking") and childhood.has_perm("enfance.add_enrolment")
    assert billing_agent.has_perm("enfance.view_booking") and not billing_agent.has_perm(
        "enfance.change_booking"
    )
    assert not AgentFactory(trades=[Trade.WRITER]).has_perm("enfance.view_session")


# Demo


@pytest.fixture
def commune(db: None) -> Demo:
    story = Demo(TODAY)
    sync_groups()
    load_town(today=story.today)
    load_families(demo=story)
    return story


def test_the_demo_twice_is_once(commune: Demo) -> None:
    (said,) = hooks.load_demo(commune)
    assert "2 activités" in said
    models = (Activity, Session, Enrolment, Booking, BookingWindow)
    before = [model.objects.count() for model in models]
    hooks.load_demo(commune)
    assert [model.objects.count() for model in models] == before


def test_the_demo_is_drawn_the_same_each_time(db: None) -> None:
    """Identifiers are new each time, and decide of nothing."""

    def drawn() -> list[tuple[Any, ...]]:
        with transaction.atomic():
            story = Demo(TODAY)
            load_town(today=story.today)
            load_families(demo=story)
            hooks.load_demo(story)
            found = list(
                Session.objects.order_by("activity__code", "site__code", "date").values_list("taken")
            )
            transaction.set_rollback(True)
        return found

    assert drawn() == drawn()


def test_the_demo_is_a_town(client: Client, commune: Demo) -> None:
    hooks.load_demo(commune)
    window = BookingWindow.objects.get(opens_at__lte=NOW, closes_at__gt=NOW)
    holidays = Session.objects.filter(
        activity=window.activity, date__range=(window.first_day, window.last_day)
    )
    left = {session.capacity - session.taken for session in holidays}
    assert {0, 1} <= left and max(left) > 1
    october = list(hooks.billable_lines(Scope(Period(date(2026, 10, 1)))))
    assert len(october) > 2000
    assert len({line.key for line in october}) == len(october)
    for session in Session.objects.filter(taken__gt=0).order_by("?")[:20]:
        assert session.taken == session.bookings.filter(cancelled_at=None).count()

    parent = Guardian.objects.get(person__user__username="parent").person.user
    client.force_login(parent)
    page = client.get(f"/espace-famille/reservations/?periode={window.pk}").content.decode()
    assert "Il n’y a plus de place ce jour-là." in page
    assert "Tarif publié par une autre commune" in page


def test_demo_prices_are_those_of_the_service(commune: Demo) -> None:
    """What the demo wrote is what the engine says today for the same family and day."""
    from core.families.selectors import context_of
    from plugins.enfance.offers import offers
    from plugins.enfance.prices import quote

    hooks.load_demo(commune)
    parent = Guardian.objects.get(person__user__username="parent").person.user
    family = context_of(parent, TODAY)
    rows = list(
        Booking.objects.filter(family=family.id, session__date__year=2026).select_related("session")[:30]
    )
    offered = offers(family, sessions=[row.session_id for row in rows])
    prices = quote(family, offered.values())
    assert rows
    for row in rows:
        price = prices[row.child_id, row.session_id]
        assert (row.price_cents, row.explanation) == (price.total.cents, price.explanation.digest)
        assert json.dumps(row.lines)


def test_the_demo_hook_answers_its_contract(commune: Demo) -> None:
    call = manager.caller("load_demo", "enfance")
    assert call is not None
    assert [type(line) for lines in call(demo=commune) for line in lines] == [str]
