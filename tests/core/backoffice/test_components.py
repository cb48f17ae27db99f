"""The components page of the demo: every component, its code, by day and by night."""

from typing import Any

import pytest
from django.test import Client
from django.test.signals import template_rendered
from django.utils.html import escape

from core.contracts.access import Trade
from core.testing.factories import AgentFactory, GuardianFactory
from core.ui import showcase

pytestmark = pytest.mark.django_db
PAGE = "/gestion/composants/"


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(AgentFactory(trades=[Trade.KITCHEN]))
    return client


def test_each_component_stands_beside_its_code(agent: Client) -> None:
    page = agent.get(PAGE).content.decode()
    for part in showcase.PARTS:
        assert escape(part.source()) in page
        for theme in ("light", "dark"):
            assert page.count(f"{PAGE}apercu/?partie={part.name}&amp;theme={theme}") == 2


def test_every_file_of_the_showcase_is_a_part_and_is_on_the_whole_page() -> None:
    files = {path.stem for path in (showcase.TEMPLATES / "ui" / "showcase").glob("*.html")}
    assert files == {part.name for part in showcase.PARTS}
    whole = (showcase.TEMPLATES / "ui" / "showcase.html").read_text(encoding="utf-8")
    assert [part.template for part in showcase.PARTS if f'"{part.template}"' not in whole] == []


@pytest.mark.parametrize("part", [*(part.name for part in showcase.PARTS), None])
def test_frames(agent: Client, part: str | None) -> None:
    asked = {"partie": part} if part else {}
    answer = agent.get(f"{PAGE}apercu/", {**asked, "theme": "dark"})
    page = answer.content.decode()
    assert 'data-bs-theme="dark"' in page
    assert "{%" not in page
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert 'data-bs-theme="light"' in agent.get(f"{PAGE}apercu/", asked).content.decode()


def test_the_form_shows_all_that_its_renderer_does(agent: Client) -> None:
    page = agent.get(f"{PAGE}apercu/?partie=form").content.decode()
    for mark in ("error-summary", "field-hint", 'aria-describedby="id_email_helptext', 'value="camille@"'):
        assert mark in page


def test_an_unknown_component(agent: Client) -> None:
    assert agent.get(f"{PAGE}apercu/?partie=autre").status_code == 404


def test_only_in_the_demo_and_only_for_agents(agent: Client, settings) -> None:  # type: ignore[no-untyped-def]
    parent = Client()
    parent.force_login(GuardianFactory().person.user)
    assert parent.get(PAGE).status_code == 404
    settings.PARVIS_DEMO = False
    for address in (PAGE, f"{PAGE}apercu/"):
        assert agent.get(address).status_code == 404


NOT_SHOWN = {
    "base", "site", "family", "narrow",  # frames; their parts begin with an underscore
    "showcase", "showcase_part", "showcase_panel",  # the showcase itself
    "messages", "panel_failed", "forms/formset",  # made of what others already show
}  # fmt: skip


def test_every_template_of_components_is_drawn_by_the_showcase(agent: Client) -> None:
    """Counted while the whole page is drawn: a component that nobody shows is named here."""
    root = showcase.TEMPLATES / "ui"
    files = {str(path.relative_to(root).with_suffix("")) for path in root.glob("**/*.html")}
    components = {name for name in files if not name.startswith(("showcase/", "_"))} - NOT_SHOWN
    drawn: set[str] = set()

    def note(sender: Any, template: Any, **kwargs: Any) -> None:
        drawn.add(str(template.name).removeprefix("ui/").removesuffix(".html"))

    template_rendered.connect(note)
    try:
        agent.get(f"{PAGE}apercu/")
    finally:
        template_rendered.disconnect(note)
    assert components - drawn == set()
    assert len(components) >= 13
