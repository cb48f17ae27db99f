"""A plugin that is on, or that another needs, stays; without `--yes` nothing is done."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command

from core.families.models import Family
from core.kernel import clock, retirement, state
from core.kernel.models import PluginState, PluginSwitch
from core.kernel.selectors import retired_slugs
from core.kernel.services import UnknownPlugin
from core.pricing.models import TariffVersion
from core.pricing.services import import_tariff, publish
from core.testing.factories import FamilyFactory, GuardianFactory
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


def test_what_core_keeps_of_a_plugin_goes_with_it(switch: Any, tmp_path: Path) -> None:
    """It stays off while this process knows it, and is forgotten once it is not installed any more."""
    mine, other = tariff("aa"), tariff("other")
    kind = ContentType.objects.create(app_label="aa", model="thing")
    switch("aa", False)
    with fake_plugin("aa"):
        assert retirement.plan("aa").core_rows == 1
        export = tmp_path / "aa.jsonl"
        retirement.retire(slug="aa", target=export, actor="anne", at=clock.now())
        assert '"pricing.tariffversion"' in export.read_text("utf-8")
        assert export.stat().st_mode & 0o777 == 0o600
        assert "aa" not in state.enabled_slugs()
        ContentType.objects.create(app_label="aa", model="thing")  # by a process that was still running
    assert [version.pk for version in TariffVersion.objects.all()] == [other.pk]
    assert mine.pk != other.pk and not ContentType.objects.filter(pk=kind.pk).exists()
    assert retired_slugs() == {"aa"}
    last = PluginSwitch.objects.first()
    assert last and (last.slug, last.enabled, last.actor) == ("aa", False, "anne")
    retirement.sweep()
    assert not PluginState.objects.filter(slug="aa").exists()
    assert not ContentType.objects.filter(app_label="aa").exists()


def test_what_another_points_to_stays(switch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pointed, free = FamilyFactory(), FamilyFactory()
    GuardianFactory(family=pointed)
    monkeypatch.setattr(retirement, "_providers", [lambda slug: [Family.objects.all()]])
    switch("aa", False)
    with fake_plugin("aa"):
        assert [row.pk for rows in retirement._core_rows("aa") for row in rows] == [free.pk]


def tariff(service: str) -> TariffVersion:
    document = {
        "format": "parvis/tariff@1",
        "code": service,
        "name": service,
        "service": service,
        "unit": "term",
        "decision": None,
        "validity": {"from": "2026-09-01", "to": None},
        "components": [
            {
                "kind": "activity",
                "product": "p",
                "label": "p",
                "steps": [{"kind": "fixed", "amount": "2.00"}],
            }
        ],
        "examples": [{"name": "Prix", "situation": {}, "expected": "2.00"}],
    }
    return publish(version=import_tariff(document=document))
