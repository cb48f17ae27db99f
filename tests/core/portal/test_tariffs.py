"""« Calculer mon tarif »: the public simulator, a family's own prices beside those of another life, the grids."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.contracts.family import FamilyContext
from core.contracts.priced import Pace, PricedService, Use
from core.families.models import Guardian
from core.kernel.models import PluginState
from core.pricing.services import import_tariff, publish
from core.testing.factories import ChildFactory, GuardianFactory, QuotientFactory
from core.testing.hooks import fake_plugin
from tests.core.pricing.documents import document

pytestmark = pytest.mark.django_db

ADDRESS, SIMULATOR = "/espace-famille/tarifs/", "/espace-famille/tarifs/simulateur/"
GRID = "/espace-famille/tarifs/grilles/cantine/"
FORMULA = {
    "type": "choice",
    "label": "formule",
    "values": {"day": "journée", "half": "demi-journée"},
}


def canteen(today: date, family: FamilyContext | None) -> list[PricedService]:
    """Four lunches a week for whom is asked about."""
    uses = tuple(Use(child.id, 2) for child in family.children) if family else ()
    return [
        PricedService(code="cantine", label="Cantine", tariff="cantine", pace=Pace(36, 10, 4), uses=uses),
        PricedService(code="sortie", label="Sortie", tariff="sortie", states={"format": "day"}, weight=200),
    ]


@pytest.fixture
def sold(db: None) -> Iterator[None]:
    with fake_plugin("lent", priced_services=canteen):
        yield


@pytest.fixture
def published(sold: None) -> None:
    """Cantine: 1, 2 or 3 € by quotient, 4 € outside the commune; the outing is not published."""
    components = document()["components"]
    components[0]["steps"].append({"kind": "fixed", "amount": "4.00", "when": {"resident": False}})
    publish(version=import_tariff(document=document(components=components)))


@pytest.fixture
def parent(client: Client) -> Guardian:
    guardian: Guardian = GuardianFactory()
    client.force_login(guardian.person.user)
    ChildFactory(families=[guardian.family], person__first_name="Ines")
    QuotientFactory(family=guardian.family, value_cents=52_000)
    return guardian


def text(answer: object) -> str:
    """What is read on a page, without its markup and with plain spaces."""
    content = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]
    return " ".join(content.replace("\u202f", " ").replace("\xa0", " ").split())


def test_a_visitor_asks_without_an_account_and_nothing_is_kept(published: None, client: Client) -> None:
    assert "Sans compte, et rien n’est gardé" in text(client.get(ADDRESS))
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(SIMULATOR, {"qf": "520,50", "resident": "True", "cantine.fois": "2"})
    page = text(answer)
    assert "2,00 € par repas" in page
    assert "2 repas par semaine" in page
    assert "environ 14,40 € par mois, 144,00 € par an" in page
    assert "Quotient familial CAF : 520,50." in page
    assert "Le tarif de cette activité n’est pas encore publié." in page
    reads = ("SELECT", "(SELECT", "SAVEPOINT", "RELEASE", "BEGIN")
    written = [q["sql"] for q in queries if not q["sql"].startswith(reads)]
    assert written == []
    assert Session.objects.count() == 0
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({"qf": "", "resident": "True"}, "3,00 € par repas"),
        ({"qf": "300", "resident": "False"}, "4,00 € par repas"),
        ({"qf": "1 200 €", "resident": "True"}, "3,00 € par repas"),
        ({"qf": "-3", "resident": "True"}, "Il reste un point à corriger"),
        ({"qf": "beaucoup", "resident": "True"}, "Il reste un point à corriger"),
        ({"qf": "300", "resident": "peut-être"}, "Il reste un point à corriger"),
    ],
)
def test_answers_are_read_as_people_write_them(
    published: None, client: Client, typed: dict[str, str], shown: str
) -> None:
    assert shown in text(client.post(SIMULATOR, {"cantine.fois": "4", **typed}))


def test_what_a_tariff_declares_is_asked_unless_the_service_states_it(
    published: None, client: Client
) -> None:
    steps = [
        {"kind": "fixed", "amount": "10.00"},
        {"kind": "fixed", "amount": "6.00", "when": {"format": "half"}},
    ]
    component = {"kind": "care", "product": "sortie", "label": "Sortie", "steps": steps}
    outing = document(
        code="sortie",
        unit="day",
        facts={"format": FORMULA},
        components=[component],
        examples=[{"name": "Journée", "situation": {"format": "day"}, "expected": "10.00"}],
    )
    publish(version=import_tariff(document=outing))
    assert "Formule" not in text(client.get(SIMULATOR)), "the service states it"
    free = [PricedService(code="sortie", label="Sortie", tariff="sortie")]
    with fake_plugin("autre", priced_services=lambda: free):
        PluginState.objects.create(slug="lent", enabled=False)
        assert "Formule" in text(client.get(SIMULATOR))
        assert "6,00 € par journée" in text(client.post(SIMULATOR, {"sortie.format": "half"}))


def test_a_parent_reads_what_each_child_costs_and_why(
    published: None, client: Client, parent: Guardian
) -> None:
    page = text(client.get(ADDRESS))
    assert "Votre quotient familial (QF) : 520, de janvier 2026." in page
    assert "Ines Cantine 2,00 € par repas" in page
    assert "2 repas par semaine : environ 14,40 € par mois, 144,00 € par an" in page
    assert "Tranche" in page or "tranche" in page


def test_another_life_stands_beside_todays(published: None, client: Client, parent: Guardian) -> None:
    lower = text(client.post(ADDRESS, {"qf": "350"}))
    assert "Vous paieriez environ 7,20 € de moins par mois." in lower
    more = text(client.post(ADDRESS, {"plus": "cantine.1"}))
    assert "3 repas par semaine" in more
    assert "Vous paieriez environ 7,20 € de plus par mois." in more
    child = text(client.post(ADDRESS, {"enfant": "on"}))
    assert "Un enfant de plus, Cantine" in child
    assert "14,40 € de plus par mois" in child
    away = text(client.post(ADDRESS, {"commune": "dehors"}))
    assert "environ 14,40 € de plus par mois" in away
    assert "Changez au moins une chose pour comparer." in text(client.post(ADDRESS, {}))
    assert Guardian.objects.get(pk=parent.pk).family.resident, "nothing is written"


def test_who_may_not_read_money_gets_the_public_simulator(
    published: None, client: Client, parent: Guardian
) -> None:
    parent.parental_authority, parent.payer_share = False, 0
    parent.save()
    page = text(client.get(ADDRESS))
    assert "520" not in page
    assert "Sans compte" in page
    assert "Calculer mon tarif" not in text(client.get("/espace-famille/tableau-de-bord/"))


def test_the_grid_is_a_table_with_headers_and_open_data(published: None, client: Client) -> None:
    page = client.get(GRID)
    assert page.content.decode().count('<th scope="col"') == 3
    assert page.content.decode().count('<th scope="row"') == 4
    assert "Jusqu’à 400 inclus 1,00 € 4,00 €" in text(page)
    assert "Délibération du conseil municipal n° 2026-41 du 30 juin 2026." in text(page)
    sheet = client.get(f"{GRID}tarif.pdf")
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF-")
    assert f"{GRID}tarif.pdf" in page.content.decode()
    data = json.loads(client.get(f"{GRID}donnees.json").content)
    assert data["colonnes"] == ["Tarif", "Hors commune"]
    assert data["lignes"][1] == {"quotient": "Plus de 400 et jusqu’à 700 inclus", "prix": ["2.00", "4.00"]}
    assert data["deliberation"] == {"numero": "2026-41", "date": "2026-06-30"}
    for unknown in ("sortie", "inconnu"):
        assert client.get(GRID.replace("cantine", unknown)).status_code == 404


def test_without_a_service_there_is_no_page_and_no_way_to_it(client: Client, parent: Guardian) -> None:
    for plugin in ("enfance", "facturation"):
        PluginState.objects.update_or_create(slug=plugin, defaults={"enabled": False})
    with fake_plugin("lent", priced_services=canteen):
        assert client.get(ADDRESS).status_code == 200
        assert ADDRESS in client.get("/espace-famille/").content.decode()
        PluginState.objects.create(slug="lent", enabled=False)
        with fake_plugin("autre"):
            assert ADDRESS not in client.get("/espace-famille/").content.decode()
            for address in (ADDRESS, SIMULATOR, GRID, f"{GRID}donnees.json", f"{GRID}tarif.pdf"):
                assert client.get(address).status_code == 404


def test_nothing_published_is_said(sold: None, client: Client) -> None:
    assert "Aucun tarif n’est publié pour le moment" in text(client.get(ADDRESS))


@pytest.mark.django_db(transaction=True)
def test_pages_are_cheap(published: None, client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    """Outside a transaction, as a request is."""
    PluginState.objects.create(slug="enfance", enabled=False)
    visitor = Client()
    visitor.get(SIMULATOR)
    with django_assert_max_num_queries(4):
        visitor.get(SIMULATOR)
    with django_assert_max_num_queries(4):
        visitor.get(GRID)
