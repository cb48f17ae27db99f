"""Search as one types at a counter: without accents, capitals, hyphens or apostrophes, on both databases alike."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower, Replace

M = TypeVar("M", bound=Model)

_PLAIN = {
    "a": "àáâãäåÀÁÂÃÄÅ",
    "c": "çÇ",
    "e": "èéêëÈÉÊË",
    "i": "ìíîïÌÍÎÏ",
    "n": "ñÑ",
    "o": "òóôõöÒÓÔÕÖ",
    "u": "ùúûüÙÚÛÜ",
    "y": "ýÿÝŸ",
    " ": "-'’.",
}
_FROM = "".join(_PLAIN.values())
_TO = "".join(plain * len(marked) for plain, marked in _PLAIN.items())
_TABLE = str.maketrans(_FROM, _TO)
_LIGATURES = (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"))

SQLITE_FUNCTION = "parvis_fold"


def fold(text: str | None) -> str | None:
    """« Élodie Saint-Cœur » → « elodie saint coeur »; None stays None, as in SQL."""
    if text is None:
        return None
    for pair in _LIGATURES:
        text = text.replace(*pair)
    return text.translate(_TABLE).lower()


def words(query: str) -> list[str]:
    """What was typed, as the words to find."""
    return (fold(query) or "").split()


class Folded(Func):
    """The same in the database, so that `Folded("name")` compares with `fold(typed)`."""

    function = "TRANSLATE"
    output_field = TextField()

    def __init__(self, expression: Any) -> None:
        super().__init__(expression)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        folded: Any = self.source_expressions[0]
        for pair in _LIGATURES:
            folded = Replace(folded, *(Value(part) for part in pair))
        translated = Func(folded, Value(_FROM), Value(_TO), function="TRANSLATE", output_field=TextField())
        return compiler.compile(Lower(translated))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, function=SQLITE_FUNCTION, **context)


def found_by(rows: QuerySet[M], typed: str, fields: Iterable[str]) -> QuerySet[M]:
    """Rows in which each word typed is somewhere in one of the fields (paths as in `filter`)."""
    folded = {f"folded_{rank}": Folded(F(field)) for rank, field in enumerate(fields)}
    rows = rows.alias(**folded)
    for word in words(typed):
        somewhere = Q()
        for name in folded:
            somewhere |= Q(**{f"{name}__contains": word})
        rows = rows.filter(somewhere)
    return rows


def teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """Receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(SQLITE_FUNCTION, 1, fold, deterministic=True)
