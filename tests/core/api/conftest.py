"""The API of families exists as soon as a plugin speaks to them: here one that is lent."""

from collections.abc import Iterator

import pytest

from core.testing.hooks import fake_plugin


@pytest.fixture(autouse=True)
def _a_plugin_for_families() -> Iterator[None]:
    with fake_plugin("lent"):
        yield
