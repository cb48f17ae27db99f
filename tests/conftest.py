"""What every test leans on. The test day is Monday 23 November 2026 (`PARVIS_TODAY` of the test settings)."""

from collections.abc import Callable

import pytest
from django.core.cache import cache

from core.kernel import configuration
from core.kernel.models import PluginState


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    """No test sees what another left in the cache or in the memory of the process."""
    cache.clear()
    configuration.forget()


@pytest.fixture
def switch(db: None) -> Callable[[str, bool], None]:
    """`switch("enfance", False)`: the row that each request reads."""

    def set_state(slug: str, enabled: bool) -> None:
        PluginState.objects.update_or_create(slug=slug, defaults={"enabled": enabled})

    return set_state
