"""The shape of the tree: what may not lie where, what no file may hold, what every lock entry must carry.

Each sweep says how many files it saw, so that a pattern which matches nothing cannot pass for a clean house, and each
rule is tried on a planted violation.
"""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
# How many packages each lock has at least.
LOCKS = {"requirements.lock": 60, "requirements-dev.lock": 100, "scripts/requirements-node.lock": 2}
ADDRESS = ":" + "//"


def ours(*under: str) -> list[Path]:
    """The files of the project: tracked, or about to be (git's ignore rules decide)."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *under]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """The text of a file; nothing for a picture or a font."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


# --- Folders ----------------------------------------------------------------------------------------


def wrong_packages(names: list[str]) -> list[str]:
    """Folders that must never become packages, by the `__init__.py` that would make them one.

    `site/` is named like a module of the standard library: with an `__init__.py` and the root on PYTHONPATH, Python
    imports it at start instead of its own and loses its site-packages. `plugins/` is a namespace that outside wheels
    extend: the first package found would hide theirs. `tests/` is collected by path (importlib mode); the plugins
    that it keeps are packages, as any plugin.
    """
    wrong = re.compile(r"(site|plugins|scripts|tests(/.+)?)/__init__\.py")
    kept = re.compile(r"tests/(plugins_broken|outside_plugin)/.+/__init__\.py")
    return [name for name in names if wrong.fullmatch(name) and not kept.fullmatch(name)]


def test_no_folder_becomes_a_package_by_mistake() -> None:
    names = [str(path.relative_to(ROOT)) for path in ours()]
    assert len(names) > 30
    assert wrong_packages(names) == []


@pytest.mark.parametrize("name", ["site/__init__.py", "plugins/__init__.py", "tests/core/__init__.py"])
def test_a_planted_package_is_seen(name: str) -> None:
    assert wrong_packages([name, "core/__init__.py", "site/parvis/__init__.py"]) == [name]


def test_python_keeps_its_own_site_with_the_root_on_the_path() -> None:
    code = "import site, sys, django; sys.exit(not hasattr(site, 'getsitepackages'))"
    subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, cwd=ROOT, check=True)


def shadows(names: set[str]) -> set[str]:
    """Importable names that would hide a module of the standard library or of a dependency."""
    owners = {
        name: {dist for dist in dists if dist != "parvis"} for name, dists in packages_distributions().items()
    }
    return {name for name in names if name in sys.stdlib_module_names or owners.get(name)} - {"site"}


@pytest.mark.parametrize("root", [".", "site"])
def test_nothing_on_the_path_hides_a_dependency(root: str) -> None:
    entries = {path.relative_to(ROOT / root).parts[0] for path in ours(root)}
    importable = {name.removesuffix(".py") for name in entries if re.fullmatch(r"[A-Za-z_]\w*(\.py)?", name)}
    assert len(importable) >= 2
    assert shadows(importable) == set()


def test_a_planted_shadow_is_seen() -> None:
    assert shadows({"csp", "json", "core", "site"}) == {"csp", "json"}


def test_a_file_is_one_room() -> None:
    modules = [path for path in ours("core", "plugins", "site") if path.suffix == ".py"]
    assert len(modules) > 20
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in modules
        if "migrations" not in path.parts and (lines := text_of(path).count("\n")) > 600
    ]
    assert long == []


# --- What no file may hold --------------------------------------------------------------------------

_REGISTRIES = ("pypi.org", "pythonhosted.org", "registry.npmjs.org", "registry.yarnpkg.com", "npmmirror.com")
_REGISTRY = re.compile(
    "|".join(re.escape(f"{ADDRESS}{name}") for name in _REGISTRIES).replace("//", "//[^/ ]*")
)
_MACHINE = re.compile(r"(?<![\w/.}-])/(?:home/\w|Users/\w|root/\w|work/(?:main|shared)\b)")


def strangers(text: str) -> list[str]:
    """Addresses of package registries and paths of one developer's machine."""
    return [match.group() for rule in (_REGISTRY, _MACHINE) for match in rule.finditer(text)]


def test_no_registry_address_nor_machine_path() -> None:
    found = {str(path.relative_to(ROOT)): hits for path in ours() if (hits := strangers(text_of(path)))}
    assert len(ours()) > 30
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        f"https{ADDRESS}files.{_REGISTRIES[1]}/x",
        f"https{ADDRESS}{_REGISTRIES[0]}/p",
        "=/" + "home/a/x",
        '"/' + "root/x",
    ],
)
def test_a_planted_stranger_is_seen(planted: str) -> None:
    assert len(strangers(f"see {planted}")) == 1


def test_innocent_texts_are_left_alone() -> None:
    after_a_tag = "{% url 'x' %}/" + "root/y"
    assert strangers(f"portal/home/index.html, https://www.gnu.org/licenses/, ~/.cache, {after_a_tag}") == []


def test_no_heavy_file() -> None:
    files = ours()
    assert len(files) > 30
    assert [str(path.relative_to(ROOT)) for path in files if path.stat().st_size > 1_000_000] == []


# --- Locks and dependencies -------------------------------------------------------------------------


def entries(lock: str) -> dict[str, tuple[str, int]]:
    """Package → version and number of hashes (of the last entry when a package has one per Python version)."""
    found: dict[str, tuple[str, int]] = {}
    for block in re.split(r"\n(?=\S)", lock):
        head = re.match(r"([\w.-]+)==([^\s;\\]+)", block)
        if head:
            found[canonicalize_name(head[1])] = (
                head[2],
                len(re.findall(r"--hash=sha256:[0-9a-f]{64}", block)),
            )
    return found


@pytest.mark.parametrize(("lock", "least"), list(LOCKS.items()))
def test_every_python_package_is_hashed_and_no_address_is_locked(lock: str, least: int) -> None:
    text = (ROOT / lock).read_text()
    assert len(entries(text)) >= least
    assert [name for name, (_, hashes) in entries(text).items() if not hashes] == []
    assert ADDRESS not in text


def test_a_planted_entry_without_hash_is_seen() -> None:
    planted = f"a==1 \\\n    --hash=sha256:{'0' * 64}\nb==2 ; python_version < '3'\n"
    assert entries(planted) == {"a": ("1", 1), "b": ("2", 0)}


def test_every_node_package_is_hashed_and_no_address_is_locked() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert len(packages) > 10
    assert [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry] == []
    assert ADDRESS not in text


def declared(*groups: str) -> list[Requirement]:
    """What pyproject.toml asks for: what a commune needs, then the named groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = [*project["project"]["dependencies"]]
    for group in groups:
        lines += [line for line in project["dependency-groups"][group] if isinstance(line, str)]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])]
)
def test_the_locks_answer_what_is_declared(lock: str, groups: list[str]) -> None:
    locked = entries((ROOT / lock).read_text())
    wanted = declared(*groups)
    assert len(wanted) > 20
    stale = [
        str(wish) for wish in wanted if not wish.specifier.contains(locked[canonicalize_name(wish.name)][0])
    ]
    assert stale == [], "run `make lock`"


def test_developers_run_what_a_commune_runs() -> None:
    runtime, dev = (
        entries((ROOT / lock).read_text()) for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert {name: entry[0] for name, entry in dev.items() if name in runtime} == {
        name: entry[0] for name, entry in runtime.items()
    }
    assert not {"pytest", "ruff", "mypy", "playwright"} & set(runtime)


def unexplained(project: str) -> tuple[list[str], int]:
    """Declared dependencies without a reason at the end of their line, and how many lines were read."""
    lists = re.findall(r"^(?:dependencies|build|dev) = \[\n(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in lists for line in block.splitlines() if line.strip().startswith('"')]
    return [line for line in lines if not re.fullmatch(r'"[^"]+",\s+# .{4,}', line)], len(lines)


def test_every_dependency_says_why_it_is_here() -> None:
    missing, read = unexplained((ROOT / "pyproject.toml").read_text())
    assert read == len(declared("build", "dev"))
    assert missing == []


def test_a_planted_dependency_without_reason_is_seen() -> None:
    assert unexplained('dependencies = [\n    "a>=1",  # why it is\n    "b>=2",\n]\n') == (['"b>=2",'], 2)


def test_plugins_of_the_tree_are_found_like_outside_ones() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    points = project["project"]["entry-points"]["parvis.plugins"]
    folders = {path.parent.name for path in (ROOT / "plugins").glob("*/plugin.py")}
    assert folders == set(points)
    assert points == {slug: f"plugins.{slug}.plugin:plugin" for slug in folders}
