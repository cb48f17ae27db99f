"""One plugin per way of failing: the rest of the town lives, strict mode refuses, the culprit is named."""

import html
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from core.testing.outside import copy_of_database, distribution, run

BROKEN = Path(__file__).resolve().parents[2] / "plugins_broken"
ALL = sorted(folder.name for folder in BROKEN.iterdir() if (folder / "plugin.py").exists())
STOPS_DJANGO = "broken_models"
PUT_ASIDE = {
    "broken_import": "ModuleNotFoundError: No module named 'plugins.broken_import.nowhere'",
    "broken_manifest": "TypeError: plugins.broken_manifest.plugin:plugin is not a Plugin manifest",
    "broken_version": "ValueError: requires core >=99, this is 1.0",
    "broken_misspelt": "PluginValidationError: unknown hook 'site_menu_itmes'",
    "broken_url": "ImportError: cannot import name 'views'",
}
FAIL_WHEN_CALLED = ("broken_late", "broken_migration", "broken_raising", "broken_sql", "broken_type")
REFUSE_BILLING = ("broken_late", "broken_raising", "broken_type")

pytestmark = [
    pytest.mark.django_db,  # the database that is copied
    pytest.mark.skipif("PARVIS_PLUGINS_ONLY" in os.environ, reason="runs once, in the whole suite"),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="the processes of these tests copy an SQLite file"
    ),
]

WALK = """
import json, logging, sys
import django
django.setup()
logging.disable(logging.CRITICAL)
from datetime import date
from django.contrib.auth import get_user_model
from django.test import Client
from core.contracts.billing import Period, Scope, billable_lines
from core.kernel import calls, discovery, manager, state
from core.kernel.models import PluginState
from core.pages.services import ensure_home

ensure_home()
answers = {"health": Client().get("/sante/").json()}
home = Client().get("/")
answers["home"] = [home.status_code, home.content.decode()]
answers["address"] = Client().get("/adresse-cassee/").status_code
agent = Client()
agent.force_login(get_user_model().objects.create_superuser("anne", email="anne@example.org"))
answers["staff"] = agent.get("/").content.decode()
answers["modules"] = agent.get("/gestion/modules/").content.decode()
answers["after"] = Client().get("/sante/").json()
answers["aside"] = {item.slug: item.reason for item in discovery.quarantined()}
answers["slowest"] = calls.tallies["broken_slow", "home_panels"].slowest
answers["refused"] = {}
for slug in manager.manager().list_name_plugin():
    PluginState.objects.update_or_create(slug=slug[0], defaults={"enabled": False})
for slug in sys.argv[1:]:
    PluginState.objects.update_or_create(slug=slug, defaults={"enabled": True})
    try:
        list(calls.strict(billable_lines, scope=Scope(Period.of(date(2026, 10, 1)))))
    except calls.ContributionFailed as error:
        answers["refused"][slug] = str(error)
    PluginState.objects.update_or_create(slug=slug, defaults={"enabled": False})
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return distribution(tmp_path_factory.mktemp("casse"), [BROKEN / slug for slug in ALL])


@pytest.fixture(scope="module")
def town(everything: Path, django_db_setup: None) -> dict[str, Any]:
    """What a town with all of them at once answers, those that stop Django apart."""
    url = copy_of_database(everything / "town.sqlite3")
    only = ",".join(slug for slug in ALL if slug != STOPS_DJANGO)
    done = run(
        ["-c", WALK, *REFUSE_BILLING],
        root=everything,
        env={"DATABASE_URL": url, "PARVIS_PLUGINS_ONLY": only, "PARVIS_SECOND_FACTOR": "0"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def test_every_broken_plugin_is_told_of() -> None:
    assert {*ALL} == {*PUT_ASIDE, *FAIL_WHEN_CALLED, "broken_slow", STOPS_DJANGO}


def test_the_home_page_is_served(town: dict[str, Any]) -> None:
    status, text = town["home"]
    assert status == 200
    assert "Un panneau qui s’est fait attendre" in text
    assert "Panneau promis trop tôt" not in text
    assert "Une entrée sans adresse" not in text


FAIL_ON_THE_HOME_PAGE = ("broken_late", "broken_migration", "broken_raising", "broken_sql", "broken_type")
FOR_AGENTS = "une partie de cette page manque"


def test_agents_read_which_failed_and_parents_nothing(town: dict[str, Any]) -> None:
    assert FOR_AGENTS not in town["home"][1]
    assert not [slug for slug in ALL if slug in town["home"][1]]
    assert FOR_AGENTS in town["staff"]
    box = town["staff"][town["staff"].index(FOR_AGENTS) :].split("</div>")[0]
    assert [slug for slug in ALL if slug in box] == sorted(FAIL_ON_THE_HOME_PAGE)


def test_the_modules_page_names_reasons_failures_and_the_slowest(town: dict[str, Any]) -> None:
    page = html.unescape(town["modules"])
    for reason in PUT_ASIDE.values():
        assert reason in page
    lines = {part.split('"')[0]: part for part in page.split('<h2 id="module-')[1:]}
    for slug in FAIL_ON_THE_HOME_PAGE:
        assert re.search(r"\d échecs?<", lines[slug]), slug
    assert re.search(r"le plus long [01],\d+ s \(<code>home_panels</code>\)", lines["broken_slow"])


def test_what_cannot_start_is_put_aside_and_named(town: dict[str, Any]) -> None:
    assert sorted(town["health"]["modules_ecartes"]) == sorted(PUT_ASIDE)
    for slug, reason in PUT_ASIDE.items():
        assert town["aside"][slug].startswith(reason), slug
    assert town["address"] == 404


def test_what_fails_when_called_is_counted(town: dict[str, Any]) -> None:
    assert town["health"]["echecs"] == {}
    assert sorted(town["after"]["echecs"]) == sorted(FAIL_WHEN_CALLED)
    assert town["after"]["etat"] == "ok"


def test_what_is_slow_is_measured(town: dict[str, Any]) -> None:
    assert 0.6 <= town["slowest"] < 5


def test_billing_refuses_and_names(town: dict[str, Any]) -> None:
    assert town["refused"] == {slug: f"{slug}: billable_lines" for slug in REFUSE_BILLING}


@pytest.mark.parametrize("slug", ["broken_import", "broken_manifest", "broken_version"])
def test_strict_mode_refuses_a_manifest(slug: str, everything: Path) -> None:
    code = "from core.kernel import discovery; discovery.installed()"
    done = run(
        ["-c", code],
        root=everything,
        env={"PARVIS_PLUGINS_ONLY": slug, "PARVIS_PLUGINS_STRICT": "1"},
    )
    assert f"PluginError: {slug}: " in done.stderr


@pytest.mark.parametrize("slug", ["broken_misspelt", "broken_url"])
def test_strict_mode_refuses_what_fails_at_start(slug: str, everything: Path) -> None:
    env = {"PARVIS_PLUGINS_ONLY": slug, "PARVIS_PLUGINS_STRICT": "1", "DATABASE_URL": "sqlite://:memory:"}
    done = run(["-m", "core.cli", "check"], root=everything, env=env)
    assert done.returncode != 0
    assert f"PluginError: {slug}: " in done.stderr


def test_the_safe_mode_brings_the_town_back(everything: Path) -> None:
    """Models that raise stop Django itself; blocked, they are not even imported."""
    env = {"PARVIS_PLUGINS_ONLY": STOPS_DJANGO, "DATABASE_URL": "sqlite://:memory:"}
    done = run(["-m", "core.cli", "check"], root=everything, env=env)
    assert "these models never load" in done.stderr
    done = run(
        ["-m", "core.cli", "check"], root=everything, env=env | {"PARVIS_PLUGINS_BLOCKED": STOPS_DJANGO}
    )
    assert done.returncode == 0, done.stderr


def test_plugin_check_names_the_culprits(tmp_path: Path) -> None:
    """Those that one can know of without calling them; the others are counted where they fail."""
    culprits = [*PUT_ASIDE, STOPS_DJANGO]
    root = distribution(tmp_path, [BROKEN / slug for slug in [*culprits, "broken_slow"]])
    code = (
        "from importlib.metadata import distribution\n"
        "from core.kernel.inspection import check, report\n"
        "text, in_order = report(check(distribution('modules-de-test').entry_points))\n"
        "print(text); raise SystemExit(not in_order)"
    )
    done = run(["-c", code], root=root)
    assert done.returncode == 1, done.stderr
    said = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert said["broken_slow"] == "en ordre"
    for slug, reason in PUT_ASIDE.items():
        assert reason in said[slug], slug
    assert said[STOPS_DJANGO] == "démarrage : RuntimeError: these models never load"
