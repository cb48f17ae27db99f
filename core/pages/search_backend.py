"""Wagtail's index with French on both databases: stems and accents on PostgreSQL (`french_unaccent`, made by a
migration of the kernel), beginnings of words on SQLite, which knows no stem. Editors' search goes through it too."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import connection
from modelsearch.backends import database
from modelsearch.query import PlainText

from core.pages.text import tokens


class AnyRows:
    """Searches in whatever queryset: who may read what is said by subqueries, which an index outside of the database
    could not follow, hence a check that has no place here."""

    def check(self) -> None:
        pass


class Beginnings:
    """« inscription » finds « inscriptions », and « inscriptions » finds « inscription ». Signs are left out, which the
    index would otherwise read as operators."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        # Here: its tables exist on SQLite alone.
        from modelsearch.backends.database.sqlite.query import Lexeme, SearchQueryExpression

        if not isinstance(query, PlainText):
            return super().build_search_query_content(query, config=config)  # type: ignore[misc]
        beginnings = [Lexeme(token, prefix=True) for token in tokens(query.query_string)] or [Lexeme("")]
        joined = reduce(and_ if query.operator.upper() == "AND" else or_, beginnings)
        return SearchQueryExpression(joined, config=config)


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail looks for
    backend = database.SearchBackend(params)
    ours = (AnyRows, Beginnings) if connection.vendor == "sqlite" else (AnyRows,)
    for name in ("query_compiler_class", "autocomplete_query_compiler_class"):
        theirs = getattr(backend, name)
        setattr(backend, name, type(theirs.__name__, (*ours, theirs), {}))
    return backend
