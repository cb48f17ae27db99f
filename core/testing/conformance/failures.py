"""Each hook of a plugin is made to raise: pages are served, money stops and names it, the health page counts."""

import inspect
from unittest.mock import patch

import pytest

from core.contracts.plugin import Plugin
from core.kernel import calls, discovery, manager, state
from core.testing.conformance.context import People, rule
from core.testing.hooks import HookRaised, hook_raises

__all__ = ["test_each_of_its_hooks_may_raise"]

PAGES = ("/", "/espace-famille/", "/gestion/", "/api/v1/")


@rule("failures")
def test_each_of_its_hooks_may_raise(
    plugin: Plugin, people: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("PARVIS_PLUGINS_STRICT", raising=False)
    for spec in manager.specifications():
        name = spec.__name__
        if name not in manager.hooks_of(plugin.slug):
            continue
        nothing = dict.fromkeys(inspect.signature(spec).parameters)
        before = _failures(plugin.slug, people)
        with hook_raises(plugin.slug, name), patch.object(state, "enabled", lambda: [plugin]):
            match spec.parvis_kind:  # type: ignore[attr-defined]
                case "collect":
                    calls.collect(spec, **nothing)
                case "strict":
                    with pytest.raises(calls.ContributionFailed) as failure:
                        list(calls.strict(spec, **nothing))
                    assert failure.value.slug == plugin.slug
                case "notify":
                    with pytest.raises(HookRaised):
                        calls.tell(spec, plugin.slug, None)
                case "boot":
                    calls.boot(spec)
                    assert plugin.slug in {item.slug for item in discovery.quarantined()}, name
                    _refuses_in_strict_mode(spec, monkeypatch)
        with hook_raises(plugin.slug, name):
            _serves(people, name)
        assert _failures(plugin.slug, people) > before, name
    _serves(people, "all is well again")


def _failures(slug: str, people: People) -> int:
    count: int = people.visitor.get("/sante/").json()["echecs"].get(slug, 0)
    return count


def _refuses_in_strict_mode(spec: object, monkeypatch: pytest.MonkeyPatch) -> None:
    calls.boot.cache_clear()
    monkeypatch.setenv("PARVIS_PLUGINS_STRICT", "1")
    with pytest.raises(discovery.PluginError):
        calls.boot(spec)
    monkeypatch.delenv("PARVIS_PLUGINS_STRICT")


def _serves(people: People, what: str) -> None:
    assert people.visitor.get("/").status_code == 200, what
    for client in (people.parent, people.admin):
        for page in PAGES:
            status = client.get(page).status_code
            assert status in (200, 302, 404), (what, page, status)
