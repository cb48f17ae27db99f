"""What the CNIL's recommendation accepts and refuses, and what it says when it refuses."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from core.accounts.models import User
from core.accounts.passwords import bits, effective, is_strong


@pytest.mark.parametrize(
    "password",
    [
        "Cour!Tilleul7",  # 12 signs or more of four kinds
        "parvis-demo-2026",  # 14 of three
        "le chat dort sous une table verte ronde",  # seven words
        "Élodie, 3 pommes & 2 kiwis",
        "xkvqzwjhpfmdtrbnsx",  # 18 letters of one kind, drawn
    ],
)
def test_accepted(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Court-9!", "se devine trop vite"),
        ("Tilleul-77!", "se devine trop vite"),  # 11 signs
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "se devine trop vite"),
        ("Azertyuiop-1234567", "Beaucoup de gens"),
        ("abcdefghijklmnop-1", "se devine trop vite"),
        ("Motdepasse2026!!", "Beaucoup de gens"),
        ("bonjour-2026-!!", "Beaucoup de gens"),
        ("Bassens33530-33530!", "Beaucoup de gens"),
        ("12345678901234567890", "se devine trop vite"),
    ],
)
def test_refused(password: str, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)
    assert words in " ".join(refusal.value.messages)


def test_not_ones_own_name() -> None:
    user = User(username="nora.lafarge-delmas", email="nora@example.org")
    with pytest.raises(ValidationError, match="trop semblable"):
        validate_password("Nora.Lafarge-Delmas1", user)


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_a_run_never_adds(password: str) -> None:
    assert len(effective(password)) <= len(password)
    assert bits(password) >= 0


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=12, max_size=30))
def test_adding_signs_of_a_run_never_makes_it_strong(password: str) -> None:
    tail = password[-1] * 20
    grown = bits(password + tail) - bits(password)
    assert grown < 30 or is_strong(password)
