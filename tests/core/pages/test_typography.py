"""Spaces of French."""

import pytest

from core.pages.typography import NBSP, THIN, french


@pytest.mark.parametrize(
    ("typed", "spaced"),
    [
        ("Cantine : les menus", f"Cantine{NBSP}: les menus"),
        ("Qui appeler ?", f"Qui appeler{THIN}?"),
        ("oui ; non !", f"oui{THIN}; non{THIN}!"),
        ("« Bonjour »", f"«{NBSP}Bonjour{NBSP}»"),
        ("de 13 h 30 à 9 h", f"de 13{NBSP}h{NBSP}30 à 9{NBSP}h"),
        ("05 57 80 81 87", NBSP.join(["05", "57", "80", "81", "87"])),
        ("4 enfants, 12 €", f"4 enfants, 12{NBSP}€"),
        ('<a href="/a ?b : c">À lire : ici</a>', f'<a href="/a ?b : c">À lire{NBSP}: ici</a>'),
        ("http://exemple.fr", "http://exemple.fr"),
        ("", ""),
    ],
)
def test_french(typed: str, spaced: str) -> None:
    assert french(typed) == spaced
    assert french(spaced) == spaced
