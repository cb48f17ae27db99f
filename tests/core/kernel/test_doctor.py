"""Each part is examined, one that raises does not hide the others, and the command says it with its exit status."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from core.contracts import payments
from core.kernel import calls, discovery, doctor
from core.kernel.checks import declared_plugins, undeclared
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders, "find", lambda name: f"/built/{name}")


def told() -> dict[str, tuple[bool, str]]:
    return {finding.part: (finding.works, finding.words) for finding in doctor.examine()}


def test_a_healthy_house() -> None:
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "EN PANNE" not in out.getvalue()
    assert f"{connection.display_name} répond" in out.getvalue()
    assert len(out.getvalue().splitlines()) == len(doctor.PARTS)


def test_a_part_that_raises_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[tuple[bool, str]]:
        raise RuntimeError("no answer")
        yield

    monkeypatch.setitem(doctor.PARTS, "base de données", broken)
    assert told()["base de données"] == (False, "RuntimeError : no answer")
    assert told()["cache"][0]
    with pytest.raises(SystemExit) as stop:
        call_command("doctor", stdout=StringIO())
    assert stop.value.code == 1


def test_a_migration_that_waits_is_named() -> None:
    MigrationRecorder.Migration.objects.filter(app="kernel").latest("pk").delete()
    works, words = told()["migrations"]
    assert not works
    assert words == "1 à appliquer avec « parvis migrate » : kernel (1)"


def test_assets_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders, "find", lambda name: None if name.endswith(".css") else name)
    assert told()["styles et scripts"] == (False, "à construire avec « make assets » : ui/build/app.css")


def test_a_plugin_that_fails_at_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def boom() -> list[payments.PaymentProvider]:
        raise RuntimeError("no provider")

    monkeypatch.delenv("PARVIS_PLUGINS_STRICT", raising=False)
    monkeypatch.setattr(discovery, "_put_aside", {})
    with fake_plugin("bb", payment_providers=boom):
        found = [finding for finding in doctor.examine() if finding.part == "modules"]
    calls.boot.cache_clear()
    assert (False, "bb écarté : RuntimeError: no provider") in [(f.works, f.words) for f in found]


def test_a_plugin_that_nobody_declares_is_named(tmp_path: Path) -> None:
    for name in ("declared", "forgotten", "no_plugin"):
        (tmp_path / name).mkdir()
    for name in ("declared", "forgotten"):
        (tmp_path / name / "plugin.py").touch()
    assert undeclared([tmp_path, tmp_path / "nowhere"], {"declared"}) == [tmp_path / "forgotten"]
    assert declared_plugins() == []
