"""Colours of a commune: what follows from the chosen ones, and what is refused because nobody could read it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui import palette, theme
from core.ui.appearance import unreadable
from core.ui.palette import OURS, Colours, mix, style_sheet

any_colour = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_our_own_colours_change_nothing_and_pass() -> None:
    assert palette.palette(OURS, "light") == palette.palette(OURS, "dark") == {}
    assert style_sheet(OURS) == ""
    assert unreadable(OURS) == {}


def test_mixing() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#0b5870", "#0b5870", 0.3) == "#0b5870"
    assert mix("#102030", "#ffffff", 0) == "#102030"


@pytest.mark.parametrize("brand", ["#7a1f2b", "#1f3a8a", "#14532d", "#4a1d6b", "#6b3a00", "#083f51"])
def test_usual_colours_of_town_halls_pass(brand: str) -> None:
    assert unreadable(Colours(brand=brand)) == {}
    found = palette.palette(Colours(brand=brand), "light")
    assert found["on-brand"] == "#ffffff"
    assert found["brand-wash"] != theme.tokens("light")["surface"]


def test_a_pale_colour_is_refused_with_its_ratio_and_what_is_needed() -> None:
    said = unreadable(Colours(brand="#e3a93c"))
    assert list(said) == ["brand"]
    assert re.fullmatch(
        r"Liens( survolés)? sur .+ : contraste de \d(,\d)? pour 1, il en faut 4,5\. Choisissez-la plus foncée\.",
        said["brand"],
    )


def test_by_night_a_dark_colour_is_refused() -> None:
    said = unreadable(Colours(brand_dark="#083f51"))
    assert list(said) == ["brand_dark"]
    assert said["brand_dark"].endswith("il en faut 4,5. Choisissez-la plus claire.")


def test_a_dark_accent_hides_the_selected_text() -> None:
    said = unreadable(Colours(sun="#0b5870"))
    assert list(said) == ["sun"]
    assert said["sun"].startswith("Texte sélectionné : contraste de 2 pour 1, il en faut 4,5.")


def test_a_ratio_just_below_is_never_rounded_up() -> None:
    from core.ui.appearance import decimal

    assert decimal(4.4999, down=True) == "4,4"
    assert decimal(4.5) == "4,5"
    assert decimal(21.0) == "21"


@given(any_colour, any_colour, any_colour)
def test_what_passes_is_readable_everywhere(brand: str, brand_dark: str, sun: str) -> None:
    """The rule is the same as that of our own tokens: each pair of the components, in each mode."""
    colours = Colours(brand, brand_dark, sun)
    passes = unreadable(colours) == {}
    worst = min(
        theme.contrast(found[front], found[back]) / least
        for mode in palette.MODES
        for found in [theme.tokens(mode) | palette.palette(colours, mode)]
        for front, back, least in theme.PAIRS
    )
    selected = theme.contrast(theme.tokens("light")["ink"], sun) / theme.TEXT
    assert passes == (min(worst, selected) >= 1)


@given(any_colour, any_colour, any_colour)
def test_the_style_sheet_holds_custom_properties_only(brand: str, brand_dark: str, sun: str) -> None:
    text = style_sheet(Colours(brand, brand_dark, sun))
    declared = re.findall(r"--[a-z-]+: #[0-9a-f]{6};", text)
    assert declared
    rest = re.sub(r"--[a-z-]+: #[0-9a-f]{6};", "", text)
    assert "#" not in rest
    assert text.count("{") == text.count("}")


def test_the_day_never_leaks_into_the_night() -> None:
    text = style_sheet(Colours(brand="#7a1f2b"))
    by_day, chosen, preferred = re.findall(r"\{ (.*?) \}", text)
    assert "--brand: #7a1f2b;" in by_day
    names = re.findall(r"--([a-z-]+):", by_day)
    assert names == re.findall(r"--([a-z-]+):", chosen)
    assert chosen == preferred
    assert f"--brand: {theme.tokens('dark')['brand']};" in chosen
    assert "@media screen" in text
