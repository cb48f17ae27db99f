"""Settings: what a commune may choose, declared by whoever reads it, checked without a form or a database. Pure.

A value rests in a JSON document: text, whole number or boolean, euros as "2.40", a day as "2026-12-03". `store` and
`value` go from one to the other. An empty value is `""` for text and None for the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.contracts.money import ZERO, Money

Stored = str | int | bool | None

LARGEST = Money(100_000_000)

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\\\"]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting. `label` and `help` are French; `name` is the key in the document and in `values()`.

    Raises ValueError when the name is no identifier or the default does not fit.
    """

    name: str
    label: str
    help: str = ""
    default: Any = None
    required: bool = True

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"not a name of setting: {self.name!r}")
        stored = self.store(self.default)
        if not is_empty(stored) and not self.fits(stored):
            raise ValueError(f"{self.name}: the default {self.default!r} does not fit")

    def store(self, value: Any) -> Stored:
        """The JSON writing of a typed value."""
        stored: Stored = value
        return stored

    def value(self, stored: Any) -> Any:
        """The typed value of a JSON writing that fits."""
        return stored

    def fits(self, stored: object) -> bool:
        """Is this a writing of an acceptable value? Emptiness is judged apart."""
        raise NotImplementedError

    def expected(self) -> str:
        """What to write, in French: said when what was written does not fit."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """One line of text."""

    default: str = ""
    maximum: int = 200

    def fits(self, stored: object) -> bool:
        return isinstance(stored, str) and len(stored) <= self.maximum and not _CONTROL.search(stored)

    def expected(self) -> str:
        return _("Écrivez une ligne de %(maximum)s signes au plus.") % {"maximum": self.maximum}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Text):
    """Several lines of text."""

    maximum: int = 3000

    def store(self, value: Any) -> Stored:
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value

    def fits(self, stored: object) -> bool:
        # No `super()`: a class with slots is made again by its decorator, and would not be found.
        return Text.fits(self, stored.replace("\n", " ")) if isinstance(stored, str) else False

    def expected(self) -> str:
        return _("Écrivez %(maximum)s signes au plus.") % {"maximum": self.maximum}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One of several values; `choices` are (value, French label)."""

    choices: tuple[tuple[str, str], ...]
    default: str = ""

    def fits(self, stored: object) -> bool:
        return stored in [value for value, _label in self.choices]

    def expected(self) -> str:
        return _("Choisissez une des réponses proposées.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Field):
    """A whole number between two bounds, both included."""

    default: int | None = None
    minimum: int = 0
    maximum: int = 1_000_000

    def fits(self, stored: object) -> bool:
        return type(stored) is int and self.minimum <= stored <= self.maximum

    def expected(self) -> str:
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return _("Écrivez un nombre entier de %(minimum)s à %(maximum)s.") % bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Boolean(Field):
    """Yes or no."""

    default: bool = False

    def fits(self, stored: object) -> bool:
        return isinstance(stored, bool)

    def expected(self) -> str:
        return _("Répondez par oui ou par non.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Email(Field):
    """An electronic address."""

    default: str = ""

    def fits(self, stored: object) -> bool:
        return isinstance(stored, str) and len(stored) <= 254 and bool(_EMAIL.fullmatch(stored))

    def expected(self) -> str:
        return _("Écrivez une adresse électronique, par exemple mairie@example.fr.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Euros(Field):
    """An amount; its value is a `Money`."""

    default: Money | None = None
    minimum: Money = ZERO
    maximum: Money = LARGEST

    def store(self, value: Any) -> Stored:
        return value.plain if isinstance(value, Money) else value

    def value(self, stored: Any) -> Money | None:
        return None if is_empty(stored) else Money.of(stored)

    def fits(self, stored: object) -> bool:
        try:
            return isinstance(stored, str) and self.minimum <= Money.of(stored) <= self.maximum
        except ValueError:
            return False

    def expected(self) -> str:
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return _("Écrivez un montant de %(minimum)s à %(maximum)s.") % bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Field):
    """A day; its value is a `date`."""

    default: date | None = None

    def store(self, value: Any) -> Stored:
        return value.isoformat() if isinstance(value, date) else value

    def value(self, stored: Any) -> date | None:
        return None if is_empty(stored) else date.fromisoformat(stored)

    def fits(self, stored: object) -> bool:
        try:
            return isinstance(stored, str) and date.fromisoformat(stored).isoformat() == stored
        except ValueError:
            return False

    def expected(self) -> str:
        return _("Écrivez une date, par exemple 03/12/2026.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour(Field):
    """A colour, `#rrggbb` in small letters."""

    default: str = ""

    def fits(self, stored: object) -> bool:
        return isinstance(stored, str) and bool(_COLOUR.fullmatch(stored))

    def expected(self) -> str:
        return _("Écrivez une couleur par son code, par exemple #0b5870.")


Schema = tuple[Field, ...]


def is_empty(stored: object) -> bool:
    return stored is None or stored == ""


def problem(field: Field, stored: object) -> str:
    """What is wrong with one stored value, in French; nothing when it is fine."""
    if is_empty(stored):
        return _("Ce réglage ne peut pas rester vide.") if field.required else ""
    return "" if field.fits(stored) else field.expected()


def problems(schema: Schema, document: object) -> dict[str, str]:
    """What is wrong with a document, by name of setting. A setting that is absent counts as its default."""
    if not isinstance(document, Mapping):
        return {"": _("Ce ne sont pas des réglages.")}
    stored = {field.name: document.get(field.name, field.store(field.default)) for field in schema}
    wrong = {field.name: problem(field, stored[field.name]) for field in schema}
    wrong |= {str(name): _("Ce réglage n’existe pas.") for name in document if name not in stored}
    return {name: message for name, message in wrong.items() if message}


def values(schema: Schema, document: Mapping[str, Any]) -> dict[str, Any]:
    """Typed values by name. What is absent, or does not fit any more since the schema changed, gives the default."""
    return {
        field.name: field.value(document[field.name])
        if field.name in document and not problem(field, document[field.name])
        else field.default
        for field in schema
    }


def document(schema: Schema, values: Mapping[str, Any]) -> dict[str, Stored]:
    """The JSON document of typed values."""
    return {field.name: field.store(values[field.name]) for field in schema}
