"""Switching a plugin: a row, a log, and a refusal when others need it."""

import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.contracts.lifecycle import Obstacle
from core.kernel import discovery, state
from core.kernel.models import Delivery, JobRun, PluginState, PluginSwitch
from core.kernel.obstacles import obstacles
from core.kernel.services import InFlight, PluginNeeded, UnknownPlugin, switch_plugin
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


def test_what_is_in_flight_must_have_been_read() -> None:
    act = {"slug": "aa", "enabled": False, "actor": "admin", "at": NOW}
    with fake_plugin("aa", disable_obstacles=lambda: [Obstacle("Un paiement attend.")]):
        with pytest.raises(InFlight, match="Un paiement attend") as refusal:
            switch_plugin(**act, despite=["Autre chose."])
        assert [obstacle.what for obstacle in refusal.value.obstacles] == ["Un paiement attend."]
        assert "aa" in state.enabled_slugs()
        assert switch_plugin(**act, despite=["Un paiement attend."])


def test_the_kernel_knows_what_waits_for_a_plugin_and_what_runs() -> None:
    with fake_plugin("aa"):
        Delivery.objects.create(hook="on_x", slug="aa", event={}, next_attempt_at=NOW, created_at=NOW)
        JobRun.objects.create(job="aa.ronde", slot=NOW, retry_at=NOW, started_at=NOW)
        JobRun.objects.create(job="aab.ronde", slot=NOW, retry_at=NOW, started_at=NOW)
        assert [obstacle.what for obstacle in obstacles("aa")] == [
            "1 annonce attend, elle lui sera transmise à son retour.",
            "1 travail est en cours, il ira à son terme.",
        ]


def test_the_command_names_what_is_in_flight_and_asks() -> None:
    out = StringIO()
    with fake_plugin("aa", disable_obstacles=lambda: [Obstacle("Un paiement attend.")]):
        with pytest.raises(CommandError, match="--yes"):
            call_command("plugin", "disable", "aa", stdout=out)
        assert "  - Un paiement attend." in out.getvalue()
        assert "aa" in state.enabled_slugs()
        call_command("plugin", "disable", "aa", "--yes", stdout=out)
        assert "aa : désactivé." in out.getvalue()
        assert "aa" not in state.enabled_slugs()


def test_the_table_of_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    monkeypatch.setattr(discovery, "_put_aside", {"cc": "RuntimeError: no"})
    with fake_plugin("aa", home_panels=lambda request: []), fake_plugin("bb"), fake_plugin("cc"):
        switch_plugin(slug="bb", enabled=False, actor="anne", at=NOW)
        call_command("plugins", stdout=out)
    head, *rows = out.getvalue().splitlines()
    assert head.split("  ")[0] == "module"
    said = {row.split()[0]: re.split(r"\s{2,}", row) for row in rows}
    assert said["aa"] == ["aa", "activé", "test", "home_panels"]
    assert said["bb"] == ["bb", "désactivé", "test", "23/11/2026 12:00 (anne)"]
    assert said["cc"] == ["cc", "écarté", "test", "RuntimeError: no"]


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
