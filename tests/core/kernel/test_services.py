"""Switching a plugin: a row, a log, and a refusal when others need it."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.kernel import state
from core.kernel.models import PluginState, PluginSwitch
from core.kernel.services import PluginNeeded, UnknownPlugin, switch_plugin
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_a_switch_is_kept_and_logged_once() -> None:
    with fake_plugin("aa"):
        assert switch_plugin(slug="aa", enabled=False, actor="admin", at=NOW)
        assert not switch_plugin(slug="aa", enabled=False, actor="admin", at=NOW)
        assert "aa" not in state.enabled_slugs()
    assert list(PluginSwitch.objects.values_list("slug", "enabled", "actor")) == [("aa", False, "admin")]


def test_a_plugin_that_others_need_stays_on() -> None:
    with fake_plugin("aa"), fake_plugin("bb", depends_on=("aa",)):
        with pytest.raises(PluginNeeded) as refusal:
            switch_plugin(slug="aa", enabled=False, actor="admin", at=NOW)
        assert refusal.value.slugs == ["bb"]
        switch_plugin(slug="bb", enabled=False, actor="admin", at=NOW)
        switch_plugin(slug="aa", enabled=False, actor="admin", at=NOW)
        with pytest.raises(PluginNeeded):
            switch_plugin(slug="bb", enabled=True, actor="admin", at=NOW)


def test_an_unknown_plugin() -> None:
    with pytest.raises(UnknownPlugin):
        switch_plugin(slug="nowhere", enabled=True, actor="admin", at=NOW)
    assert not PluginState.objects.exists()


def test_the_commands_say_what_they_did() -> None:
    out = StringIO()
    with fake_plugin("aa"):
        call_command("plugin", "disable", "aa", stdout=out)
        call_command("plugin", "disable", "aa", stdout=out)
        call_command("plugins", stdout=out)
    assert "aa : désactivé." in out.getvalue()
    assert "aa était déjà désactivé." in out.getvalue()
    with pytest.raises(CommandError, match="Aucun module"):
        call_command("plugin", "enable", "nowhere")


def test_health(client) -> None:  # type: ignore[no-untyped-def]
    answer = client.get("/sante/")
    assert answer.status_code == 200
    assert answer.json()["etat"] == "ok"
