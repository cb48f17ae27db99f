"""Fixtures for the `conftest.py` of a plugin: `from core.testing.fixtures import *`."""

import pytest
from django.core.cache import cache

from core.kernel import configuration

__all__ = ["fresh_memory"]


@pytest.fixture(autouse=True)
def fresh_memory() -> None:
    """No test sees what another left in the cache or in the memory of the process."""
    cache.clear()
    configuration.forget()
