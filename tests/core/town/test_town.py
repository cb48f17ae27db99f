"""The tables: invariants held by the database, import, demo, and what pages read."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.town import seeds, selectors
from core.town.calendar import DayKind, previous_open_day
from core.town.demo import ALSH, SERVICE, load_town
from core.town.models import (
    Closure,
    Contact,
    HolidayPeriod,
    OpeningHours,
    PublicHoliday,
    SchoolYear,
    Service,
    Site,
)
from core.town.services import import_calendar, years_to_know

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture
def town() -> None:
    load_town(today=TODAY)


def site(**values: object) -> Site:
    return Site(**{"code": "ecole", "name": "École", "kind": Site.Kind.SCHOOL_PRIMARY, **values})


def year(**values: object) -> SchoolYear:
    dates = {"starts_on": date(2030, 9, 2), "ends_on": date(2031, 8, 31)}
    return SchoolYear(**{"name": "2030-2031", "zone": "A", **dates, **values})


# The database holds the invariants, whatever writes to it.


@pytest.mark.parametrize(
    "row",
    [
        lambda: site(valid_from=date(2026, 9, 1), valid_to=date(2026, 8, 31)),
        lambda: Contact(label="Personne", phone="+33557808187"),
        lambda: Contact(label="Rien", service=Service.objects.get()),
        lambda: Contact(label="Deux", service=Service.objects.get(), site=Site.objects.first(), note="Oui"),
        lambda: OpeningHours(service=Service.objects.get(), weekday=1, opens=time(12), closes=time(12)),
        lambda: OpeningHours(service=Service.objects.get(), weekday=8, opens=time(9), closes=time(12)),
        lambda: OpeningHours(weekday=1, opens=time(9), closes=time(12)),
        lambda: year(ends_on=date(2030, 9, 2)),
        lambda: year(name="2026-2027"),
        lambda: year(starts_on=date(2026, 9, 1)),
        lambda: year(school_weekdays=""),
        lambda: year(school_weekdays="21"),
        lambda: year(school_weekdays="18"),
        lambda: HolidayPeriod(
            school_year=SchoolYear.objects.first(),
            name="X",
            first_day=date(2026, 3, 2),
            last_day=date(2026, 3, 1),
        ),
        lambda: PublicHoliday(date=date(2026, 11, 11), name="Deux fois"),
        lambda: Closure(first_day=date(2026, 12, 2), last_day=date(2026, 12, 1), reason="À l’envers"),
    ],
)
def test_database_refuses(town: None, row) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        row().save()


def test_years_that_overlap_are_refused_in_forms(town: None) -> None:
    with pytest.raises(ValidationError, match="2026-2027"):
        year(name="2026-2028", starts_on=date(2026, 9, 15), ends_on=date(2028, 9, 30)).full_clean()
    year().full_clean()


def test_holidays_outside_their_year_or_over_others_are_refused_in_forms(town: None) -> None:
    current = SchoolYear.objects.get(name="2026-2027")
    outside = HolidayPeriod(
        school_year=current, name="Ailleurs", first_day=date(2026, 8, 30), last_day=date(2026, 9, 2)
    )
    over = HolidayPeriod(
        school_year=current, name="Noël bis", first_day=date(2026, 12, 20), last_day=date(2026, 12, 22)
    )
    with pytest.raises(ValidationError, match="sortent"):
        outside.full_clean()
    with pytest.raises(ValidationError, match="Vacances de Noël"):
        over.full_clean()


def test_a_site_lives_between_its_dates() -> None:
    site(valid_from=date(2026, 9, 1), valid_to=date(2027, 8, 31)).save()
    found = [
        Site.objects.open_on(day).exists() for day in (date(2026, 8, 31), date(2026, 9, 1), date(2027, 8, 31))
    ]
    assert found == [False, True, True]
    assert not Site.objects.open_on(date(2027, 9, 1)).exists()


def test_closure_kinds_are_kinds_of_day() -> None:
    assert {DayKind(kind) for kind in Closure.Kind.values} == {
        DayKind.CLOSED,
        DayKind.BRIDGE,
        DayKind.TRAINING,
        DayKind.STRIKE,
    }


# Import


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 11, 23), (2025, 2026, 2027)),
        (date(2026, 8, 31), (2024, 2025, 2026)),
        (date(2028, 1, 10), (2026, 2027)),  # nobody has published the next one
        (date(2031, 1, 10), (2029, 2030)),  # the current one is needed even as a guess
    ],
)
def test_years_to_know(today: date, years: tuple[int, ...]) -> None:
    assert years_to_know(today, "A") == years


def test_import_leaves_what_agents_corrected() -> None:
    import_calendar(start_years=[2026], zone="A")
    HolidayPeriod.objects.filter(name="Vacances de Noël").update(first_day=date(2026, 12, 18))
    PublicHoliday.objects.filter(date=date(2026, 11, 11)).delete()
    again = import_calendar(start_years=[2025, 2026], zone="A")
    assert again.school_years == ("2025-2026",)
    assert again.public_holiday_years == (2025,)
    assert HolidayPeriod.objects.filter(first_day=date(2026, 12, 18)).exists()
    assert not PublicHoliday.objects.filter(date=date(2026, 11, 11)).exists()


def test_only_checked_years_are_marked_so(town: None) -> None:
    assert dict(SchoolYear.objects.values_list("name", "is_confirmed")) == {
        "2025-2026": True,
        "2026-2027": True,
        "2027-2028": False,
    }
    assert seeds.LAST_CHECKED < seeds.LAST_PUBLISHED


# Calendar


def test_calendar_is_loaded_in_four_statements_and_answers(town: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(4):
        calendar = selectors.calendar(date(2026, 9, 1), date(2027, 8, 31))
    with django_assert_num_queries(0):
        assert len(calendar.school_days_of_month(2027, 1)) == 16
        assert calendar.day_kind(date(2026, 11, 11)) is DayKind.PUBLIC_HOLIDAY
        assert calendar.day_kind(date(2027, 5, 7)) is DayKind.BRIDGE
        assert previous_open_day(date(2026, 9, 1), calendar.is_school_day) == date(2026, 7, 3)


def test_calendar_knows_closures_by_site(town: None) -> None:
    alsh = Site.objects.get(code=ALSH)
    day = date(2026, 12, 24)
    Closure.objects.create(
        site=alsh, first_day=day, last_day=day, kind=Closure.Kind.CLOSED, reason="Réveillon"
    )
    calendar = selectors.calendar(day, day)
    assert calendar.day_kind(day, alsh.pk) is DayKind.CLOSED
    assert calendar.day_kind(day) is DayKind.HOLIDAY


def test_an_empty_calendar_says_that_it_does_not_know() -> None:
    calendar = selectors.calendar(TODAY, TODAY)
    assert calendar.day_kind(TODAY) is DayKind.UNKNOWN
    assert not calendar.is_school_day(TODAY)


def test_year_of_a_day_and_next_holidays(town: None) -> None:
    assert selectors.school_year_on(TODAY).name == "2026-2027"  # type: ignore[union-attr]
    assert selectors.school_year_on(date(2026, 8, 31)).name == "2025-2026"  # type: ignore[union-attr]
    assert selectors.school_year_on(date(2040, 1, 1)) is None
    assert selectors.next_holidays(TODAY).name == "Vacances de Noël"  # type: ignore[union-attr]
    assert selectors.next_holidays(date(2027, 4, 30)).name == "Vacances d’été"  # type: ignore[union-attr]


# Demo and contacts


def test_demo_twice_is_once_and_keeps_what_agents_changed(town: None) -> None:
    models = (Site, Service, Contact, OpeningHours, SchoolYear, HolidayPeriod, PublicHoliday, Closure)
    before = [list(model.objects.values_list("pk", flat=True).order_by("pk")) for model in models]
    Site.objects.filter(code=ALSH).update(name="Accueil de loisirs du parc")
    load_town(today=TODAY)
    assert [list(model.objects.values_list("pk", flat=True).order_by("pk")) for model in models] == before
    assert Site.objects.get(code=ALSH).name == "Accueil de loisirs du parc"


def test_demo_is_the_town_of_the_leaflet(town: None) -> None:
    assert {school.name for school in selectors.schools(today=TODAY)} == {
        "École maternelle Bousquet",
        "École maternelle F. Chopin",
        "École élémentaire F. Villon",
        "École élémentaire R. Bonheur",
    }
    assert SchoolYear.objects.count() == 3


def test_help_contacts_print_the_leaflet(town: None, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(8):
        contacts = selectors.help_contacts(today=TODAY)
    (service,) = contacts.services
    assert service.place == "Mairie de Bassens"
    assert "33530 Bassens" in service.address
    main, enrolment, invoices, payment, card = service.contacts
    assert (main.phone, main.tel) == ("05 57 80 81 87", "tel:+33-5-57-80-81-87")
    assert enrolment.email == "enfance@ville-bassens.fr"
    assert invoices.email == "facturation.eej@ville-bassens.fr"
    assert [str(line).replace("\u00a0", " ") for line in payment.hours] == [
        "les mardis et jeudis de 13 h à 17 h 30",
        "les mercredis de 8 h 45 à 12 h et de 13 h à 16 h 30",
    ]
    assert card.tel == "" and card.note
    assert {group.name: group.contacts[0].phone for group in contacts.sites} == {
        "École maternelle Bousquet": "06 70 25 70 84",
        "École maternelle F. Chopin": "06 04 53 91 16",
        "École élémentaire F. Villon": "06 70 25 35 52",
        "École élémentaire R. Bonheur": "06 21 07 19 70",
    }


def test_help_contacts_forget_a_closed_site(town: None) -> None:
    Site.objects.filter(code="maternelle-chopin").update(valid_to=date(2026, 8, 31))
    names = [group.name for group in selectors.help_contacts(today=TODAY).sites]
    assert len(names) == 3
    assert "École maternelle F. Chopin" not in names


def test_without_contacts_there_is_nothing_to_print() -> None:
    assert not selectors.help_contacts(today=TODAY)


def test_a_service_is_found_by_its_code(town: None) -> None:
    assert Service.objects.get(code=SERVICE).name.startswith("Service Éducation")
