"""Every pair of colours that the components put together is readable, light and dark."""

import re

import pytest

from core.ui import theme


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_pair_reaches_its_ratio(mode):
    assert theme.failing(mode) == []


def test_a_pale_brand_would_be_refused(monkeypatch):
    monkeypatch.setattr(
        theme, "tokens", lambda mode: {**dict.fromkeys(theme_names(), "#000000"), "brand": "#0b0b0b"}
    )
    assert any("brand on paper" in line for line in theme.failing("light"))


def theme_names():
    return {name for a, b, _ in theme.PAIRS for name in (a, b)}


def test_contrast_is_that_of_wcag():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert theme.contrast("#ffffff", "#777777") == theme.contrast("#777777", "#ffffff")


def test_dark_mode_is_written_twice_the_same():
    preferred, chosen = theme.dark_blocks()
    assert preferred == chosen
    assert set(preferred) == set(theme.tokens("light"))


def test_components_use_tokens_only():
    """No colour outside tokens.css, but black and white paper and the shadow's own transparency."""
    folder = theme.SHEET.parent
    found = {
        (sheet.name, colour)
        for sheet in folder.glob("*.css")
        if sheet.name not in ("tokens.css", "print.css")
        for colour in re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s)])", sheet.read_text(encoding="utf-8"))
    }
    assert found <= {("base.css", "#25211c")}  # text of a selection, on the sun of both modes
