"""The documentation keeps up with the code: links lead somewhere, names exist, commands and variables are all there.

In pages other than decision records and the changelog, which tell of their day, what stands in backticks is read so:

- `core.…` or `plugins.…` with dots is a module, or something in one, and can be imported;
- `core/…`, `plugins/…`, `tests/…` with slashes is a file or a folder of the repository.

In the page that follows one booking, besides:

- `/…/` is an address that a view of ours answers;
- `<app label>_…` is a constraint of the database.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "docs" / "decisions"
BOOKING = ROOT / "docs" / "explanation" / "one-booking.md"
COMMANDS = ROOT / "docs" / "reference" / "commands.md"
TO_WRITE = "plugins/musique/"
"""What the reader of the tutorial writes: `tests/core/scaffold/test_tutorial.py` follows it."""


def pages() -> list[Path]:
    return [
        *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")),
        *ROOT.glob("docs/**/*.md"),
    ]


def living() -> list[Path]:
    """Pages that tell how things are now."""
    return [page for page in pages() if page.parent != RECORDS and page.name != "CHANGELOG.md"]


def prose(text: str) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def quoted(text: str) -> list[str]:
    """What stands in backticks, each once."""
    return list(dict.fromkeys(re.findall(r"`([^`\n]+)`", prose(text))))


# --- Links ------------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """The anchors that forges give to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(text: str) -> list[str]:
    """Targets of the relative links and pictures of a page."""
    found = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]+`", "`", prose(text)))
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def dead_links(page: Path, text: str) -> list[str]:
    dead = []
    for link in links(text):
        target, _, anchor = link.partition("#")
        path = page.parent / target if target else page
        if not path.exists() or (anchor and anchor not in anchors(path.read_text("utf-8"))):
            dead.append(f"{page.relative_to(ROOT)}: {link}")
    return dead


def test_every_relative_link_leads_somewhere() -> None:
    read = {page: page.read_text("utf-8") for page in pages()}
    assert len(read) >= 15
    assert sum(len(links(text)) for text in read.values()) >= 50
    assert [dead for page, text in read.items() for dead in dead_links(page, text)] == []


@pytest.mark.parametrize(
    "planted", ["[x](nowhere.md)", "![x](docs/images/nothing.png)", "[x](README.md#no-such-heading)"]
)
def test_a_planted_dead_link_is_seen(planted: str) -> None:
    assert len(dead_links(ROOT / "README.md", f"Read [the licence](LICENSE) and {planted}.")) == 1


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in links(index.read_text("utf-8"))}
    missing = {page for page in ROOT.glob("docs/**/*.md") if page != index} - listed
    assert {str(page.relative_to(ROOT)) for page in missing} == set(), "add them to docs/README.md"


# --- Names ------------------------------------------------------------------------------------------


def exists(name: str) -> bool:
    """Does a dotted name lead to a module, or to something in one?"""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        module = ".".join(parts[:length])
        try:
            found: object = import_module(module)
        except ModuleNotFoundError as error:
            if error.name and (module == error.name or module.startswith(f"{error.name}.")):
                continue
            raise
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def symbols(text: str) -> list[str]:
    return [token for token in quoted(text) if re.fullmatch(r"(?:core|plugins)(?:\.\w+)+", token)]


def paths(text: str) -> list[str]:
    folders = r"(?:core|plugins|site|tests|scripts|docs|bench|\.ci)/"
    return [token for token in quoted(text) if re.fullmatch(rf"{folders}[\w./-]*", token)]


def addresses(text: str) -> list[str]:
    return [token for token in quoted(text) if re.fullmatch(r"/(?:[\w-]+/)*", token)]


def constraints(text: str) -> list[str]:
    labels = "|".join(
        config.label for config in apps.get_app_configs() if config.name.startswith(("core.", "plugins."))
    )
    return [token for token in quoted(text) if re.fullmatch(rf"(?:{labels})_\w+", token)]


def answered(address: str) -> bool:
    """Is there a view of ours at an address? Wagtail's, which takes what is left, does not count."""
    try:
        return resolve(address).func.__module__.startswith(("core.", "plugins."))
    except Resolver404:
        return False


def wrong_constraints(text: str) -> list[str]:
    known = {constraint.name for model in apps.get_models() for constraint in model._meta.constraints}
    return [name for name in constraints(text) if name not in known]


def wrong_names(text: str) -> Iterator[str]:
    yield from (name for name in symbols(text) if not exists(name))
    yield from (path for path in paths(text) if not path.startswith(TO_WRITE) and not (ROOT / path).exists())


def test_every_name_in_a_page_exists() -> None:
    texts = {page: page.read_text("utf-8") for page in living()}
    assert sum(len(symbols(text)) + len(paths(text)) for text in texts.values()) >= 100
    assert [
        f"{page.relative_to(ROOT)}: {name}" for page, text in texts.items() for name in wrong_names(text)
    ] == []


def test_planted_names_are_seen() -> None:
    planted = (
        "`core.kernel.calls.collect` `core.kernel.calls.gather` `core.kernel.nothing` `plugins.nobody` "
        "`core/cli.py` `core/cly.py` `core.…` `collect`"
    )
    assert list(wrong_names(planted)) == [
        "core.kernel.calls.gather",
        "core.kernel.nothing",
        "plugins.nobody",
        "core/cly.py",
    ]
    assert wrong_constraints("`families_never` `one_quotient_a_day` `never`") == ["families_never"]


@pytest.mark.django_db
def test_one_booking_names_the_whole_way() -> None:
    """The page that follows one booking stands on real symbols, of every kind, in the order of the way."""
    text = BOOKING.read_text("utf-8")
    found = symbols(text)
    assert len(found) >= 40
    assert len(constraints(text)) >= 4
    assert wrong_constraints(text) == []
    assert len(paths(text)) >= 3
    assert len(addresses(text)) >= 2
    assert [address for address in addresses(text) if not answered(address)] == []
    way = [
        "plugins.enfance.views.family.booking_calendar",
        "plugins.enfance.views.family.confirm",
        "plugins.enfance.services.save_bookings",
        "plugins.enfance.offers.offers",
        "core.pricing.engine.price",
        "plugins.enfance.services.lock_sessions",
        "plugins.enfance.rules.decide",
        "plugins.enfance.models.Booking",
        "core.families.services.touch_billing",
        "plugins.facturation.services.runs.draft_run",
        "core.contracts.billing.billable_lines",
        "plugins.enfance.hooks.billable_lines",
        "plugins.enfance.selectors.billable",
        "plugins.facturation.facts.compare",
    ]
    assert [name for name in found if name in way] == way


@pytest.mark.django_db
def test_a_planted_address_is_seen() -> None:
    assert answered("/espace-famille/")
    assert not answered("/espace-famille/nulle-part/")
    assert not answered("/nulle-part/")


# --- Commands and variables -------------------------------------------------------------------------


def rows(text: str, head: str) -> set[str]:
    """Words that follow `head` at the start of the rows of a page's tables: `make demo` gives demo."""
    cells = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return {match for cell in cells for match in re.findall(rf"`{head} ([\w-]+)", cell)}


def test_every_make_target_is_documented() -> None:
    targets = set(re.findall(r"^([\w-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert len(targets) >= 8
    assert rows(COMMANDS.read_text("utf-8"), "make") == targets


def test_every_command_of_parvis_is_documented() -> None:
    known = get_commands()
    ours = {name for name, app in known.items() if str(app).startswith(("core.", "plugins."))}
    documented = rows(COMMANDS.read_text("utf-8"), "parvis")
    assert len(ours) >= 4
    assert ours - documented == set()
    assert documented - known.keys() == set()


def test_every_lane_is_documented() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "lanes.py"), "--list"]
    lanes = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    documented = set(quoted(COMMANDS.read_text("utf-8")))
    families = {
        re.sub(r"^bench-.*", "bench-…", re.sub(r"^(?!core).*-alone$", "<slug>-alone", lane)) for lane in lanes
    }
    assert len(families) >= 8
    assert families - documented == set()


def test_every_variable_is_documented() -> None:
    reading = re.compile(r"""(?:\benv(?:\.\w+)?|environ\.get|_names)\(\s*"([A-Z][A-Z_]+)\"""")
    sources = [path for folder in ("site", "core", "scripts") for path in (ROOT / folder).rglob("*.py")]
    read = {name for path in sources for name in reading.findall(path.read_text("utf-8"))}
    assert len(read) >= 12
    machine = {"PATH", "PYTHONPATH", "CI"}
    assert read - set(quoted(COMMANDS.read_text("utf-8"))) - machine == set()


# --- Shape ------------------------------------------------------------------------------------------


def test_every_decision_has_the_same_shape() -> None:
    records = sorted(RECORDS.glob("*.md"))
    assert len(records) >= 9
    for record in records:
        text = record.read_text("utf-8")
        assert re.match(rf"# {record.name[:4]}\. \S", text), record.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], (
            record.name
        )
    numbers = [record.name[:4] for record in records]
    assert len(set(numbers)) == len(numbers)


def test_the_changelog_says_what_is_not_released_yet() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    section = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section
    assert re.search(
        r"^### (?:Added|Changed|Deprecated|Removed|Fixed|Security)\n+- ", section[1], re.MULTILINE
    )


def test_the_readme_keeps_its_pictures_and_its_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len([link for link in links(text) if link.startswith("docs/images/")]) >= 4
    for needed in ("make demo", "make test", "parvis-demo-2026", "AGPL-3.0-or-later"):
        assert needed in text
