"""Settings in the hands of agents: form, history, comparison, return, and the file that carries them."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.backoffice.views_settings import lines, shown
from core.contracts.access import Trade
from core.contracts.money import Money
from core.contracts.settings import Boolean, Choice, Colour, Date, Email, Euros, Integer, Text
from core.kernel import configuration, settings
from core.kernel.models import ConfigurationVersion
from core.testing.factories import AgentFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

SCHEMA = (
    Text(name="phrase", label="Phrase d’accueil", help="Une ligne.", default="Bonjour", maximum=20),
    Choice(name="tri", label="Ordre", choices=(("date", "Par date"), ("nom", "Par nom")), default="date"),
    Integer(name="nombre", label="Nombre de lignes", minimum=1, maximum=12, default=3),
    Boolean(name="ouvert", label="Ouvert à tous", default=True),
    Email(name="courriel", label="Adresse du service", required=False),
    Euros(name="frais", label="Frais", default=Money(240), maximum=Money(10_000)),
    Date(name="debut", label="Début", required=False),
    Colour(name="couleur", label="Couleur", default="#0b5870"),
)
PAGE = "/gestion/modules/lent/reglages/"
KEY = "lent.settings"
GOOD = {
    "phrase": "Bienvenue",
    "tri": "nom",
    "nombre": "5",
    "courriel": "",
    "frais": "12,50",
    "debut": "2026-12-03",
    "couleur": "#7A1F2B",
}


@pytest.fixture(autouse=True)
def lent():  # type: ignore[no-untyped-def]
    with fake_plugin("lent", settings_schema=SCHEMA), fake_plugin("nu"):
        yield


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AgentFactory(username="anne", trades=[Trade.ADMIN]))
    return client


def post(client: Client, **changes: str) -> Any:
    after = configuration.last_number(KEY)
    return client.post(PAGE, {**GOOD, "version-after": str(after), **changes}, follow=True)


def control(page: str, name: str) -> str:
    found = re.search(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', page)
    assert found, name
    return found[0]


def test_the_form_is_made_from_the_schema(admin: Client) -> None:
    page = admin.get(PAGE).content.decode()
    assert "Réglages : lent" in page
    assert "Réglages d’origine" in page
    assert 'value="Bonjour"' in control(page, "phrase")
    assert 'min="1" max="12"' in control(page, "nombre")
    assert "checked" in control(page, "ouvert")
    assert 'type="email"' in control(page, "courriel")
    assert 'value="2,40"' in control(page, "frais")
    assert 'type="date"' in control(page, "debut")
    assert 'type="color"' in control(page, "couleur")
    assert "Adresse du service (facultatif)" in page
    assert not re.search(r'\s(style|on[a-z]+)="', page.split("<main")[1].split("</main>")[0])


def test_saving_writes_a_version_and_says_who(admin: Client) -> None:
    page = post(admin, **{"version-note": "Pour la rentrée"}).content.decode()
    assert "C’est enregistré (version 1)" in page
    assert settings.values("lent") == {
        "phrase": "Bienvenue",
        "tri": "nom",
        "nombre": 5,
        "ouvert": False,
        "courriel": "",
        "frais": Money(1250),
        "debut": date(2026, 12, 3),
        "couleur": "#7a1f2b",
    }
    assert re.search(r"Version 1</a></th>\s*<td>[^<]+<span[^>]*>en service", page)
    assert "anne" in page
    assert "Pour la rentrée" in page
    assert "Rien n’a changé" in post(admin).content.decode()
    assert ConfigurationVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("phrase", "x" * 21, "20 signes au plus"),
        ("phrase", "", "ne peut pas rester vide"),
        ("tri", "prix", "Sélectionnez un choix valide"),
        ("nombre", "13", "de 1 à 12"),
        ("nombre", "beaucoup", "de 1 à 12"),
        ("courriel", "mairie@", "adresse électronique"),
        ("frais", "100,01", "100,00"),
        ("frais", "dix", "un montant"),
        ("debut", "hier", "une date"),
        ("couleur", "rouge", "par son code"),
    ],
)
def test_a_refusal_says_what_to_write_and_keeps_the_rest(
    admin: Client, name: str, typed: str, said: str
) -> None:
    page = post(admin, **{name: typed}).content.decode()
    assert said in page
    assert 'aria-invalid="true"' in control(page, name)
    assert f'aria-describedby="id_{name}' in control(page, name)
    other = "tri" if name == "nombre" else "nombre"
    assert (
        '<option value="nom" selected' in page if other == "tri" else 'value="5"' in control(page, "nombre")
    )
    assert not ConfigurationVersion.objects.exists()


def test_of_two_agents_the_second_keeps_what_was_written(admin: Client) -> None:
    post(admin)
    page = post(admin, nombre="7", **{"version-after": "0"}).content.decode()
    assert "anne a enregistré une autre version entre-temps" in page
    assert 'value="7"' in control(page, "nombre")
    assert 'value="1"' in control(page, "version-after")
    assert "version 2" in post(admin, nombre="7").content.decode()


def test_a_version_is_compared_with_another(admin: Client) -> None:
    post(admin)
    post(admin, nombre="7", frais="3", ouvert="on")
    post(admin, nombre="8")
    page = admin.get(f"/gestion/configuration/{KEY}/2/").content.decode()
    assert "Ce qui change depuis la version 1" in page
    cells = re.findall(r'<th scope="row">([^<]+)</th><td>([^<]*)</td><td>([^<]*)</td>', page)
    assert cells == [
        ("Frais", str(Money(1250)), str(Money(300))),
        ("Nombre de lignes", "5", "7"),
        ("Ouvert à tous", "non", "oui"),
    ]
    page = admin.get(f"/gestion/configuration/{KEY}/2/?avec=3").content.decode()
    assert "depuis la version 3" in page
    first = admin.get(f"/gestion/configuration/{KEY}/1/?avec=abc").content.decode()
    assert "première version" in first
    for wrong in (f"{KEY}/9", "nobody.settings/1"):
        assert admin.get(f"/gestion/configuration/{wrong}/").status_code == 404


def test_an_old_version_comes_back_as_a_new_one(admin: Client) -> None:
    post(admin)
    post(admin, nombre="7")
    ask = admin.get(f"/gestion/configuration/{KEY}/1/retablir/").content.decode()
    assert "Nombre de lignes : 7 → 5" in ask
    assert configuration.last_number(KEY) == 2
    page = admin.post(f"/gestion/configuration/{KEY}/1/retablir/", follow=True).content.decode()
    assert "La version 1 est rétablie (version 3)" in page
    assert settings.values("lent")["nombre"] == 5


def test_a_version_that_no_longer_fits_is_not_restored(admin: Client) -> None:
    ConfigurationVersion(
        key=KEY,
        number=1,
        document={"phrase": "x" * 30},
        author="x",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    ).save()
    page = admin.post(f"/gestion/configuration/{KEY}/1/retablir/", follow=True).content.decode()
    assert "20 signes au plus" in page
    assert configuration.last_number(KEY) == 1


class TestFile:
    def export(self, admin: Client, *keys: str) -> Any:
        return admin.get("/gestion/configuration/exporter/", {"cle": list(keys)})

    def read(self, admin: Client, content: bytes) -> str:
        upload = SimpleUploadedFile("reglages.json", content, "application/json")
        return str(admin.post("/gestion/configuration/", {"bundle": upload}).content.decode())

    def test_there_and_back(self, admin: Client) -> None:
        post(admin)
        answer = self.export(admin, KEY)
        assert answer["Content-Disposition"] == 'attachment; filename="parvis-reglages-2026-11-23.json"'
        post(admin, nombre="9")
        page = self.read(admin, answer.content)
        assert "<td>9</td><td>5</td>" in page
        assert settings.values("lent")["nombre"] == 9
        admin.post("/gestion/configuration/importer/", {"bundle": answer.content.decode()})
        assert settings.values("lent")["nombre"] == 5
        assert configuration.history(KEY)[0].note == "Repris d’un fichier."
        assert "dit la même chose" in self.read(admin, answer.content)

    def test_the_list_says_what_was_chosen(self, admin: Client) -> None:
        page = admin.get("/gestion/configuration/").content.decode()
        assert "réglages d’origine" in page
        assert "Exporter dans un fichier" not in page
        assert f'href="{PAGE}"' in page
        post(admin)
        page = admin.get("/gestion/configuration/").content.decode()
        assert f'value="{KEY}"' in page
        assert "Exporter dans un fichier" in page

    def test_what_cannot_be_taken_changes_nothing(self, admin: Client) -> None:
        post(admin)
        made = json.loads(self.export(admin, KEY).content)
        made["entries"][0]["document"]["nombre"] = 6
        assert "a changé depuis son export" in self.read(admin, json.dumps(made).encode())
        assert "pas un fichier de configuration" in self.read(admin, b"\xff\xfe{")
        assert "trop gros" in self.read(admin, b" " * 1_000_001)
        page = admin.post("/gestion/configuration/importer/", {"bundle": json.dumps(made)}, follow=True)
        assert "a changé depuis son export" in page.content.decode()
        assert configuration.last_number(KEY) == 1

    def test_nothing_to_export(self, admin: Client) -> None:
        assert self.export(admin, KEY).status_code == 302
        assert self.export(admin, "nobody.settings").status_code == 404


def test_addresses_that_lead_nowhere(admin: Client) -> None:
    assert admin.get("/gestion/modules/nu/reglages/").status_code == 404
    assert admin.get("/gestion/modules/personne/reglages/").status_code == 404
    assert admin.get("/gestion/configuration/importer/").status_code == 302


def test_the_history_is_cheap(admin: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(1, 26):
        post(admin, nombre=str(number % 12 + 1))
    admin.get(PAGE)
    with django_assert_max_num_queries(16) as few:
        page = admin.get(PAGE).content.decode()
    assert "Page 1 sur 2" in page
    with django_assert_max_num_queries(len(few)):
        admin.get("/gestion/configuration/")


@pytest.mark.parametrize("trade", [trade for trade in Trade if trade is not Trade.ADMIN])
def test_nobody_else(client: Client, trade: Trade) -> None:
    client.force_login(AgentFactory(trades=[trade]))
    for address in (
        PAGE,
        "/gestion/configuration/",
        "/gestion/configuration/exporter/",
        f"/gestion/configuration/{KEY}/1/",
        "/gestion/apparence/",
    ):
        assert client.get(address).status_code == 404, address
    assert client.post(PAGE, GOOD).status_code == 404
    assert not ConfigurationVersion.objects.exists()


def test_words_of_values() -> None:
    by_name = {field.name: field for field in SCHEMA}
    assert shown("nom", by_name["tri"]) == "Par nom"
    assert shown("2026-12-03", by_name["debut"]) == "jeudi 3\u00a0décembre\u00a02026"
    assert shown(None) == shown("") == "—"
    assert shown("12.999", by_name["frais"]) == "12.999"
    assert shown({"prix": 1}) == '{"prix": 1}'


def test_a_document_without_a_schema_speaks_by_its_names() -> None:
    found = lines(object(), configuration.compare({"tranches": [{"prix": "2.40"}]}, {"tranches": []}))
    assert [(line.label, line.before, line.after) for line in found] == [
        ("tranches › 1", '{"prix": "2.40"}', "—")
    ]
