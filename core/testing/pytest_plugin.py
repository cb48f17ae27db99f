"""What `pytest` gains where Parvis is installed; nothing of Django is imported before a test needs it.

    pytest --parvis-plugin=musique       the conformance suite on one plugin, from anywhere

or in a test module of the plugin:

    from core.testing.conformance import *

    PLUGIN = "musique"

Without either, the suite runs on every installed plugin.
"""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SUITE = Path(__file__).parent / "conformance" / "suite.py"
SETTINGS = "parvis.settings.test"

pytest.register_assert_rewrite("core.testing.conformance", "core.testing.browser")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("parvis")
    group.addoption(
        "--parvis-plugin",
        action="append",
        default=[],
        metavar="SLUG",
        help="run the conformance suite on this plugin (may be repeated)",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Before pytest-django looks for settings: a plugin tested from anywhere has none of its own."""
    if early_config.known_args_namespace.parvis_plugin:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "e2e: drives a browser")
    if config.getoption("parvis_plugin"):
        if config.args_source is not pytest.Config.ArgsSource.ARGS:
            config.args.clear()
        config.args.append(str(SUITE))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each plugin under test, skipped where its quality sheet says that it is exempt."""
    if "plugin" not in metafunc.fixturenames or not hasattr(metafunc.function, "parvis_rule"):
        return
    from core.testing.conformance.context import cases

    metafunc.parametrize("plugin", cases(metafunc.config, metafunc.module, metafunc.function.parvis_rule))


@pytest.fixture(autouse=True, scope="session")
def _the_journal_may_be_emptied() -> None:
    """A test with transactions ends by emptying every table, which the journal refuses on SQLite. The guards come back
    with `post_migrate`, that the emptying sends."""
    from django.conf import settings

    if not settings.configured:
        return
    # The module of operations alone is a circle.
    from django.db.backends.sqlite3.base import DatabaseOperations  # type: ignore[attr-defined]

    empty = DatabaseOperations.execute_sql_flush

    def without_guards(self: Any, statements: Any) -> None:
        from core.kernel import guards

        guards.remove()
        empty(self, statements)

    DatabaseOperations.execute_sql_flush = without_guards  # type: ignore[assignment, method-assign]


@pytest.fixture
def switch(db: None) -> Callable[[str, bool], None]:
    """`switch("enfance", False)`: the row that each request reads."""
    from core.kernel.models import PluginState

    def set_state(slug: str, enabled: bool) -> None:
        PluginState.objects.update_or_create(slug=slug, defaults={"enabled": enabled})

    return set_state


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data, made once; `PARVIS_TEST_DEMO` names a folder where they are already. Nobody writes there."""
    if made := os.environ.get("PARVIS_TEST_DEMO"):
        return Path(made)
    from core.testing import server

    return server.seed(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def shared_town(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that all tests share: look, change nothing."""
    from core.testing import server

    with server.serving(seeded, tmp_path_factory.mktemp("shared") / "var") as base:
        yield base


@pytest.fixture
def stroll(browser: Any, shared_town: str) -> Iterator[Callable[..., Any]]:
    """`stroll(PHONE)`: somebody with a screen of that size in the shared town."""
    from core.testing.browser import walks

    with walks(browser, shared_town) as open_page:
        yield open_page


@pytest.fixture
def on_day(settings: Any) -> Callable[[date], None]:
    """`on_day(date(2026, 12, 1))`: the day that views and commands read from there on."""

    def stop(day: date) -> None:
        settings.PARVIS_TODAY = day.isoformat()

    return stop
