"""The pages of a plugin in a real browser: no accessibility fault, no violation of the script policy.

    from core.testing.conformance.browser import *

Pages that take no argument and pages of the site that the demo writes, seen by whom they are for, on a phone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.contracts.plugin import Plugin
from core.testing.browser import PHONE, Walk, launch_args
from core.testing.conformance.context import rule
from core.testing.routes import routes_of
from core.testing.server import page_addresses

__all__ = ["browser_type_launch_args", "test_its_pages_suit_everybody_and_keep_the_script_policy"]

OF_ONE_TYPE = 4
"""Pages of the site that are opened: the first ones, of whatever type."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_args()


@rule("pages")
@pytest.mark.e2e
def test_its_pages_suit_everybody_and_keep_the_script_policy(
    plugin: Plugin, stroll: Callable[..., Walk], seeded: Path
) -> None:
    public = page_addresses(seeded, plugin.slug)[:OF_ONE_TYPE]
    agents, family = [], []
    for route in routes_of(plugin.slug):
        if route.rule and route.is_plain and not route.in_api:
            name = route.rule.name
            (agents if name.startswith("agent:") else public if name == "public" else family).append(
                route.address
            )
    opened = 0
    for account, addresses in (("", public), ("parent", family), ("admin", agents)):
        person = stroll(PHONE)
        if account and addresses:
            person.sign_in(account)
        opened += sum(_suits(person, address) for address in addresses)
    assert opened or not (public or family or agents)


def _suits(person: Walk, address: str) -> bool:
    """Look at one page; what is no page (a feed, a file, a fragment, an address that is posted to) is left."""
    answer = person.page.request.get(person.base + address)
    if answer.status != 200 or not answer.text().lstrip()[:15].lower().startswith("<!doctype html"):
        return False
    person.go(address)
    person.check("light", exclude=WAGTAIL if address.startswith("/gestion/") else ())
    return True


WAGTAIL = ("#wagtail-sidebar", "#header", ".w-slim-header")
"""The frame that Wagtail draws around agents' screens: its own tests look at it."""
