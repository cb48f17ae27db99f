"""Agents' screens in a real browser: the script policy holds everywhere outside the two editors' prefixes."""

from collections.abc import Callable

import pytest

from core.testing.browser import DESKTOP, PHONE, Walk

pytestmark = pytest.mark.e2e

AGENTS = (
    "admin",
    "enfance",
    "facturation",
    "regie",
    "redaction",
    "validation",
    "directeur",
    "animateur",
    "cuisine",
)

WAGTAIL = (
    "/gestion/users/",
    "/gestion/users/new/",
    "/gestion/groups/new/",
    "/gestion/redirects/add/",
    "/gestion/workflows/add/",
    "/gestion/collections/",
    "/gestion/reports/site-history/",
    "/gestion/account/",
    "/gestion/images/",
    "/gestion/images/multiple/add/",
    "/gestion/documents/",
    "/gestion/documents/multiple/add/",
    "/gestion/rien/",
    "/api/v1/docs/",
)


def settle(agent: Walk, path: str) -> None:
    agent.go(path)
    agent.page.wait_for_load_state("networkidle")


def screens(agent: Walk) -> list[str]:
    """Addresses of the agent's home page: the screens of the trade."""
    settle(agent, "/gestion/")
    links = agent.page.locator(".g-doors a")
    return [links.nth(rank).get_attribute("href") or "" for rank in range(links.count())]


def test_no_screen_breaks_the_policy(walk: Callable[..., Walk]) -> None:
    """The screens of every trade, each once, then those of Wagtail that the administration opens."""
    agent = walk(DESKTOP)
    seen: set[str] = set()
    for username in AGENTS:
        agent.sign_in(username)
        new = [path for path in screens(agent) if path not in seen]
        for path in new:
            settle(agent, path)
        seen.update(new)
        agent.sign_out()
    agent.sign_in("admin")
    for path in WAGTAIL:
        settle(agent, path)
    assert len(seen) >= 20
    assert agent.violations == []


def test_what_wagtail_starts_by_scripts_still_starts(walk: Callable[..., Walk]) -> None:
    """Choosers and inline panels, whose inline scripts became attributes (decision 0010)."""
    admin = walk(DESKTOP)
    admin.sign_in("admin")
    settle(admin, "/gestion/redirects/add/")
    admin.page.locator("[data-chooser-action-choose]").first.click()
    admin.page.locator(".modal-content table").wait_for()
    settle(admin, "/gestion/workflows/add/")
    tasks = admin.page.locator(".task-chooser")
    before = tasks.count()
    admin.page.get_by_role("button", name="tâche").last.click()
    assert tasks.count() == before + 1
    tasks.last.locator("[data-chooser-action-choose]").first.click()
    admin.page.locator(".modal-content form").first.wait_for()
    assert admin.violations == []


def test_a_family_is_found_and_read(walk: Callable[..., Walk]) -> None:
    for size in (DESKTOP, PHONE):
        agent = walk(size)
        agent.sign_in("enfance")
        settle(agent, "/gestion/familles/")
        agent.check()
        agent.page.locator(".g-table tbody a").first.click()
        agent.page.get_by_role("heading", name="Responsables légaux").wait_for()
        agent.page.wait_for_load_state("networkidle")
        agent.check()
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert agent.page.evaluate(width) == 0


def test_a_module_is_switched_off_and_on(walk: Callable[..., Walk]) -> None:
    admin = walk(DESKTOP)
    admin.sign_in("admin")
    settle(admin, "/gestion/modules/")
    admin.check()
    for verb in ("Désactiver", "Activer"):
        admin.page.get_by_role("link", name=f"{verb} Actualités").click()
        admin.page.get_by_role("button", name=f"{verb} le module").click()
        admin.page.get_by_text("Le module « Actualités » est").wait_for()
        status = admin.page.request.get(f"{admin.base}/actualites/").status
        assert status == (404 if verb == "Désactiver" else 200)
    assert admin.violations == []


def test_an_editor_runs_no_inline_script(walk: Callable[..., Walk]) -> None:
    """Rich text, a chooser in a row that is added, and preview of the first article."""
    editor = walk(DESKTOP)
    editor.sign_in("validation")
    settle(editor, "/gestion/pages/search/?q=cantine&content_type=actualites.newspage")
    editor.page.locator("main table a[href*='/edit/']").first.click()
    editor.page.wait_for_load_state("networkidle")
    editor.page.locator(".public-DraftEditor-content").first.click()
    editor.page.keyboard.type("Bonjour ")
    editor.page.locator("#id_documents-ADD").click()
    editor.page.locator("[data-chooser-action-choose]:visible").first.click()
    editor.page.locator(".modal-content").wait_for()
    assert editor.violations == []
