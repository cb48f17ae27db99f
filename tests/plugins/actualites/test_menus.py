"""What is eaten at the canteen: what families read, what agents write, what is given away."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.contracts.access import Trade
from core.pages.models import HomePage
from core.testing.conformance.context import signed_in
from core.testing.factories import (
    AgentFactory,
    ChildFactory,
    GuardianFactory,
    SchoolYearFactory,
    SiteFactory,
)
from core.town.models import Closure, HolidayPeriod, PublicHoliday, Site
from plugins.actualites.allergens import ALLERGENS, LABELS, names
from plugins.actualites.models import Dish, MenuGroup, MenuWeek
from plugins.actualites.selectors_menus import in_brief, monday_named, week, week_to_read
from plugins.actualites.services_menus import Served, WeekChanged, copy_week, save_week

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
EARLIER = MONDAY - timedelta(weeks=1)
PUREE = Served(1, Dish.Course.SIDE, "Purée de courge", ("lait",), ("maison", "local"))
WEEK = (
    Served(1, Dish.Course.STARTER, "Carottes râpées", ("moutarde",), ("bio",)),
    Served(1, Dish.Course.MAIN, "Merlu", ("poisson",), ("peche-durable",)),
    PUREE,
    Served(2, Dish.Course.MAIN, "Chili sans viande", ()),
    Served(4, Dish.Course.MAIN, "Poulet rôti"),
)


@pytest.fixture
def school(db: None) -> Site:
    SchoolYearFactory()
    site: Site = SiteFactory(name="École Villon")
    return site


@pytest.fixture
def schools(school: Site) -> MenuGroup:
    group = MenuGroup.objects.create(name="Écoles", slug="ecoles")
    group.sites.set([school])
    return group


@pytest.fixture
def served(schools: MenuGroup) -> MenuWeek:
    return save_week(group=schools, monday=MONDAY, served=WEEK, vegetarian=frozenset({2}))


@pytest.fixture
def kitchen() -> Client:
    return signed_in(AgentFactory(trades=[Trade.KITCHEN]))


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    page = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# Facts ----------------------------------------------------------------------------------------------------------------


def test_the_fourteen_of_the_law() -> None:
    assert len(ALLERGENS) == 14
    assert names(["lait", "gluten", "unknown"], ALLERGENS) == ["gluten", "lait"]
    assert len(LABELS) == 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"monday": date(2026, 11, 24)},
        {"monday": MONDAY, "twice": True},
    ],
)
def test_the_database_keeps_one_week_a_group_from_monday(schools: MenuGroup, wrong: dict[str, Any]) -> None:
    if wrong.pop("twice", False):
        MenuWeek.objects.create(group=schools, monday=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        MenuWeek.objects.create(group=schools, **wrong)


@pytest.mark.parametrize("wrong", [{"course": 9}, {"name": ""}, {"course": Dish.Course.MAIN}])
def test_the_database_refuses_a_dish_that_is_none(served: MenuWeek, wrong: dict[str, Any]) -> None:
    meal = served.meals.get(weekday=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dish.objects.create(**{"meal": meal, "course": Dish.Course.DESSERT, "name": "Kiwi", **wrong})


def test_the_week_to_read_is_the_next_one_from_saturday_on() -> None:
    assert [week_to_read(MONDAY + timedelta(days=n)) for n in (0, 4, 5, 6)] == [
        MONDAY, MONDAY, MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=1),
    ]  # fmt: skip


def test_weeks_are_named_as_in_diaries() -> None:
    assert monday_named(2026, 48, MONDAY) == MONDAY
    assert monday_named(2026, 54, MONDAY) is None
    assert monday_named(2031, 2, MONDAY) is None


# Reading --------------------------------------------------------------------------------------------------------------


def test_families_read_dishes_allergens_and_labels(served: MenuWeek, client: Client) -> None:
    page = text(client, "/menus/")
    assert "lundi 23 novembre aujourd’hui" in page
    assert "Carottes râpées bio Allergènes : moutarde" in page
    assert "Purée de courge local fait maison Allergènes : lait" in page
    assert "Repas végétarien Plat : Chili sans viande sans allergène" in page
    assert "Poulet rôti allergènes non renseignés" in page
    assert "vendredi 27 novembre Menu à venir." in page
    assert "mercredi" not in page


def test_closed_days_say_why(served: MenuWeek, school: Site, client: Client) -> None:
    PublicHoliday.objects.create(date=MONDAY, name="Fête de la ville")
    Closure.objects.create(
        first_day=MONDAY + timedelta(days=1),
        last_day=MONDAY + timedelta(days=1),
        site=school,
        kind="strike",
        reason="Grève",
    )
    page = text(client, "/menus/")
    assert "Pas de repas : Fête de la ville." in page
    assert "Pas de repas : Grève." in page
    assert "Carottes râpées" not in page
    assert "Poulet rôti" in page


def test_a_place_that_alone_is_closed_is_named(served: MenuWeek, schools: MenuGroup, client: Client) -> None:
    other = SiteFactory(name="École Bonheur")
    schools.sites.add(other)
    Closure.objects.create(first_day=MONDAY, last_day=MONDAY, site=other, kind="training", reason="Formation")
    page = text(client, "/menus/")
    assert "Carottes râpées" in page
    assert "Sauf : École Bonheur : Formation." in page


def test_a_week_of_holidays_says_so(schools: MenuGroup, client: Client) -> None:
    HolidayPeriod.objects.create(
        school_year=SchoolYearFactory(),
        name="Vacances de Noël",
        first_day=date(2026, 12, 19),
        last_day=date(2027, 1, 3),
    )
    page = text(client, "/menus/ecoles/2026-s52/")
    assert "Pas de repas cette semaine. Vacances de Noël" in page


def test_the_leisure_centre_eats_on_wednesdays_and_in_holidays(school: Site) -> None:
    group = MenuGroup.objects.create(name="Loisirs", slug="loisirs", days=MenuGroup.Days.LEISURE)
    HolidayPeriod.objects.create(
        school_year=SchoolYearFactory(), name="Noël", first_day=date(2026, 12, 19), last_day=date(2027, 1, 3)
    )
    PublicHoliday.objects.create(date=date(2026, 12, 25), name="Noël")
    PublicHoliday.objects.create(date=MONDAY, name="Fête")
    assert [day.date for day in week(group, MONDAY, MONDAY).days] == [date(2026, 11, 25)]
    christmas = week(group, date(2026, 12, 21), MONDAY)
    assert [day.closed for day in christmas.days] == ["", "", "", "", "Noël"]


def test_a_draft_is_read_by_nobody(served: MenuWeek, client: Client, home: HomePage) -> None:
    MenuWeek.objects.update(published=False)
    for address in ("/menus/", "/", "/api/v1/menus/"):
        assert "Carottes râpées" not in client.get(address).content.decode(), address
    assert "n’est pas encore écrit" in text(client, "/menus/")


def test_without_any_group_the_page_says_what_will_come(client: Client) -> None:
    assert "Aucun menu pour le moment." in text(client, "/menus/")


@pytest.mark.parametrize("address", ["inconnu/", "ecoles/2026-s54/", "ecoles/2040-s1/", "inconnu/2026-s48/"])
def test_what_does_not_exist_is_nowhere(address: str, served: MenuWeek, client: Client) -> None:
    assert client.get(f"/menus/{address}").status_code == 404


def test_weeks_and_groups_are_leafed_through(served: MenuWeek, client: Client) -> None:
    MenuGroup.objects.create(name="Loisirs", slug="loisirs", position=2)
    page = client.get("/menus/ecoles/2026-s48/").content.decode()
    for address in ("/menus/ecoles/2026-s47/", "/menus/ecoles/2026-s49/", "/menus/loisirs/2026-s48/"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    assert 'href="/menus/ecoles/2026-s48/" aria-current="page"' in page


def test_ten_statements_for_the_page(
    served: MenuWeek, client: Client, django_assert_max_num_queries: Callable
) -> None:
    client.get("/menus/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/menus/")
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 12


# Elsewhere ------------------------------------------------------------------------------------------------------------


def test_the_home_page_says_what_is_left_of_the_week(
    served: MenuWeek, home: HomePage, client: Client
) -> None:
    page = text(client, "/")
    assert "Cette semaine à la cantine" in page
    assert "Aujourd’hui Carottes râpées, merlu, purée de courge" in page
    assert "Mardi 24 novembre végétarien Chili sans viande" in page


def test_in_brief_two_statements(served: MenuWeek, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(2):
        (brief,) = in_brief(MONDAY + timedelta(days=1))
    assert [day.line for day in brief.days] == ["Chili sans viande", "Poulet rôti"]
    Closure.objects.create(first_day=MONDAY, last_day=MONDAY + timedelta(days=1), reason="Coupure d’eau")
    (brief,) = in_brief(MONDAY)
    assert [day.closed for day in brief.days] == ["Coupure d’eau", "Coupure d’eau", ""]


def test_a_parent_reads_the_menus_of_the_school_of_the_children(served: MenuWeek, school: Site) -> None:
    MenuGroup.objects.create(name="Loisirs", slug="loisirs")
    parent = GuardianFactory()
    ChildFactory(families=[parent.family], site=school)
    assert "Carottes râpées, merlu" in text(signed_in(parent.person.user), "/espace-famille/")
    stranger = GuardianFactory()
    ChildFactory(families=[stranger.family], site=SiteFactory())
    assert "Carottes râpées" not in text(signed_in(stranger.person.user), "/espace-famille/")


# API ------------------------------------------------------------------------------------------------------------------


def test_api_gives_weeks(served: MenuWeek, schools: MenuGroup, client: Client) -> None:
    found = client.get("/api/v1/menus/").json()
    assert found["nombre"] == 1
    (result,) = found["resultats"]
    assert (result["groupe"], result["lundi"]) == ("ecoles", "2026-11-23")
    assert result["adresse"] == "http://testserver/menus/ecoles/2026-s48/"
    monday, tuesday, thursday = result["repas"]
    assert monday["jour"] == "2026-11-23"
    assert monday["plats"][0] == {
        "partie": "entrée",
        "nom": "Carottes râpées",
        "allergenes": ["moutarde"],
        "labels": ["bio"],
    }
    assert tuesday["vegetarien"]
    assert (tuesday["plats"][0]["allergenes"], thursday["plats"][0]["allergenes"]) == ([], None)
    assert client.get("/api/v1/menus/groupes/").json()["resultats"][0]["lieux"] == [schools.sites.get().code]


def test_api_filters_and_says_what_is_wrong(served: MenuWeek, client: Client) -> None:
    def count(**query: str) -> int:
        number: int = client.get("/api/v1/menus/", query).json()["nombre"]
        return number

    assert count(du="2026-11-25", au="2026-11-27") == 1  # the week that holds that day
    assert count(du="2026-12-01") == 0
    assert count(groupe="ecoles") == 1
    for query in ({"groupe": "inconnu"}, {"du": "hier"}, {"du": "2026-12-01", "au": "2026-01-01"}):
        assert client.get("/api/v1/menus/", query).status_code == 400, query


def test_api_few_statements(served: MenuWeek, schools: MenuGroup, client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/api/v1/menus/?taille=200")
        return len(captured)

    one = asked()
    for rank in range(1, 5):
        copy_week(source=served, monday=MONDAY + timedelta(weeks=rank), weekdays=frozenset({1, 2, 4}))
    MenuWeek.objects.update(published=True)
    assert asked() == one


# Writing --------------------------------------------------------------------------------------------------------------


def test_a_dish_takes_what_was_said_of_it_the_last_time(served: MenuWeek, schools: MenuGroup) -> None:
    later = save_week(
        group=schools,
        monday=MONDAY + timedelta(weeks=1),
        served=[Served(1, Dish.Course.SIDE, "Purée de courge"), Served(1, Dish.Course.MAIN, "Poulet rôti")],
    )
    main, side = Dish.objects.filter(meal__week=later)
    assert (side.allergens, side.labels) == (["lait"], ["maison", "local"])
    assert main.allergens is None


def test_two_agents_at_once(served: MenuWeek, schools: MenuGroup) -> None:
    with pytest.raises(WeekChanged):
        save_week(group=schools, monday=MONDAY, served=[PUREE], read_at=None)
    save_week(group=schools, monday=MONDAY, served=[PUREE], read_at=served.changed_at)
    assert Dish.objects.count() == 1


def test_a_copy_keeps_the_days_that_open_and_waits_to_be_read(served: MenuWeek) -> None:
    copy = copy_week(source=served, monday=MONDAY + timedelta(weeks=1), weekdays=frozenset({1, 2}))
    assert not copy.published
    assert [meal.weekday for meal in copy.meals.all()] == [1, 2]
    assert copy.meals.get(weekday=2).vegetarian
    with pytest.raises(WeekChanged):
        copy_week(source=served, monday=copy.monday, weekdays=frozenset({4}))


def address(group: MenuGroup, monday: date = MONDAY) -> str:
    year, number, _day = monday.isocalendar()
    return f"/gestion/menus/{group.pk}/{year}/{number}/"


def test_the_kitchen_writes_a_week_on_one_screen(schools: MenuGroup, kitchen: Client) -> None:
    assert "à écrire" in text(kitchen, "/gestion/menus/")
    form = kitchen.get(address(schools)).content.decode()
    assert "name_1_2" in form
    assert "name_3_2" not in form  # Wednesday: no class
    answer = kitchen.post(
        address(schools),
        {
            "name_1_2": "Merlu",
            "allergens_1_2": ["poisson"],
            "labels_1_2": ["peche-durable"],
            "name_2_2": "Pâtes",
            "allergens_2_2": ["aucun"],
            "vegetarian_2": "on",
            "published": "on",
            "note": "Semaine du goût",
        },
        follow=True,
    )
    page = answer.content.decode()
    assert "C’est enregistré" in page
    assert "2 repas sur 4" in page
    fish, pasta = Dish.objects.all()
    assert (fish.allergens, fish.labels, pasta.allergens) == (["poisson"], ["peche-durable"], [])
    assert "Semaine du goût" in text(Client(), "/menus/")


def test_a_whole_week_without_a_vegetarian_meal_is_told(schools: MenuGroup, kitchen: Client) -> None:
    dishes = {f"name_{day}_2": "Poulet" for day in (1, 2, 4, 5)}
    page = kitchen.post(address(schools), dishes, follow=True).content.decode()
    assert "Aucun repas végétarien cette semaine" in page
    assert "Allergènes à dire : 4 plats" in page


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"name_1_2": "Merlu", "allergens_1_2": ["aucun", "lait"]}, "pas les deux"),
        ({"allergens_1_2": ["lait"]}, "Donnez le nom de ce plat."),
        ({"name_1_2": "x" * 121}, "Assurez-vous que"),
        ({"name_1_2": "Merlu", "allergens_1_2": ["chocolat"]}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    schools: MenuGroup, kitchen: Client, posted: dict[str, Any], said: str
) -> None:
    page = kitchen.post(address(schools), {**posted, "name_2_2": "Chili sans viande"})
    assert page.status_code == 200
    assert said in page.content.decode()
    assert 'value="Chili sans viande"' in page.content.decode()
    assert not MenuWeek.objects.exists()


def test_a_week_that_changed_meanwhile_is_not_overwritten(
    served: MenuWeek, schools: MenuGroup, kitchen: Client
) -> None:
    page = kitchen.post(address(schools), {"name_1_2": "Lasagnes", "read_at": "2026-11-01T10:00:00+00:00"})
    assert "Quelqu’un a changé cette semaine entre-temps" in page.content.decode()
    assert 'value="Lasagnes"' in page.content.decode()
    assert not Dish.objects.filter(name="Lasagnes").exists()
    read_at = re.search(r'name="read_at" value="([^"]+)"', kitchen.get(address(schools)).content.decode())
    assert read_at
    kitchen.post(address(schools), {"name_1_2": "Lasagnes", "read_at": read_at[1]})
    assert Dish.objects.get().name == "Lasagnes"


def test_an_earlier_week_is_taken_again(served: MenuWeek, schools: MenuGroup, kitchen: Client) -> None:
    later = address(schools, MONDAY + timedelta(weeks=1))
    assert "Commencer par une copie" in kitchen.get(later).content.decode()
    page = kitchen.post(later, {"copier": "oui", "source": served.pk}, follow=True).content.decode()
    assert "Les plats sont repris." in page
    assert 'value="Purée de courge"' in page
    assert kitchen.post(later, {"copier": "oui", "source": ""}).status_code == 200


def test_who_may_not_finds_nothing(served: MenuWeek, schools: MenuGroup) -> None:
    animator = signed_in(AgentFactory(trades=[Trade.FIELD]))
    for shown in ("/gestion/menus/", address(schools), "/gestion/groupes-de-convives/"):
        assert animator.get(shown).status_code == 404
    editor = signed_in(AgentFactory(trades=[Trade.EDITOR]))
    for shown in ("/gestion/menus/", address(schools), "/gestion/groupes-de-convives/nouveau/"):
        assert editor.get(shown).status_code == 200
