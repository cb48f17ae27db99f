"""What every test leans on, beside the fixtures of `core.testing.pytest_plugin`.

The test day is Monday 23 November 2026 (`PARVIS_TODAY` of the test settings).
"""

import pytest
from django.core.cache import cache

from core.kernel import configuration


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    """No test sees what another left in the cache or in the memory of the process."""
    cache.clear()
    configuration.forget()
