from collections.abc import Iterator
from typing import Any

import pytest

from core.testing.fixtures import *  # noqa: F403
from core.testing.hooks import fake_plugin


def no_tiles(context: Any) -> list[Any]:
    return []


@pytest.fixture(autouse=True)
def lent() -> Iterator[None]:
    """A plugin for families, so that the Espace Famille exists."""
    with fake_plugin("lent", family_tiles=no_tiles):
        yield
