"""The conformance suite on every plugin that is installed here; and two traces planted, to see that it sees them."""

import pytest

from core.backoffice import screens
from core.kernel import discovery, gates
from core.kernel.models import PluginState
from core.testing.conformance import *  # noqa: F403
from core.testing.conformance.context import People
from core.testing.conformance.switching import Watch, traces, watch


@pytest.fixture
def off(people: People) -> Watch:
    """A plugin with screens, switched off."""
    slug = min(entry.slug for entry in screens.entries() if entry.slug)
    seen = watch(next(plugin for plugin in discovery.installed().plugins if plugin.slug == slug), people)
    PluginState.objects.update_or_create(slug=slug, defaults={"enabled": False})
    return seen


def test_a_planted_menu_entry_is_seen(off: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A menu entry that forgets its gate."""
    assert traces(off)["back office"] == set()
    monkeypatch.setattr(screens.Entry, "is_shown", lambda entry, user: user.has_perm(entry.screen.permission))
    assert traces(off)["back office"]


def test_a_planted_open_gate_is_seen(off: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates.PluginURLResolver, "resolve", gates.URLResolver.resolve)
    assert traces(off)["addresses"]
