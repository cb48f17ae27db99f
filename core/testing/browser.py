"""Walks through pages as a person does: counts taps, looks at each page, takes pictures."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


def launch_args() -> dict[str, Any]:
    """How the distribution's chromium is started; without its sandbox only for root, where it has none."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        None,
    )
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    return {"executable_path": found, "args": [*quiet, *(["--no-sandbox"] if os.geteuid() == 0 else [])]}


class Walk:
    """One person on one page after the other.

    A tap is each click, choice or confirmation after sign-in from the page's usual entry; typing and scrolling do not
    count. A screen is each full view that one fills or confirms on the way. `check()` fails on what axe finds and on
    any violation of the script policy met since the page was opened.
    """

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.taps = 0
        self.screens = 0
        self.checked: list[str] = []
        self.violations: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.violations.append(str(error)))

    def _listen(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.violations.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def tap(self, target: str | Locator) -> None:
        """A click, by the words that one reads (link or button) or on a locator."""
        locator = self.named(target) if isinstance(target, str) else target
        locator.click()
        self.taps += 1

    def screen(self) -> None:
        """One more full view to fill or to confirm."""
        self.screens += 1

    def named(self, words: str) -> Locator:
        link = self.page.get_by_role("link", name=words)
        button = self.page.get_by_role("button", name=words)
        return link.or_(button).filter(visible=True).first

    def sign_in(self, username: str, password: str = "parvis-demo-2026") -> None:  # noqa: S107 - the demo's own
        self.go("/connexion/")
        self.page.get_by_label("Identifiant ou adresse électronique").fill(username)
        self.page.get_by_label("Mot de passe", exact=True).fill(password)
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.wait_for_load_state()
        self.taps = 0

    def sign_out(self) -> None:
        self.page.context.clear_cookies()

    def check(self, *schemes: str, exclude: tuple[str, ...] = ()) -> None:
        """axe in each colour scheme (light and dark unless said), and the script policy."""
        self.page.wait_for_load_state()
        for scheme in schemes or ("light", "dark"):
            with self.scheme(scheme):
                context = {"exclude": [[part] for part in exclude]} if exclude else None
                found = Axe().run(self.page, context=context)
                assert found.violations_count == 0, f"{self.page.url} ({scheme})\n{found.generate_report()}"
        self.checked.append(self.page.url)
        assert self.violations == []

    @contextmanager
    def scheme(self, scheme: str) -> Iterator[None]:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        try:
            yield
        finally:
            self.page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def shot(self, folder: Path, name: str, *, full: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=full, animations="disabled")


@contextmanager
def walks(browser: Browser, base: str) -> Iterator[Callable[..., Walk]]:
    """Opens people's browsers on a town: `open_page(PHONE)`; options (`java_script_enabled=False`…) pass through."""
    contexts = []

    def open_page(size: dict[str, int], **options: Any) -> Walk:
        context = browser.new_context(viewport=size, locale="fr-FR", reduced_motion="reduce", **options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Walk(context.new_page(), base)

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
