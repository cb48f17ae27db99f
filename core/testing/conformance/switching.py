"""Off means off: whatever shows a plugin shows nothing of it, at once, without a restart; on again, all is back."""

from collections.abc import Callable
from contextlib import ExitStack
from unittest.mock import patch

import pytest

from core.contracts.plugin import Plugin
from core.kernel import manager
from core.kernel.models import PluginState
from core.testing.conformance.context import People, rule
from core.testing.conformance.gates import GATES, Watch

__all__ = ["test_off_leaves_no_trace_and_on_brings_everything_back"]


@rule("switching")
@pytest.mark.parametrize("gate", GATES)
@pytest.mark.django_db
def test_off_leaves_no_trace_and_on_brings_everything_back(plugin: Plugin, gate: str, people: People) -> None:
    watch = Watch(plugin, people)
    before = GATES[gate].traces(watch)
    assert before or GATES[gate].hook not in manager.hooks_of(plugin.slug), "on, nothing of it is seen"
    switch(plugin, False)
    with not_asked(plugin):
        assert GATES[gate].traces(watch) == set()
    switch(plugin, True)
    assert GATES[gate].traces(watch) == before


def switch(plugin: Plugin, enabled: bool) -> None:
    PluginState.objects.update_or_create(slug=plugin.slug, defaults={"enabled": enabled})


def not_asked(plugin: Plugin) -> ExitStack:
    """While it is off a plugin is not even asked: each of its hooks would stop the test."""
    stack = ExitStack()
    for name in manager.hooks_of(plugin.slug):
        asked = _asked(plugin.slug, name)
        stack.enter_context(patch.object(manager.implementation(name, plugin.slug), "function", asked))
    return stack


def _asked(slug: str, hook: str) -> Callable[..., None]:
    def stop(*args: object) -> None:
        pytest.fail(f"{slug} is off, and {hook} was called")

    return stop
