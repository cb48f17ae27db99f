"""The presentation of the Espace Famille: a page, the reception of a visitor, and a leaflet, from one text."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from core.contracts.demo import Demo
from core.kernel import state
from core.pages.demo import load_pages
from core.pages.leaflet import document, rich
from core.pages.models import SpacePage
from core.pages.selectors import address
from core.town.demo import load_town

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def space(monkeypatch: pytest.MonkeyPatch) -> SpacePage:
    monkeypatch.setattr(state, "serves", lambda audience: True)
    load_town(today=TODAY)
    load_pages(demo=Demo(today=TODAY))
    return SpacePage.objects.get()


WORDS = (
    "À quoi ça sert",
    "Comment ça marche",
    "C’est pour qui",
    "Je pense à",
    "Chaque parent a son propre compte",
)


def test_the_page_and_the_reception_say_the_same(space: SpacePage, client: Client) -> None:
    for where in (address(space), "/espace-famille/"):
        page = client.get(where).content.decode()
        for words in WORDS:
            assert words in page, (where, words)
        assert "Se connecter" in page
        assert f'href="{address(space)}depliant/"' in page
    space.unpublish()
    assert "À quoi ça sert" in client.get("/espace-famille/").content.decode(), (
        "a reception of ours stands in"
    )


def test_the_leaflet_is_printed_from_the_same_text(space: SpacePage, client: Client) -> None:
    response = client.get(f"{address(space)}depliant/")
    assert response["Content-Type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    for words in (
        *WORDS,
        "05 57 80 81 87",
        "06 21 07 19 70",
        "facturation.eej@ville-bassens.fr",
        "espace-famille",
    ):
        assert words.replace("\u00a0", " ") in " ".join(
            text.replace("\u00a0", " ").replace("\u202f", " ").split()
        ), words
    assert len(PdfReader(BytesIO(response.content)).pages) == 1, "the demo's fits on one sheet"
    assert document(space) == document(space)


def test_without_a_service_for_families_there_is_no_presentation(
    space: SpacePage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "serves", lambda audience: False)
    for where in (address(space), f"{address(space)}depliant/"):
        assert client.get(where).status_code == 404
    assert address(space) not in client.get("/plan-du-site/").content.decode()


def test_a_draft_has_no_leaflet(space: SpacePage, client: Client) -> None:
    space.unpublish()
    assert client.get(f"{address(space)}depliant/").status_code == 404


class _Rich:
    def __init__(self, source: str) -> None:
        self.source = source


def test_rich_text_becomes_runs_and_lists() -> None:
    found = rich(
        _Rich("<h3>Titre</h3><p>Un <b>mot</b> &amp; <i>deux</i></p><ul><li>a</li><li><b>b</b></li></ul>")
    )
    assert [node["kind"] for node in found] == ["subheading", "paragraph", "list"]
    assert [(run["text"], run["bold"], run["italic"]) for run in found[1]["runs"]] == [
        ("Un ", False, False),
        ("mot", True, False),
        (" & ", False, False),
        ("deux", False, True),
    ]
    assert [item[0]["text"] for item in found[2]["items"]] == ["a", "b"]
    assert rich(_Rich("")) == []
