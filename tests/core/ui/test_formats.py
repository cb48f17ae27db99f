"""Dates, hours and amounts as one writes them at a counter."""

import datetime as dt

import pytest

from core.contracts.money import Money
from core.ui import formats
from core.ui.templatetags import ui


@pytest.mark.parametrize(
    ("value", "written"),
    [(dt.date(2026, 12, 3), "jeudi 3\u00a0décembre"), (dt.date(2026, 12, 1), "mardi 1er\u00a0décembre")],
)
def test_day(value, written):
    assert formats.day(value) == written
    assert formats.day(value, year=True) == f"{written}\u00a02026"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (dt.time(9), "9\u00a0h"),
        (dt.time(13, 30), "13\u00a0h\u00a030"),
        (dt.time(8, 5), "8\u00a0h\u00a005"),
        (dt.time(0), "0\u00a0h"),
    ],
)
def test_hour(value, written):
    assert formats.hour(value) == written
    assert ui.heure(value) == written


def test_moments_are_shown_on_the_clock_of_the_commune():
    """23 h 30 UTC on 2 December is 0 h 30 on the 3rd in Paris."""
    late = dt.datetime(2026, 12, 2, 23, 30, tzinfo=dt.UTC)
    assert ui.moment(late) == "jeudi 3\u00a0décembre, 0\u00a0h\u00a030"
    assert ui.jour(late) == "jeudi 3\u00a0décembre"


@pytest.mark.parametrize(
    ("cents", "written"), [(240, "2,40\u00a0€"), (123450, "1\u202f234,50\u00a0€"), (0, "0,00\u00a0€")]
)
def test_euros(cents, written):
    assert formats.euros(cents) == formats.euros(Money(cents)) == written


@pytest.mark.parametrize(
    ("octets", "written"), [(9, "1\u00a0Ko"), (184_000, "184\u00a0Ko"), (2_400_001, "2,4\u00a0Mo")]
)
def test_size(octets, written):
    assert formats.size(octets) == written


@pytest.mark.parametrize("shown", [ui.jour, ui.jour_annee, ui.mois, ui.heure, ui.moment, ui.euros, ui.taille])
def test_nothing_is_written_for_nothing(shown):
    assert shown(None) == ""
