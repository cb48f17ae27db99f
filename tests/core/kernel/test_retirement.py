"""A plugin that is on, or that another needs, stays; without `--yes` nothing is done."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.kernel import clock, retirement
from core.kernel.models import PluginState
from core.kernel.services import UnknownPlugin
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db


def test_an_unknown_plugin() -> None:
    with pytest.raises(UnknownPlugin):
        retirement.plan("nowhere")
    with pytest.raises(CommandError, match="Aucun module"):
        call_command("plugin", "retire", "nowhere")


def test_a_plugin_that_is_on_or_needed_stays(switch: Any, tmp_path: Path) -> None:
    with fake_plugin("aa"), fake_plugin("bb", depends_on=("aa",)):
        on, needed = retirement.plan("aa").obstacles
        assert on == "Le module est activé : désactivez-le d’abord."
        assert needed == "D’autres modules en dépendent : bb."
        switch("aa", False)
        with pytest.raises(retirement.Refused):
            retirement.retire(slug="aa", target=tmp_path / "aa.jsonl", actor="anne", at=clock.now())
        with pytest.raises(CommandError, match="Le module reste"):
            call_command("plugin", "retire", "aa", "--yes", stdout=StringIO())
    assert not (tmp_path / "aa.jsonl").exists()


def test_the_plan_alone_changes_nothing(switch: Any, tmp_path: Path) -> None:
    out = StringIO()
    with fake_plugin("aa"):
        switch("aa", False)
        call_command("plugin", "retire", "aa", "--export", str(tmp_path / "aa.jsonl"), stdout=out)
    assert "Rien n’est fait" in out.getvalue()
    assert PluginState.objects.filter(slug="aa").exists()
    assert not (tmp_path / "aa.jsonl").exists()
