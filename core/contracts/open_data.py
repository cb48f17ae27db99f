"""What the town gives away for reuse, under Licence Ouverte 2.0."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.contracts.markers import collect_hook

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One form of a set: « JSON », « CSV », « iCal »… and its address."""

    form: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """Public facts that anybody may take away. `updated` says in French how often they change."""

    title: str
    description: str
    files: tuple[DataFile, ...]
    updated: str = ""
    weight: int = 100


@collect_hook
def open_data(request: "HttpRequest") -> list[DataSet]:  # type: ignore[empty-body]
    """Sets of public facts that a plugin publishes.

    When: `/donnees-ouvertes/`. Returns: the sets; no personal data, whatever the form; no query is expected.
    On failure: the other sets are shown. Since: 1.0.
    """
