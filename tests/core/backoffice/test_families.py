"""The list of families and the sheet that holds everything about one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.contracts.access import Trade
from core.contracts.pages import Panel
from core.families.models import Quotient
from core.testing.factories import (
    AgentFactory,
    ChildFactory,
    ContactFactory,
    FamilyFactory,
    GuardianFactory,
    QuotientFactory,
    SiteFactory,
    UserFactory,
)
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

LIST = "/gestion/familles/"


@pytest.fixture
def childhood(client):
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    return client


def sheet(family):
    return f"{LIST}{family.pk}/"


def quotient(**values):
    fields = {"value": "520,50", "kind": "caf", "month": "2026-11", "valid_from": "2026-11-23", **values}
    return {f"quotient-{name}": value for name, value in fields.items()}


def test_an_empty_house(childhood):
    assert "apparaîtront ici" in childhood.get(LIST).content.decode()


def test_the_list_searches_pages_and_keeps_the_query(childhood):
    for number in range(30):
        GuardianFactory(family__name=f"Famille Été {number:02}", person__user=None)
    page = childhood.get(LIST, {"q": "ete", "page": "2"}).content.decode()
    assert "30 familles" in page
    assert "Page 2 sur 2" in page
    assert "q=ete" in page
    assert page.count("Famille Été") == 5
    assert "Aucune famille ne porte « zzz »" in childhood.get(LIST, {"q": "zzz"}).content.decode()


def test_the_list_costs_the_same_for_a_full_page(childhood, django_assert_max_num_queries):
    for number in range(25):
        guardian = GuardianFactory(family__name=f"Famille {number:02}", person__user=None)
        ChildFactory.create_batch(2, families=[guardian.family])
    childhood.get(LIST)
    with django_assert_max_num_queries(13):
        childhood.get(LIST)


def test_the_sheet_holds_everything_on_one_page(childhood):
    guardian = GuardianFactory(person__first_name="Claire", person__phone="06 12 34 56 78")
    family = guardian.family
    ChildFactory(families=[family], site=SiteFactory(name="École Chopin"), person__first_name="Noé")
    ChildFactory.create_batch(3, families=[family])
    ContactFactory(family=family, name="Jeanne Roux")
    QuotientFactory(family=family, value_cents=52_000)
    childhood.get(sheet(family))
    with CaptureQueriesContext(connection) as made:
        page = childhood.get(sheet(family)).content.decode()
    # Savepoints are those of the test's own transaction: a request has none.
    assert len([query for query in made if "SAVEPOINT" not in query["sql"]]) <= 20
    for shown in ("Claire", "06 12 34 56 78", "Noé", "École Chopin", "Jeanne Roux", "520,00", "janvier 2026"):
        assert shown in page.replace("\u202f", " ").replace("\u00a0", " "), shown


def test_a_family_without_anybody(childhood):
    page = childhood.get(sheet(FamilyFactory(name="Famille Vide"))).content.decode()
    for empty in ("Aucun responsable légal", "Aucun enfant", "Personne n’est noté", "Aucun quotient"):
        assert empty in page


def test_a_quotient_joins_the_history(childhood):
    family = GuardianFactory().family
    QuotientFactory(family=family, value_cents=40_000, month=date(2025, 1, 1), valid_from=date(2025, 1, 1))
    answer = childhood.post(sheet(family), quotient())
    assert answer.status_code == 302
    assert list(family.quotients.values_list("value_cents", "month", "valid_from")) == [
        (52_050, date(2026, 11, 1), date(2026, 11, 23)),
        (40_000, date(2025, 1, 1), date(2025, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": "beaucoup"}, "value"),
        ({"value": "-3"}, "value"),
        ({"value": "1,234"}, "value"),
        ({"month": "2026-12"}, "valid_from"),
        ({"valid_from": "2026-01-01"}, "valid_from"),
        ({"month": ""}, "month"),
    ],
)
def test_a_quotient_that_cannot_be(childhood, wrong, field):
    family = QuotientFactory(valid_from=date(2026, 1, 1)).family
    answer = childhood.post(
        sheet(family), quotient(month="2026-01", **wrong) if "month" not in wrong else quotient(**wrong)
    )
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert family.quotients.count() == 1


@pytest.mark.parametrize(
    ("trade", "reads", "adds"),
    [(Trade.CHILDHOOD, True, True), (Trade.BILLING, True, False), (Trade.CASHIER, False, False)],
)
def test_each_trade_sees_what_it_needs(client, trade, reads, adds):
    client.force_login(AgentFactory(trades=[trade]))
    family = QuotientFactory(value_cents=52_000, family=GuardianFactory().family).family
    page = client.get(sheet(family)).content.decode()
    assert ("520,00" in page) is reads
    assert ("Ajouter un quotient" in page) is adds
    assert client.post(sheet(family), quotient()).status_code == (302 if adds else 404)
    assert Quotient.objects.count() == (2 if adds else 1)


@pytest.mark.parametrize("trades", [None, [Trade.KITCHEN], [Trade.WRITER]])
def test_others_find_nothing(client, trades):
    family = FamilyFactory()
    client.force_login(AgentFactory(trades=trades) if trades else UserFactory())
    assert client.get(LIST).status_code == 404
    assert client.get(sheet(family)).status_code == 404


def test_an_unknown_family(childhood):
    assert childhood.get(f"{LIST}8f14e45f-ceea-467f-a830-5a5d5d5d5d5d/").status_code == 404


def test_panels_of_plugins_stand_on_the_sheet(childhood):
    family = GuardianFactory().family

    def panels(context):
        return [
            Panel(
                title=f"Bonjour {context.name}",
                template="backoffice/progress.html",
                context={"value": 1, "max": 3, "label": "Étape"},
                more_label="Tout voir",
                more_url="/ailleurs/",
            )
        ]

    with fake_plugin("bavard", family_sheet_panels=panels):
        page = childhood.get(sheet(family)).content.decode()
    assert f"Bonjour {family.name}" in page
    assert "<progress" in page
    assert 'href="/ailleurs/"' in page


def test_a_plugin_that_fails_leaves_a_labelled_box(childhood):
    family = GuardianFactory(family__name="Famille Debout").family

    def broken(context):
        raise RuntimeError("boom")

    with fake_plugin("casse", family_sheet_panels=broken):
        page = childhood.get(sheet(family)).content.decode()
    assert "Famille Debout" in page
    assert "casse" in page
    assert "n’a pas pu montrer sa partie" in page
