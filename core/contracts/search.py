"""What the search of the town's site finds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.contracts.markers import collect_hook

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Something found, and where it is. `kind` is the French title of its group, in the plural (« Activités »);
    `summary` one or two sentences. Groups are shown by the weight of their first result, lowest first.
    """

    kind: str
    title: str
    url: str
    summary: str = ""
    weight: int = 100


@collect_hook
def search_results(request: "HttpRequest", query: str) -> list[SearchResult]:  # type: ignore[empty-body]
    """What a plugin finds besides the pages of its types, which core finds by itself.

    When: the search page and its suggestions. `query` is at least two letters, as typed; `core.pages.search` finds in
    a queryset (`find`) or among a few results (`matching`), with the stems and accents that the database knows.
    Returns: what the person who asks may open, best first; two queries a plugin are expected at most.
    On failure: the other results are shown. Since: 1.0.
    """
