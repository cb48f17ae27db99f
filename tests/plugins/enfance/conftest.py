"""Fixtures of enfance: a town with its canteen and leisure centre, and one family."""

import pytest

from tests.plugins.enfance.factories import Household, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def home(town: Town) -> Household:
    """Two children, quotient 500: 1,20 € a meal, 4,00 € a day of holidays each."""
    return town.household(children=2)
