"""Each kind of setting: what it takes, what it says of the rest."""

from datetime import date

import pytest

from core.contracts.money import Money
from core.contracts.plugin import Plugin
from core.contracts.settings import (
    Boolean,
    Choice,
    Colour,
    Date,
    Email,
    Euros,
    Field,
    Integer,
    Text,
    document,
    problem,
    problems,
    values,
)

TEXT = Text(name="phrase", label="Phrase", maximum=10)
CHOICE = Choice(name="jour", label="Jour", choices=(("lun", "Lundi"), ("mar", "Mardi")), default="lun")
COUNT = Integer(name="nombre", label="Nombre", minimum=1, maximum=12, default=3)
OPEN = Boolean(name="ouvert", label="Ouvert", default=True)
EMAIL = Email(name="courriel", label="Courriel", required=False)
PRICE = Euros(name="prix", label="Prix", default=Money(240), maximum=Money(10_000))
DAY = Date(name="debut", label="Début", required=False)
COLOUR = Colour(name="couleur", label="Couleur", default="#0b5870")
SCHEMA = (TEXT, CHOICE, COUNT, OPEN, EMAIL, PRICE, DAY, COLOUR)


@pytest.mark.parametrize(
    ("field", "stored"),
    [
        (TEXT, "dix signes"),
        (CHOICE, "mar"),
        (COUNT, 1),
        (COUNT, 12),
        (OPEN, False),
        (EMAIL, "mairie@ville-de-bassens.example"),
        (EMAIL, "élu+école@mairie.example.fr"),
        (EMAIL, ""),
        (PRICE, "2.40"),
        (PRICE, "0"),
        (DAY, "2026-12-03"),
        (DAY, None),
        (COLOUR, "#ffffff"),
    ],
)
def test_accepted(field: Field, stored: object) -> None:
    assert problem(field, stored) == ""


@pytest.mark.parametrize(
    ("field", "stored", "said"),
    [
        (TEXT, "onze signes", "10 signes au plus"),
        (TEXT, "a\nb", "une ligne"),
        (TEXT, "a\x00b", "une ligne"),
        (TEXT, "\ud800", "une ligne"),
        (TEXT, 3, "une ligne"),
        (TEXT, "", "rester vide"),
        (TEXT, None, "rester vide"),
        (CHOICE, "mer", "réponses proposées"),
        (CHOICE, ["lun"], "réponses proposées"),
        (COUNT, 0, "de 1 à 12"),
        (COUNT, 13, "de 1 à 12"),
        (COUNT, True, "de 1 à 12"),
        (COUNT, 3.0, "de 1 à 12"),
        (COUNT, "3", "de 1 à 12"),
        (OPEN, 1, "oui ou par non"),
        (OPEN, None, "rester vide"),
        (EMAIL, "mairie@", "adresse électronique"),
        (EMAIL, "a@b@c.fr", "adresse électronique"),
        (EMAIL, "a b@c.fr", "adresse électronique"),
        (EMAIL, "a@-c.fr", "adresse électronique"),
        (EMAIL, "a@c.fr\n", "adresse électronique"),
        (PRICE, "2.405", "un montant de 0,00"),
        (PRICE, "100.01", "100,00"),
        (PRICE, "-1", "un montant"),
        (PRICE, 2, "un montant"),
        (DAY, "2026-02-30", "une date"),
        (DAY, "20261203", "une date"),
        (DAY, "03/12/2026", "une date"),
        (COLOUR, "#0B5870", "par son code"),
        (COLOUR, "#0b5", "par son code"),
        (COLOUR, "red;}", "par son code"),
    ],
)
def test_refused_with_what_to_write(field: Field, stored: object, said: str) -> None:
    assert said in problem(field, stored)


def test_values_are_typed_and_defaults_fill_the_gaps() -> None:
    found = values(SCHEMA, {"prix": "12.50", "debut": "2026-12-03", "nombre": 99, "oublie": 1})
    assert found == {
        "phrase": "",
        "jour": "lun",
        "nombre": 3,  # 99 does not fit any more
        "ouvert": True,
        "courriel": "",
        "prix": Money(1250),
        "debut": date(2026, 12, 3),
        "couleur": "#0b5870",
    }
    assert values(SCHEMA, document(SCHEMA, found)) == found


def test_an_empty_optional_value_stays_empty() -> None:
    chosen = Integer(name="x", label="X", default=3, required=False)
    assert values((chosen,), {"x": None}) == {"x": None}
    assert values((PRICE,), {"prix": None}) == {"prix": Money(240)}


def test_problems_of_a_document() -> None:
    assert problems(SCHEMA, {"phrase": "Bonjour"}) == {}
    assert problems(SCHEMA, {}) == {"phrase": "Ce réglage ne peut pas rester vide."}
    assert problems(SCHEMA, {"phrase": "Bonjour", "taille": 3}) == {"taille": "Ce réglage n’existe pas."}
    assert problems(SCHEMA, ["phrase"]) == {"": "Ce ne sont pas des réglages."}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Integer(name="x", label="X", default=20, maximum=12),
        lambda: Text(name="Pas un nom", label="X"),
        lambda: Colour(name="x", label="X", default="blue"),
        lambda: Choice(name="x", label="X", choices=(("a", "A"),), default="b"),
    ],
)
def test_a_schema_that_contradicts_itself_is_refused_at_once(wrong) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError):
        wrong()


def test_two_settings_never_share_a_name() -> None:
    with pytest.raises(ValueError, match="share a name"):
        Plugin(
            slug="x",
            name="X",
            summary="",
            audience=frozenset(),
            requires_core="",
            owner="",
            django_apps=(),
            settings_schema=(TEXT, TEXT),
        )
