"""What `parvis startplugin` writes conforms at once, whatever is asked for, and follows the rules of the tree."""

import os
import shutil
import subprocess
import sys
from io import StringIO
from itertools import combinations
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core import scaffold
from core.kernel.management.commands import startplugin
from core.scaffold import Choice
from core.testing.outside import copy_of_database, distribution, run

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = tuple(
    chosen for count in range(len(scaffold.PARTS) + 1) for chosen in combinations(scaffold.PARTS, count)
)
BARE_AND_WHOLE = {"v_base": (), "v_all": scaffold.PARTS}
PAIRS = [pair for pair in combinations(scaffold.PARTS, 2) if pair != ("family", "billing")]  # billing alone
FEW_AT_ONCE = {
    "alone": [(part,) for part in scaffold.PARTS],
    "pairs": PAIRS[:5],
    "other pairs": PAIRS[5:],
}
"""What a plugin is allowed to cost is told for a town with a handful of them."""


# The templates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "shown"),
    [((), "bd"), (("family",), "abd"), (("api",), "abd"), (("pages",), "cd"), (("pages", "api"), "acd")],
)
def test_lines_are_kept_when_their_condition_holds(parts: tuple[str, ...], shown: str) -> None:
    text = "%% if family or api\na\n%% end\n%% if not pages\nb\n%% else\nc\n%% end\nd\n"
    made = scaffold.render(text, Choice.of("ab", parts, outside=False))
    assert made is not None
    assert made.replace("\n", "") == shown


def test_conditions_nest_and_a_whole_file_may_be_left_out() -> None:
    choice = Choice.of("ecole_de_musique", ("pages",), outside=False)
    nested = "%% if pages\n%% if family\na\n%% else\nb\n%% end\n%% end\n"
    assert scaffold.render(nested, choice) == "b\n"
    assert scaffold.render("%% when family\na\n", choice) is None
    assert scaffold.render("%% when pages and not family\n@slug@ @path@ @class@ @title@\n", choice) == (
        "ecole_de_musique ecole-de-musique EcoleDeMusique Ecole de musique\n"
    )


def test_what_is_billed_is_what_a_family_signed_up_for() -> None:
    assert Choice.of("ab", ("billing",), outside=False).parts == {"billing", "family"}


@pytest.mark.parametrize("slug", ["École", "a", "ab-c", "9ab", "a" * 40])
def test_a_name_that_python_cannot_import_is_refused(slug: str) -> None:
    with pytest.raises(CommandError, match="minuscules"):
        call_command("startplugin", slug, "--outside", "nowhere")


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(CommandError, match="partie inconnue : magic"):
        call_command("startplugin", "ab", "--with", "pages,magic", "--outside", "nowhere")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "plugins" / "ab").mkdir(parents=True)
    (tmp_path / "plugins" / "ab" / "hooks.py").write_text("mine")
    with pytest.raises(CommandError, match=r"hooks\.py existe déjà"):
        call_command("startplugin", "ab", "--outside", str(tmp_path))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["hooks.py"]


def test_a_plugin_of_the_tree_is_declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    monkeypatch.setattr(startplugin, "TREE", tmp_path)
    out = StringIO()
    call_command("startplugin", "bb", "--with", "family", stdout=out)
    before, after = (ROOT / "pyproject.toml").read_text(), (tmp_path / "pyproject.toml").read_text()
    assert set(after.splitlines()) - set(before.splitlines()) == {'bb = "plugins.bb.plugin:plugin"'}
    assert after.index("actualites = ") < after.index("bb = ") < after.index("enfance = ")
    assert (tmp_path / "plugins/bb/hooks.py").exists()
    assert (tmp_path / "tests/plugins/bb/test_offers.py").exists()
    assert not (tmp_path / "tests/plugins/bb/test_conformance.py").exists()
    assert "parvis migrate" in out.getvalue()


@pytest.mark.parametrize("slug", ["ab", "un_module_au_nom_bien_lon"])
def test_the_code_follows_the_rules_of_the_tree(slug: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    written = [
        path
        for parts in EVERYTHING
        for path in scaffold.write(
            Choice.of(slug, parts, outside=False), tmp_path / "tests" / ("_".join(parts) or "base")
        )
    ]
    assert len(written) > 400
    for command in (["check", "--output-format", "concise", "--ignore", "INP001"], ["format", "--check"]):
        ruff = [str(Path(sys.executable).parent / "ruff"), *command, "--no-cache", "."]
        done = subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:]


# What they do -------------------------------------------------------------------------------------------------------


def conforms(place: Path, variants: dict[str, tuple[str, ...]], *, copied: bool) -> None:
    """Each a distribution of its own, installed together: the suite on them, and the tests that they came with."""
    roots = []
    for slug, parts in variants.items():
        root = place / slug
        call_command(
            "startplugin", slug, "--with", ",".join(parts), "--outside", str(root), stdout=StringIO()
        )
        roots.append(distribution(root, [root / "plugins" / slug], name=f"parvis-{slug}"))
    database = place / "town.sqlite3"
    if copied:
        copy_of_database(database)
    env = {
        "DATABASE_URL": f"sqlite:///{place / 'none.sqlite3'}",
        "PARVIS_TEST_DATABASE": str(database),
        "TMPDIR": str(place),
        "PARVIS_PLUGINS_STRICT": "1",
    }
    quiet = ["-q", "-p", "no:cacheprovider", "--import-mode=importlib", "--reuse-db", "-W", "ignore"]
    tests = [str(root / "tests" / "test_offers.py") for root in roots]
    tests += [f"--parvis-plugin={slug}" for slug in variants]
    command = ["-m", "pytest", *quiet, "--show-capture=no", *tests]
    done = run(command, root=roots, cwd=place, env=env, timeout=1800)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    described = ["-m", "core.cli", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull]
    done = run(described, root=roots, cwd=place, env=env)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.skipif(
    "PARVIS_PLUGINS_ONLY" in os.environ,
    reason="makes its own plugins, so that one run, beside all of the tree, tells as much as each alone",
)
@pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="gives its plugin a copy of the database as a file; what is generated is the same for both",
)
@pytest.mark.django_db
def test_the_barest_and_the_whole_conform_at_once(tmp_path: Path) -> None:
    conforms(tmp_path, BARE_AND_WHOLE, copied=True)


@pytest.mark.long
@pytest.mark.parametrize("chosen", FEW_AT_ONCE.values(), ids=FEW_AT_ONCE)
def test_each_part_alone_and_with_another_conforms_at_once(
    chosen: list[tuple[str, ...]], tmp_path: Path
) -> None:
    assert 4 <= len(chosen) <= 5
    conforms(
        tmp_path, {f"v{rank}_{'_'.join(parts)}": parts for rank, parts in enumerate(chosen)}, copied=False
    )
