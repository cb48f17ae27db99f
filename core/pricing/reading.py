"""Careful reading of a JSON document: each problem has its path and its reason, in French. Pure.

A file is written by hand, by somebody who never saw the code, or by somebody who means harm: nothing here
trusts its size, its depth or its types, and nothing is guessed.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_INTEGER_DIGITS = 9

_MARKS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)
_DECIMAL = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN_KEY = re.compile(r"[^\W\d]\w*")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong (or worth a warning), where: ``components[0].steps[0].brackets[2].to``."""

    path: str
    reason: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.path} : {self.reason}" if self.path else self.reason


class InvalidTariffError(Exception):
    """The document is not a valid tariff; ``problems`` says why, all of it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class _Object(dict[str, Any]):
    """A JSON object that remembers the keys written twice."""

    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unquoted:
    """A JSON number that is not an exact integer (float, NaN, Infinity, too long)."""

    text: str


def load(text: str | bytes) -> Any:
    """JSON text to plain objects; raises InvalidTariffError when it is not JSON, or too big or deep."""
    if len(text) > MAX_BYTES:
        raise InvalidTariffError(Problem("", f"le fichier dépasse {MAX_BYTES // 1_000_000} Mo"))
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidTariffError(
                Problem("", f"le fichier n’est pas en UTF-8 (octet {error.start})")
            ) from None
    if _depth(text) > MAX_DEPTH:
        raise InvalidTariffError(Problem("", f"le fichier imbrique plus de {MAX_DEPTH} niveaux"))
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_Unquoted,
            parse_constant=_Unquoted,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        reason = f"le fichier n’est pas du JSON (ligne {error.lineno}, colonne {error.colno})"
        raise InvalidTariffError(Problem("", reason)) from None


def _depth(text: str) -> int:
    """Levels of nesting, counted before the parser may recurse; one pass whatever the text."""
    depth = deepest = 0
    quoted = False
    for match in _MARKS.finditer(text):
        mark = match[0]
        if mark == '"':
            quoted = not quoted
        elif not quoted and mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif not quoted and mark in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        result.twice = tuple(sorted({name for name in names if names.count(name) > 1}))
    return result


def _integer(text: str) -> int | _Unquoted:
    return int(text) if len(text.lstrip("-")) <= MAX_INTEGER_DIGITS else _Unquoted(text)


def join(path: str, key: str) -> str:
    shown = key if len(key) <= 60 else key[:60] + "…"
    if not _PLAIN_KEY.fullmatch(shown.removesuffix("…")):
        return f"{path}[{json.dumps(shown)}]"
    return f"{path}.{shown}" if path else shown


def shown(value: object) -> str:
    """A value as the file has it, shortened."""
    match value:
        case _Unquoted(text):
            pass
        case dict():
            text = "un objet"
        case list() | tuple():
            text = "une liste"
        case str():
            text = f"« {value} »"
        case _:
            text = json.dumps(value, default=str)
    # Half a surrogate pair is legal JSON and cannot be printed.
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= 80 else text[:80] + "…"


class Reader:
    """Reads values one by one. A method answers None when it has noted an error.

    Reading goes on after an error, so that the author of a tariff sees all of them at once.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    @property
    def is_valid(self) -> bool:
        return all(problem.level != "error" for problem in self.problems)

    def error(self, path: str, reason: str) -> None:
        self.problems.append(Problem(path, reason))

    def warning(self, path: str, reason: str) -> None:
        self.problems.append(Problem(path, reason, "warning"))

    def object(
        self, value: Any, path: str, required: Collection[str], optional: Collection[str] = ()
    ) -> Mapping[str, Any] | None:
        """An object with its required keys; an unknown one is noted but does not stop the reading."""
        if not isinstance(value, dict):
            self.error(path, f"un objet est attendu, pas {shown(value)}")
            return None
        known = {*required, *optional}
        for key in getattr(value, "twice", ()):
            self.error(join(path, key), "cette clé est écrite deux fois")
        for key in value:
            if key not in known:
                self.error(join(path, key), f"clé inconnue (clés possibles : {', '.join(sorted(known))})")
        missing = [key for key in required if key not in value]
        for key in missing:
            self.error(join(path, key), "cette clé manque")
        return None if missing else value

    def free_object(self, value: Any, path: str, at_most: int = 100) -> Mapping[str, Any]:
        """An object whose keys are names chosen by the author."""
        if not isinstance(value, dict):
            self.error(path, f"un objet est attendu, pas {shown(value)}")
            return {}
        for key in getattr(value, "twice", ()):
            self.error(join(path, key), "cette clé est écrite deux fois")
        if len(value) > at_most:
            self.error(path, f"{at_most} entrées au plus")
            return {}
        return value

    def items(self, value: Any, path: str, *, at_least: int = 1, at_most: int) -> Iterator[tuple[str, Any]]:
        """The items of a list with their paths."""
        if not isinstance(value, list):
            self.error(path, f"une liste est attendue, pas {shown(value)}")
        elif not at_least <= len(value) <= at_most:
            self.error(path, f"de {at_least} à {at_most} éléments sont attendus, pas {len(value)}")
        else:
            for index, item in enumerate(value):
                yield f"{path}[{index}]", item

    def text(self, value: Any, path: str, *, at_most: int = 200, blank: bool = False) -> str | None:
        if not isinstance(value, str):
            self.error(path, f"un texte est attendu, pas {shown(value)}")
        elif not value.strip() and not blank:
            self.error(path, "ce texte est vide")
        elif len(value) > at_most:
            self.error(path, f"ce texte dépasse {at_most} caractères")
        elif any(unicodedata.category(sign) in _UNSEEN for sign in value):
            self.error(path, "ce texte contient un caractère qui ne s’imprime pas")
        else:
            return value
        return None

    def slug(self, value: Any, path: str) -> str | None:
        text = self.text(value, path, at_most=100)
        if text is not None and not _SLUG.fullmatch(text):
            expected = "des minuscules sans accent, des chiffres et des tirets sont attendus"
            self.error(path, f"{expected}, pas « {text} »")
            return None
        return text

    def name(self, value: Any, path: str) -> str | None:
        text = self.text(value, path, at_most=50)
        if text is not None and not _NAME.fullmatch(text):
            self.error(path, f"un nom comme « format » ou « child_rank » est attendu, pas « {text} »")
            return None
        return text

    def choice(self, value: Any, path: str, known: Collection[str]) -> str | None:
        if not isinstance(value, str) or value not in known:
            self.error(path, f"{shown(value)} n’est pas connu (valeurs possibles : {', '.join(known)})")
            return None
        return value

    def decimal(self, value: Any, path: str, *, places: int, what: str) -> Decimal | None:
        """An exact number written between quotes, zero or more."""
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            self.error(path, f'{what} s’écrit entre guillemets, comme "2.40" ; ici : {shown(value)}')
            return None
        if value.startswith("-"):
            self.error(path, f"{what} ne peut pas être négatif : {shown(value)}")
            return None
        if len(value.partition(".")[2]) > places:
            self.error(path, f"{what} a {places} décimales au plus : {shown(value)}")
            return None
        return Decimal(value)

    def day(self, value: Any, path: str) -> date | None:
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self.error(path, f'une date comme "2026-09-01" est attendue, pas {shown(value)}')
        return None

    def clock(self, value: Any, path: str) -> time | None:
        """A time of day of Europe/Paris, to the minute."""
        if isinstance(value, str) and _CLOCK.fullmatch(value):
            return time.fromisoformat(value)
        self.error(path, f'une heure comme "18:30" est attendue, pas {shown(value)}')
        return None
