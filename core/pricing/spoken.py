"""Bounds and values as agents write them: « jusqu’à 400 », « plus de 400 à 700 », « 3 et plus », « 1 ; 2 ». Pure.

Both ways: what is read from a document is written in words that read back as the same document.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from core.contracts.pricing import Fact

UNKNOWN: Final = "non communiqué"
SEPARATOR: Final = ";"


class Unreadable(ValueError):
    """Words that say nothing here; its text is one French sentence."""


_CLOCK = r"[0-9]{1,2} ?(?:h|:) ?(?:[0-9]{2})?"
_NUMBER = r"[0-9](?:[0-9 ]*[0-9])?(?:[.,][0-9]{1,6})?"
_AMOUNT = rf"(?:{_CLOCK}|{_NUMBER})"
_FROM = {"": "from", "de": "from", "à partir de": "from", "dès": "from", ">=": "from", "≥": "from"}
_ABOVE = {"plus de": "above", "au-dessus de": "above", ">": "above"}
_TO = {"jusqu'à": "to", "à": "to", "-": "to", "<=": "to", "≤": "to"}
_BELOW = {"moins de": "below", "à moins de": "below", "<": "below", "en dessous de": "below"}
_LOWS, _HIGHS = {**_FROM, **_ABOVE}, {**_TO, **_BELOW}


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word)


_LOW = rf"(?P<after>{_either(_LOWS)})? ?(?P<low>{_AMOUNT})"
_HIGH = rf"(?P<before>{_either(_HIGHS)}) ?(?P<high>{_AMOUNT})(?: inclus| compris)?"
_BOTH = re.compile(rf"{_LOW}(?:,| et)? ?{_HIGH}")
_ONLY_LOW = re.compile(rf"(?P<after>{_either(_LOWS)}) ?(?P<low>{_AMOUNT})")
_AND_MORE = re.compile(rf"(?P<low>{_AMOUNT}) (?:et|ou) plus")
_ONLY_HIGH = re.compile(_HIGH)
_ALONE = re.compile(_AMOUNT)
_PLAIN_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_QUOTIENT = re.compile(r"(?P<value>[^(]+?)(?: ?\((?P<month>[0-9]{4}-[0-9]{2})(?:, ?(?P<kind>[a-z]+))?\))?")


def plain_number(text: str) -> str:
    """« 1 234,50 € » as a document writes it: ``1234.50``. Raises Unreadable."""
    number = "".join(text.replace("€", "").split()).replace(",", ".")
    if not _PLAIN_NUMBER.fullmatch(number):
        raise Unreadable(f"« {text} » n’est pas un nombre, comme 2,40.")
    return number


def shown_number(number: str) -> str:
    """``1234.50`` as one writes it: « 1234,50 »."""
    return number.replace(".", ",")


def _bound(text: str, kind: str) -> Any:
    clock = re.fullmatch(r"([0-9]{1,2}) ?(?:h|:) ?([0-9]{2})?", text)
    if kind == "time":
        if not clock or int(clock[1]) > 23 or int(clock[2] or 0) > 59:
            raise Unreadable(f"« {text} » n’est pas une heure, comme 18 h 30.")
        return f"{int(clock[1]):02d}:{clock[2] or '00'}"
    if clock:
        raise Unreadable(f"« {text} » est une heure : un nombre est attendu.")
    number = plain_number(text)
    if kind == "integer":
        if not number.isdigit():
            raise Unreadable(f"« {text} » n’est pas un nombre entier.")
        return int(number)
    return number


def read_bounds(text: str, kind: str = "decimal", *, whole: bool = False) -> dict[str, Any]:
    """The bounds that some words tell. With `whole` both are written, as brackets do: from 0, to no limit."""
    words = " ".join(text.replace("’", "'").replace("–", "-").replace("€", " ").lower().split())
    words = words.removeprefix("qf ").removeprefix("quotient ")
    found: dict[str, Any] = {}
    if match := _AND_MORE.fullmatch(words):
        found["from"] = _bound(match["low"], kind)
    elif match := _ONLY_HIGH.fullmatch(words):
        found[_HIGHS[match["before"]]] = _bound(match["high"], kind)
    elif match := _ONLY_LOW.fullmatch(words):
        found[_LOWS[match["after"]]] = _bound(match["low"], kind)
    elif match := _BOTH.fullmatch(words):
        found[_LOWS[match["after"] or ""]] = _bound(match["low"], kind)
        found[_HIGHS[match["before"]]] = _bound(match["high"], kind)
    else:
        raise Unreadable(
            f"« {text.strip()} » ne se comprend pas. Écrivez par exemple « de 0 à 400 », « plus de 400 à 700 », "
            "« moins de 600 » ou « 1500 et plus »."
        )
    if whole and "from" not in found and "above" not in found:
        found = {"from": "0", **found}
    if whole and "to" not in found and "below" not in found:
        found["to"] = None
    return found


def write_bounds(bounds: Mapping[str, Any], kind: str = "decimal", *, whole: bool = False) -> str:
    """The words of some bounds. With `whole`, those of a bracket: nothing is said of zero."""
    low_key = next((key for key in ("from", "above") if bounds.get(key) is not None), "")
    high_key = next((key for key in ("to", "below") if bounds.get(key) is not None), "")
    low = _written(bounds[low_key], kind) if low_key else ""
    high = _written(bounds[high_key], kind) if high_key else ""
    if not high_key:
        return f"plus de {low}" if low_key == "above" else f"{low} et plus"
    if not low_key or (whole and low == "0" and low_key == "from"):
        return f"moins de {high}" if high_key == "below" else f"jusqu’à {high}"
    start = f"plus de {low}" if low_key == "above" else f"de {low}"
    return f"{start} à moins de {high}" if high_key == "below" else f"{start} à {high}"


def _written(value: Any, kind: str) -> str:
    if kind == "time":
        hours, minutes = str(value).split(":")
        return f"{int(hours)} h {minutes}"
    return shown_number(str(value))


# Values of a fact


def read_values(text: str, fact: Fact) -> list[Any]:
    """Values and spans of a fact, in words separated by « ; ». Raises Unreadable."""
    pieces = [piece.strip() for piece in text.split(SEPARATOR) if piece.strip()]
    return [_read_value(piece, fact) for piece in pieces]


def _read_value(text: str, fact: Fact) -> Any:
    if fact.type in ("choice", "boolean"):
        for value, label in fact.values:
            if text.casefold() in (label.casefold(), str(value).casefold()):
                return value
        known = " ; ".join(label for _value, label in fact.values)
        raise Unreadable(f"« {text} » n’est pas une valeur de « {fact.label} » : {known}.")
    if fact.type in ("quotient", "number") and text.casefold() == UNKNOWN:
        return None
    if fact.type in ("integer", "time") and _ALONE.fullmatch(text.lower()):
        return _bound(text.lower(), fact.type)
    return read_bounds(text, fact.type)


def write_values(values: Sequence[Any], fact: Fact) -> str:
    """The words of values and spans of a fact."""
    return f" {SEPARATOR} ".join(_write_value(value, fact) for value in values)


def _write_value(value: Any, fact: Fact) -> str:
    if isinstance(value, Mapping):
        return write_bounds(value, fact.type)
    if value is None:
        return UNKNOWN
    if fact.type in ("choice", "boolean"):
        return next((label for known, label in fact.values if known == value), str(value))
    return _written(value, fact.type)


# One stated value, in an example


def read_stated(text: str, fact: Fact) -> Any:
    """What an example states of a fact; None for a measure that is not known. Raises Unreadable."""
    text = text.strip()
    match fact.type:
        case "quotient" if match := _QUOTIENT.fullmatch(text):
            if match["month"]:
                known = {"value": plain_number(match["value"]), "month": match["month"]}
                return {**known, "kind": match["kind"]} if match["kind"] else known
            return None if text.casefold() == UNKNOWN else plain_number(text)
        case "number":
            return None if text.casefold() == UNKNOWN else plain_number(text)
        case "decimal":
            return plain_number(text)
        case "integer" | "time":
            return _bound(text.lower(), fact.type)
    return _read_value(text, fact)


def write_stated(value: Any, fact: Fact) -> str:
    """The words of a stated value."""
    if isinstance(value, Mapping):
        when = ", ".join(str(value[key]) for key in ("month", "kind") if key in value)
        return f"{shown_number(value['value'])} ({when})" if when else shown_number(value["value"])
    return _write_value(value, fact)
