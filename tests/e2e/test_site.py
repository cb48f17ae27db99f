"""The town's own pages as a visitor meets them: what the first visit weighs and asks for, what moves, who reads."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from core.testing.browser import DESKTOP, PHONE, Walk

pytestmark = pytest.mark.e2e

PAGES = (
    "/", "/contacts/", "/contacts/ecrire/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/",
    "/plan-du-site/", "/espace-famille/", "/grandir-a-bassens/", "/venir-a-la-mairie/", "/documents/", "/agenda/",
    "/recherche/?q=cantine", "/donnees-ouvertes/",
)  # fmt: skip
BUDGET = 120_000
"""Bytes over the wire at the first visit, pictures apart (look.md: a slow phone shows the page in two seconds)."""
MOST_REQUESTS = 12
STILL = 0.1
"""Cumulative shift below which a page is said to hold still; letters change their face when the font arrives."""

SHIFTS = """() => { window.moved = 0; window.movers = [];
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
        window.moved += entry.value;
        window.movers.push(...entry.sources.map(one => one.node && one.node.nodeName));
    } }).observe({type: "layout-shift", buffered: true}); }"""


def weigh(page: Page) -> list[Response]:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    return answers


@pytest.mark.parametrize("address", ["/", "/espace-famille/", "/grandir-a-bassens/"])
def test_a_first_visit_is_light_and_asks_nobody_else(stroll: Callable[..., Walk], address: str) -> None:
    person = stroll(PHONE)
    page = person.page
    answers = weigh(page)
    page.add_init_script(f"({SHIFTS})()")
    person.go(address)
    page.wait_for_load_state("networkidle")
    assert {answer.url.split("/", 3)[2] for answer in answers} == {person.base.split("/", 3)[2]}
    others = [answer for answer in answers if answer.request.resource_type != "image"]
    weights = {answer.url: sum(answer.request.sizes()[part] for part in ("responseBodySize", "responseHeadersSize"))
               for answer in others}  # fmt: skip
    assert sum(weights.values()) <= BUDGET, weights
    assert len(others) <= MOST_REQUESTS, weights
    assert page.context.cookies() == []
    for _ in range(12):
        page.mouse.wheel(0, 800)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.moved") < STILL, page.evaluate("window.movers")
    unsized = page.locator("img").evaluate_all(
        "pictures => pictures.filter(one => !one.getAttribute('width') || !one.getAttribute('height')).length"
    )
    assert unsized == 0
    assert person.violations == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_page_of_the_town_is_accessible_in_both_lights(
    stroll: Callable[..., Walk], size: dict[str, int]
) -> None:
    person = stroll(size)
    for address in PAGES:
        person.go(address)
        expect(person.page.get_by_role("heading", level=1)).to_have_count(1)
        person.check()
    assert len(person.checked) == len(PAGES)


def test_nothing_is_wider_than_a_small_phone(stroll: Callable[..., Walk]) -> None:
    person = stroll({"width": 320, "height": 640})
    for address in PAGES:
        person.go(address)
        wide: Any = person.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, address


def test_questions_open_and_a_message_is_written_without_a_script(walk: Callable[..., Walk]) -> None:
    person = walk(PHONE, java_script_enabled=False)
    page = person.page
    person.go("/grandir-a-bassens/")
    page.get_by_text("Nous arrivons en cours d’année.").click()
    page.get_by_role("link", name="écrivez au service Enfance").click()
    page.get_by_label("Sujet").select_option(index=1)
    page.get_by_label("Votre nom").fill("Nora Lacaze")
    page.get_by_label("Votre message").fill("Une place à la cantine ?")
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_label("Votre message")).to_have_value("Une place à la cantine ?")
    page.get_by_label("Votre adresse électronique").fill("nora@exemple.fr")
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_role("heading", name="Votre message est envoyé")).to_be_visible()
