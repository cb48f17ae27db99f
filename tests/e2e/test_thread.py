"""The thread of the town: news → sign in → household → canteen → the month's invoice → payment → receipt.

Walked at 390 and 1280 px; the pictures of the README and of the docs are taken here (`PARVIS_SHOTS` says where).
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.testing.browser import DESKTOP, PHONE, Walk
from tests.e2e.conftest import SHOTS

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["390", "1280"])
def test_the_whole_thread(walk: Callable[..., Walk], size: dict[str, int]) -> None:
    width = str(size["width"])
    person = walk(size)
    page = person.page

    # News, as a visitor.
    person.go("/")
    person.check()
    person.shot(SHOTS, f"accueil-{width}")
    person.tap(page.get_by_role("link", name="Vacances de Noël").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vacances de Noël")
    person.check()
    person.shot(SHOTS, f"article-{width}")
    person.go("/espace-famille/")
    person.check()

    # Sign in, household.
    person.go("/connexion/")
    person.check()
    person.sign_in("parent")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Nora")
    person.check()
    person.shot(SHOTS, f"espace-famille-{width}")
    person.go("/espace-famille/mon-espace/")
    expect(page.get_by_text("Sami Lacaze")).to_be_visible()
    person.check()
