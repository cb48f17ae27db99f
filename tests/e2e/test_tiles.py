"""The tiles of the leaflet on a phone: each line is reached by arrows, swipe, keyboard, and without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from core.testing.browser import PHONE, Walk

pytestmark = pytest.mark.e2e

FIRST, LAST = "Mon espace, 1 sur 3", "Ma famille, 3 sur 3"


@pytest.fixture
def home(stroll: Callable[..., Walk]) -> Walk:
    person = stroll(PHONE, has_touch=True)
    person.sign_in("parent")
    return person


def where(page: Page) -> Locator:
    return page.locator("[data-tiles-where]")


def links_in_view(page: Page) -> set[str]:
    """Lines whose whole width is on the screen."""
    inside: list[str] = page.locator(".tiles .tile a").evaluate_all(
        """links => links.filter(link => {
            const box = link.getBoundingClientRect();
            return box.left >= 0 && box.right <= window.innerWidth;
        }).map(link => link.getAttribute('href'))"""
    )
    return set(inside)


def all_links(page: Page) -> set[str]:
    found: list[str] = page.locator(".tiles .tile a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(found) >= 6
    return set(found)


def test_by_arrows_alone(home: Walk) -> None:
    page = home.page
    expect(where(page)).to_have_text(FIRST)
    seen = links_in_view(page)
    for words in ("Mon tableau de bord, 2 sur 3", LAST):
        page.get_by_role("button", name="Tuile suivante").click()
        expect(where(page)).to_have_text(words)
        seen |= links_in_view(page)
    assert seen == all_links(page)
    page.get_by_role("button", name="Tuile précédente").click()
    expect(where(page)).to_have_text("Mon tableau de bord, 2 sur 3")


def swipe_left(page: Page, row: Locator) -> None:
    """A finger from the right edge to the left one, event by event, as a touch screen sends them."""
    row.evaluate("row => row.scrollIntoView({ block: 'center' })")
    box = row.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": 330, "y": y}]})
    for x in range(320, 30, -20):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_by_swipe(home: Walk) -> None:
    page = home.page
    row = page.locator("[data-tiles-row]")
    seen = links_in_view(page)
    for words in ("Mon tableau de bord, 2 sur 3", LAST):
        swipe_left(page, row)
        expect(where(page)).to_have_text(words)
        page.wait_for_function("row => row.scrollLeft % 1 === 0", arg=row.element_handle())
        seen |= links_in_view(page)
    assert seen == all_links(page)


def test_by_keyboard(home: Walk) -> None:
    page = home.page
    wanted = all_links(page)
    reached: set[str] = set()
    page.locator("h1").first.click()
    for _ in range(60):
        page.keyboard.press("Tab")
        href = page.evaluate(
            "document.activeElement.closest('.tiles .tile') && document.activeElement.getAttribute('href')"
        )
        if href:
            expect(page.locator(":focus")).to_be_in_viewport(ratio=0.9)
            reached.add(href)
        if reached == wanted:
            break
    assert reached == wanted


def test_without_a_script(stroll: Callable[..., Walk]) -> None:
    person = stroll(PHONE, java_script_enabled=False)
    person.sign_in("parent")
    page = person.page
    lines = page.locator(".tiles .tile a")
    assert lines.count() >= 6
    for line in lines.all():
        expect(line).to_be_visible()
    box = page.locator(".tiles-row").bounding_box()
    assert box and box["width"] <= 390
    expect(page.get_by_role("button", name="Tuile suivante")).to_have_count(0)


def test_nothing_scrolls_sideways_at_320(stroll: Callable[..., Walk]) -> None:
    person = stroll({"width": 320, "height": 640})
    swept = 0
    for path in ("/", "/actualites/", "/documents/", "/contacts/", "/connexion/", "/espace-famille/"):
        swept += _fits(person, path)
    person.sign_in("parent")
    for path in (
        "/espace-famille/",
        "/espace-famille/mon-espace/",
        "/espace-famille/ma-famille/",
        "/espace-famille/reservations/",
        "/espace-famille/factures/",
    ):
        swept += _fits(person, path)
    assert swept == 11


def _fits(person: Walk, path: str) -> int:
    person.go(path)
    wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} is {wide} px too wide"
    return 1
