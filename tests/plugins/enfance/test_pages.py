"""The calendar as a parent uses it, without a script: tick, check, confirm."""

import re
import uuid
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.utils.html import strip_tags

from core.families.models import Family
from core.testing.factories import GuardianFactory, UserFactory
from plugins.enfance.models import Booking, Session
from plugins.enfance.services import Wanted, save_bookings
from tests.plugins.enfance.factories import NOW, Household, Town, holiday_days, make_town, school_days

URL = "/espace-famille/reservations/"
CONFIRM = f"{URL}confirmer/"
DECEMBER = f"{URL}?mois=2026-12"
MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)


@pytest.fixture
def parent(client: Client, home: Household) -> Client:
    client.force_login(home.user)
    return client


def value(home: Household, session: Session, child: int = 0) -> str:
    return f"{home.children[child].pk}.{session.pk}"


def book(home: Household, *sessions: Session, child: int = 0) -> None:
    wanted = Wanted(add=frozenset((home.children[child].pk, session.pk) for session in sessions))
    save_bookings(family=home.context, actor=home.user, now=NOW, wanted=wanted)


def text(response) -> str:
    """What one reads, spaces made alike."""
    return re.sub(r"\s+", " ", unescape(strip_tags(response.content.decode())))


def box(response, wanted: str) -> str:
    """The label of one box, as it is written."""
    for label in re.findall(r"<label.*?</label>", response.content.decode(), re.DOTALL):
        if f'value="{wanted}"' in label:
            return unescape(label)
    raise AssertionError(f"no box {wanted}")


def test_every_child_and_activity_of_a_month_on_one_page(parent: Client, town: Town, home: Household) -> None:
    page = parent.get(DECEMBER)
    seen = text(page)
    assert "Cantine, lundi 7 décembre, Enfant0" in seen
    assert "Cantine, lundi 7 décembre, Enfant1" in seen
    assert "Accueil de loisirs, lundi 21 décembre, Enfant0" in seen
    cell = box(page, value(home, town.session(MONDAY)))
    assert "1,20\u00a0€" in cell and 'data-cents="120"' in cell
    assert "Vous pouvez changer jusqu’à vendredi 4\u00a0décembre, 9\u00a0h." in cell
    assert "checked" not in cell and "disabled" not in cell


def test_states_are_words(parent: Client, town: Town, home: Household) -> None:
    booked, full, strike = (town.session(day) for day in (MONDAY, TUESDAY, date(2026, 12, 10)))
    book(home, booked)
    Session.objects.filter(pk=full.pk).update(capacity=0)
    Session.objects.filter(pk=strike.pk).update(cancelled=True, cancel_reason="Grève des agents")
    page = parent.get(DECEMBER)
    mine = box(page, value(home, booked))
    assert "checked" in mine and "réservé" in mine and "disabled" not in mine
    assert "disabled" in box(page, value(home, full)) and "plus de place" in box(page, value(home, full))
    assert "Grève des agents" in box(page, value(home, strike))
    past = box(parent.get(f"{URL}?mois=2026-11"), value(home, town.session(date(2026, 11, 20))))
    assert "disabled" in past and "Ce jour est passé." in past
    late = box(parent.get(f"{URL}?mois=2026-11"), value(home, town.session(date(2026, 11, 24))))
    assert "Vous pouviez changer jusqu’à lundi 23\u00a0novembre, 9\u00a0h." in late


def test_the_reason_of_each_price_is_on_the_page(parent: Client, town: Town) -> None:
    seen = text(parent.get(DECEMBER))
    assert "Pourquoi ces prix pour Enfant0 ?" in seen
    assert "Tranche de quotient" in seen and "Quotient familial CAF de janvier 2026 : 500." in seen


def test_tick_check_confirm(parent: Client, town: Town, home: Household) -> None:
    monday, tuesday = town.session(MONDAY), town.session(TUESDAY)
    book(home, tuesday)
    ticks = {
        "jour": [value(home, monday), value(home, monday, child=1)],
        "avant": [value(home, tuesday)],
    }
    summary = parent.post(DECEMBER, ticks)
    seen = text(summary)
    assert "Confirmer 2 réservations et 1 annulation — 1,20 €" in seen
    assert Booking.objects.filter(cancelled_at=None).count() == 1  # nothing before the confirmation

    confirmed = {
        "ajouter": [value(home, monday), value(home, monday, child=1)],
        "retirer": [value(home, tuesday)],
    }
    for name, values in confirmed.items():
        for one in values:
            assert f'name="{name}" value="{one}"' in summary.content.decode()
    done = parent.post(f"{CONFIRM}?mois=2026-12", confirmed, follow=True)
    assert done.redirect_chain == [(f"{URL}?mois=2026-12", 302)]
    assert "Nous avons enregistré 2 réservations et 1 annulation." in text(done)
    active = Booking.objects.filter(cancelled_at=None)
    assert {(row.session, row.child) for row in active} == {(monday, child) for child in home.children}

    again = parent.post(f"{CONFIRM}?mois=2026-12", confirmed, follow=True)
    assert "C’était déjà enregistré" in text(again)
    assert Booking.objects.count() == 3


def test_going_back_from_the_summary_loses_no_tick(parent: Client, town: Town, home: Household) -> None:
    monday, tuesday = town.session(MONDAY), town.session(TUESDAY)
    book(home, tuesday)
    page = parent.post(
        DECEMBER, {"ajouter": [value(home, monday)], "retirer": [value(home, tuesday)], "modifier": "1"}
    )
    assert "checked" in box(page, value(home, monday))
    assert "checked" not in box(page, value(home, tuesday))
    assert f'name="avant" value="{value(home, tuesday)}"' in page.content.decode()


def test_a_day_the_other_parent_changed_meanwhile_is_left_alone(
    parent: Client, town: Town, home: Household
) -> None:
    monday, tuesday = town.session(MONDAY), town.session(TUESDAY)
    book(home, monday)  # after this page was made, so neither ticked nor « avant »
    seen = text(parent.post(DECEMBER, {"jour": [value(home, tuesday)]}))
    assert "Confirmer 1 réservation — 1,20 €" in seen


def test_nothing_changed_is_said_and_the_calendar_stays(parent: Client, town: Town, home: Household) -> None:
    page = parent.post(DECEMBER, {})
    assert "Vous n’avez rien changé" in text(page)
    assert "Décembre 2026" in text(page)


def test_refusals_are_told_before_and_after(parent: Client, town: Town, home: Household) -> None:
    monday, tuesday = town.session(MONDAY), town.session(TUESDAY)
    Session.objects.filter(pk=tuesday.pk).update(capacity=0)
    both = {"jour": [value(home, monday), value(home, tuesday)]}
    summary = text(parent.post(DECEMBER, both))
    assert "Cantine, mardi 8 décembre, Enfant0 : Il n’y a plus de place ce jour-là." in summary
    assert "Confirmer 1 réservation — 1,20 €" in summary
    done = text(parent.post(CONFIRM, {"ajouter": both["jour"]}, follow=True))
    assert "Nous avons enregistré 1 réservation." in done
    assert "Cantine, mardi 8 décembre, Enfant0 : Il n’y a plus de place ce jour-là." in done


def test_when_all_is_refused_there_is_nothing_to_confirm(parent: Client, town: Town, home: Household) -> None:
    seen = text(parent.post(DECEMBER, {"jour": [value(home, town.session(date(2026, 11, 20)))]}))
    assert "Confirmer " not in seen.replace("Vérifier et confirmer", "")
    assert "Modifier mes choix" in seen


@pytest.mark.parametrize("field", ["prix", "price_cents", "montant"])
def test_a_forged_price_is_not_read(parent: Client, town: Town, home: Household, field: str) -> None:
    parent.post(CONFIRM, {"ajouter": [value(home, town.session(MONDAY))], field: "0"})
    assert Booking.objects.get().price_cents == 120


def test_another_family_s_child_by_the_page(parent: Client, town: Town) -> None:
    stranger = town.household()
    parent.post(CONFIRM, {"ajouter": [value(stranger, town.session(MONDAY))]})
    assert not Booking.objects.exists()


@pytest.mark.parametrize("bad", ["x", "1.2", f"{uuid.UUID(int=1)}", f"{uuid.UUID(int=1)}."])
def test_what_no_page_sends_is_a_bad_request(parent: Client, bad: str) -> None:
    assert parent.post(CONFIRM, {"ajouter": [bad]}).status_code == 400


def test_confirming_is_a_post(parent: Client) -> None:
    assert parent.get(CONFIRM).status_code == 405


# Where one is


def test_months_stay_within_what_there_is(parent: Client, town: Town) -> None:
    assert "Novembre 2026" in text(parent.get(URL))
    first = parent.get(f"{URL}?mois=2020-01").content.decode()
    assert 'rel="prev"' not in first and "?mois=2026-12" in first
    last = text(parent.get(f"{URL}?mois=2030-01"))
    assert "Janvier 2027" in last
    assert "Novembre 2026" in text(parent.get(f"{URL}?mois=n%27importe"))


def test_a_holiday_period_is_a_page(parent: Client, town: Town) -> None:
    seen = text(parent.get(f"{URL}?periode={town.window.pk}"))
    assert "Vacances de Noël réservations ouvertes jusqu’à dimanche 6 décembre, minuit" in seen
    assert "Accueil de loisirs, lundi 21 décembre, Enfant0" in seen
    assert "Cantine, vendredi 18 décembre" not in seen
    assert "Novembre 2026" in text(parent.get(f"{URL}?periode={uuid.uuid4()}"))


def test_a_month_without_any_day(parent: Client, town: Town) -> None:
    Session.objects.filter(date__month=12).delete()
    assert "Rien à réserver sur cette période" in text(parent.get(DECEMBER))


def test_no_child_enrolled_yet(client: Client, town: Town) -> None:
    newcomer = town.household(enrolled=False)
    client.force_login(newcomer.user)
    assert "Aucune inscription pour le moment" in text(client.get(URL))


def test_a_visitor_signs_in_and_an_account_without_family_is_told(client: Client, town: Town) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(UserFactory())
    assert client.get(URL).status_code == 302


# Figures


@pytest.mark.parametrize("households", [1, 12])
@pytest.mark.django_db(transaction=True)
def test_statements_do_not_grow_with_the_town(
    client: Client, households: int, django_assert_max_num_queries
) -> None:
    """Session, account, plugins, three of the family; bounds, windows, offers, bookings, contact. Bench allows 15."""
    town = make_town()
    homes = [town.household(children=3) for _ in range(households)]
    for home in homes[:4]:
        book(home, *Session.objects.filter(activity=town.canteen, date__month=12))
    client.force_login(homes[0].user)
    client.get(DECEMBER)  # a process meets a tariff once
    with django_assert_max_num_queries(11):
        client.get(DECEMBER)


@pytest.mark.django_db(transaction=True)
def test_a_whole_request_saves_a_month_in_fifteen_statements(
    client: Client, django_assert_max_num_queries
) -> None:
    town = make_town()
    home = town.household()
    client.force_login(home.user)
    days = [town.session(day) for day in school_days(date(2026, 11, 30), date(2027, 1, 12))][:16]
    values = [value(home, day) for day in days]
    client.post(DECEMBER, {"jour": values})  # a process meets a tariff once
    with django_assert_max_num_queries(15):
        client.post(CONFIRM, {"ajouter": values})
    assert Booking.objects.filter(cancelled_at=None).count() == 16
    with django_assert_max_num_queries(15):
        client.post(CONFIRM, {"retirer": values})
    assert not Booking.objects.filter(cancelled_at=None).exists()


def test_a_price_of_yesterday_keeps_its_reason(parent: Client, town: Town, home: Household) -> None:
    book(home, town.session(MONDAY))
    Family.objects.get(pk=home.family.pk).quotients.update(value_cents=90000)
    seen = text(parent.get(DECEMBER))
    assert "Quotient familial CAF de janvier 2026 : 500." in seen
    assert "Quotient familial CAF de janvier 2026 : 900." in seen


def test_a_child_of_two_families_shows_what_the_other_booked(
    client: Client, town: Town, home: Household
) -> None:
    child = home.children[0]
    other = GuardianFactory()
    child.family_links.create(family=other.family, position=2)
    town.enrol(other.family, [child])
    book(home, town.session(MONDAY))
    client.force_login(other.person.user)
    cell = box(client.get(DECEMBER), value(home, town.session(MONDAY)))
    assert "autre foyer" in cell and "disabled" in cell


def test_the_leisure_centre_price_has_its_parts(parent: Client, town: Town, home: Household) -> None:
    day = town.session(holiday_days()[0], town.alsh)
    assert "4,00\u00a0€" in box(parent.get(DECEMBER), value(home, day))
    parent.post(CONFIRM, {"ajouter": [value(home, day)]})
    assert [line["product"] for line in Booking.objects.get().lines] == ["accueil", "repas-alsh"]
