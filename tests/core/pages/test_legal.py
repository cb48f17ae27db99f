"""Pages that the law asks for: always there, filled by agents, never better than what was audited."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from core.contracts import settings as contract
from core.contracts.plugin import PersonalData
from core.contracts.settings import Lines
from core.kernel import clock, configuration, state
from core.kernel.settings import Sheet
from core.pages import legal
from core.pages.models import ContentPage, HomePage
from core.testing.factories import AgentFactory
from core.testing.hooks import fake_plugin
from core.town.demo import load_town

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
ADDRESSES = ("/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/plan-du-site/")


def write(sheet: Sheet, **values: Any) -> None:
    defaults = {field.name: field.default for field in sheet.schema}
    configuration.record(
        key=sheet.key,
        document=contract.document(sheet.schema, defaults | values),
        after=configuration.last_number(sheet.key),
        author="essai",
        at=clock.now(),
    )


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_town_that_wrote_nothing_has_the_page_all_the_same(
    home: HomePage, client: Client, address: str
) -> None:
    assert settings.PARVIS_COMMUNE in text(client, address)


def test_without_an_audit_the_site_is_not_conforming(home: HomePage, client: Client) -> None:
    page = text(client, "/accessibilite/")
    assert "non conforme" in page
    assert "Aucun audit" in page
    assert "Défenseur des droits" in page


def test_the_declaration_says_what_agents_wrote(home: HomePage, client: Client) -> None:
    write(
        legal.accessibility(),
        state=legal.PARTIAL, rate=72, audited_on=date(2026, 9, 1), audited_by="Atelier Regard",
        failures="Des PDF anciens : 12 fichiers.\n\n<b>La carte</b>", tested="Firefox et NVDA", phone="05 57 80 81 87",
    )  # fmt: skip
    page = text(client, "/accessibilite/")
    for words in ("partiellement conforme", "72 % des critères", "Atelier Regard", "mardi 1er\u00a0septembre",
                  "Des PDF anciens\u00a0: 12 fichiers.", "&lt;b&gt;La carte&lt;/b&gt;", "Firefox et NVDA",
                  "05 57 80 81 87"):  # fmt: skip
        assert words in page, words
    assert "Aucun audit" not in page
    assert "partiellement conforme" in text(client, "/contacts/")


@pytest.mark.parametrize(
    ("values", "blamed"),
    [
        ({"state": legal.TOTAL, "rate": 100}, "audited_on"),
        ({"state": legal.TOTAL, "rate": 99, "audited_on": TODAY}, "rate"),
        ({"state": legal.PARTIAL, "rate": 49, "audited_on": TODAY}, "rate"),
        ({"state": legal.PARTIAL, "rate": None, "audited_on": TODAY}, "rate"),
    ],
)
def test_a_state_is_never_better_than_its_audit(values: dict[str, Any], blamed: str) -> None:
    sheet = legal.accessibility()
    defaults = {field.name: field.default for field in sheet.schema}
    assert blamed in sheet.problems(contract.document(sheet.schema, defaults | values))


def test_agents_write_it_in_the_back_office(home: HomePage, client: Client) -> None:
    client.force_login(AgentFactory(is_superuser=True))
    for slug, words in (("accessibilite", "État de conformité"), ("mentions", "Hébergeur")):
        page = text(client, f"/gestion/modules/{slug}/reglages/")
        assert words in page
        assert "<textarea" in page
        assert slug in text(client, "/gestion/configuration/")


def test_lines_keep_their_ends_and_nothing_that_nobody_sees() -> None:
    field = Lines(name="x", label="X", maximum=20, required=False)
    assert field.store("un\r\ndeux\n") == "un\ndeux"
    assert field.fits("un\ndeux")
    assert not field.fits("un\x07")
    assert not field.fits("x" * 21)
    assert legal.lines("un\n\n  deux \n") == ["un", "deux"]


def test_the_notice_names_who_publishes_and_who_hosts(home: HomePage, client: Client) -> None:
    write(
        legal.notice(), director="La maire", host="Hébergement du Port", host_address="1 quai\n33000 Bordeaux"
    )
    page = text(client, "/mentions-legales/")
    assert "La maire" in page
    assert "1 quai<br>33000 Bordeaux" in page


def test_personal_data_follows_the_plugins_that_are_on(
    home: HomePage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = (PersonalData("leçons et instruments", ("Lesson",)),)
    with fake_plugin("musique") as plugin, monkeypatch.context() as patch:
        patch.setattr(
            state, "enabled", lambda: [replace(plugin, personal_data=kept, summary="Apprendre à jouer.")]
        )
        page = text(client, "/donnees-personnelles/")
    assert "leçons et instruments" in page
    assert "Apprendre à jouer." in page
    assert "leçons et instruments" not in text(client, "/donnees-personnelles/")
    monkeypatch.setattr(state, "serves", lambda audience: False)
    assert "Dossier de la famille" not in text(client, "/donnees-personnelles/")


def test_the_map_of_the_site_shows_the_tree_and_nothing_hidden(
    home: HomePage, simple_page: ContentPage, client: Client
) -> None:
    load_town(today=TODAY)
    below = simple_page.add_child(instance=ContentPage(title="À vélo", slug="a-velo"))
    simple_page.add_child(instance=ContentPage(title="Brouillon", slug="brouillon", live=False))
    page = text(client, "/plan-du-site/")
    assert 'href="/se-deplacer/"' in page
    assert f'href="/se-deplacer/{below.slug}/"' in page
    assert "Brouillon" not in page
    assert 'href="/contacts/ecrire/"' in page
