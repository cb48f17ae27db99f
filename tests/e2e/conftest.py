"""The demo commune in a real server, a copy for each test, walked with the distribution's chromium."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from core.testing.browser import Walk, launch_args, walks
from core.testing.server import TODAY, serving

__all__ = ["SHOTS", "TODAY"]

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(os.environ.get("PARVIS_SHOTS", ROOT / "var" / "captures"))

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_args()


@pytest.fixture
def town(seeded: Path, tmp_path: Path) -> Iterator[str]:
    with serving(seeded, tmp_path / "var") as base:
        yield base


@pytest.fixture
def walk(browser: Browser, town: str) -> Iterator[Callable[..., Walk]]:
    """`walk(PHONE)`: somebody with a screen of that size, in a town of one's own that the test may change.

    Options of the browser (`java_script_enabled=False`…) pass through.
    """
    with walks(browser, town) as open_page:
        yield open_page
