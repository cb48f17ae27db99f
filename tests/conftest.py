"""What every test leans on, beside the fixtures of `core.testing.pytest_plugin`.

The test day is Monday 23 November 2026 (`PARVIS_TODAY` of the test settings).
"""

import pytest
from django.test import SimpleTestCase, TransactionTestCase

from core.testing.fixtures import *  # noqa: F403

collect_ignore = ["outside_plugin"]  # another distribution, tried where it is installed: the lane `outside`


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out what touches no database: another run of the same code tries it",
    )


def touches_a_database(item: pytest.Item) -> bool:
    case = getattr(item, "cls", None)
    if case is not None and issubclass(case, SimpleTestCase):
        return issubclass(case, TransactionTestCase)
    used = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not {"db", "django_db_setup"}.isdisjoint(used)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("database_only"):
        config.hook.pytest_deselected(items=[item for item in items if not touches_a_database(item)])
        items[:] = [item for item in items if touches_a_database(item)]
