"""The search of the town's site: pages, documents, whom to call, and what plugins add.

    find(LibraryDocument.objects.all(), query)      # rows of an indexed model, best first
    matching(results, query)                        # among a few results made by hand

Nothing is found that whoever asks may not open: pages and documents go through `live_pages` and `library`, with the
audiences of the request; plugins answer for theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from core.contracts.search import SearchResult, search_results
from core.kernel import clock
from core.kernel.calls import collect
from core.pages.audiences import audiences
from core.pages.documents import library
from core.pages.plugin_pages import PluginPage, live_pages
from core.pages.selectors import HOME_DEPTH, address
from core.pages.text import begins_all, plain, words
from core.pages.typography import french
from core.town.selectors import help_contacts

M = TypeVar("M", bound=Model)

SHORTEST = 2
"""Letters of a question below which everything would be found."""

MOST = 60
"""Results of one kind that are read: beyond, the question has to say more."""

SHOWN = 6
"""Results of one kind beside the others."""

SUGGESTED = 8
PAGES_WEIGHT, DOCUMENTS_WEIGHT, CONTACTS_WEIGHT = 10, 30, 60


@dataclass(frozen=True, slots=True)
class Group:
    """Results of one kind, best first; `slug` names the kind in the address."""

    title: str
    slug: str
    results: tuple[SearchResult, ...]

    @property
    def first(self) -> tuple[SearchResult, ...]:
        return self.results[:SHOWN]

    @property
    def is_full(self) -> bool:
        return len(self.results) >= MOST


# For plugins ----------------------------------------------------------------------------------------------------------


def find(rows: "QuerySet[M]", query: str, most: int = MOST) -> list[M]:
    """Rows of a model that Wagtail indexes which hold every word, best first. One statement."""
    looked_for = " ".join(words(query))
    return list(get_search_backend().search(looked_for, rows, operator="and")[:most]) if looked_for else []


def matching(results: Iterable[SearchResult], query: str) -> list[SearchResult]:
    """Those whose title and summary hold every word. One statement on PostgreSQL, which knows the stems; none on
    SQLite. For dozens of results, not thousands."""
    known = list(results)
    if not known or not words(query):
        return []
    texts = [f"{result.title} {result.summary}" for result in known]
    if connection.vendor != "postgresql":
        return [result for result, text in zip(known, texts, strict=True) if begins_all(text, query)]
    config = settings.WAGTAILSEARCH_BACKENDS["default"]["SEARCH_CONFIG"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rank FROM unnest(%s::text[]) WITH ORDINALITY AS given(words, rank)"
            " WHERE to_tsvector(%s::regconfig, words) @@ plainto_tsquery(%s::regconfig, %s) ORDER BY rank",
            [texts, config, config, " ".join(words(query))],
        )
        return [known[rank - 1] for (rank,) in cursor.fetchall()]


# What is found --------------------------------------------------------------------------------------------------------


def groups(request: HttpRequest, query: str) -> list[Group]:
    """All that whoever asks may open and that answers the question, by kind."""
    if not is_enough(query):
        return []
    found = [*_pages(request, query), *_documents(request, query), *_contacts(query)]
    found += collect(search_results, request=request, query=query)
    by_kind: dict[str, list[SearchResult]] = {}
    for result in sorted(found, key=lambda result: result.weight):
        by_kind.setdefault(result.kind, []).append(result)
    return [Group(kind, slugify(kind), tuple(results[:MOST])) for kind, results in by_kind.items()]


def is_enough(query: str) -> bool:
    return any(len(word) >= SHORTEST for word in words(query))


def suggestions(request: HttpRequest, query: str) -> list[SearchResult]:
    """What a question that is being typed may become: titles of which a word begins as it does."""
    if not is_enough(query):
        return []
    keys = audiences(request)
    rows = live_pages(Page.objects.filter(depth__gt=HOME_DEPTH), keys)
    pages = get_search_backend().autocomplete(" ".join(words(query)), rows, operator="and")
    found = [_result(page) for page in pages[:SUGGESTED]]
    shelves = library(keys=keys, today=clock.today())
    titles = [_document(document) for document in shelves[:MOST]] + _contact_results()
    found += [result for result in titles if begins_all(result.title, query)]
    unique = {plain(result.title): result for result in reversed(found)}
    return list(reversed(unique.values()))[:SUGGESTED]


def _pages(request: HttpRequest, query: str) -> list[SearchResult]:
    rows = live_pages(Page.objects.filter(depth__gt=HOME_DEPTH), audiences(request)).specific()
    return [_result(page) for page in find(rows, query)]


def _result(page: Page) -> SearchResult:
    """What plugins publish one by one bears the name of its type; everything else is a page."""
    model = page.specific_class or type(page)
    own = issubclass(model, PluginPage) and model.max_count is None
    kind = capfirst(str(model._meta.verbose_name_plural)) if own else _("Pages")
    summary = page.search_description or getattr(page, "lead", "")
    weight = PAGES_WEIGHT + 10 * own
    return SearchResult(
        kind=kind, title=french(page.title), url=address(page), summary=french(summary), weight=weight
    )


def _documents(request: HttpRequest, query: str) -> list[SearchResult]:
    shelves = library(keys=audiences(request), today=clock.today())
    return [_document(document) for document in find(shelves, query)]


def _document(document: Any) -> SearchResult:
    return SearchResult(
        kind=_("Documents"),
        title=french(document.title),
        url=document.url,
        summary=french(document.description),
        weight=DOCUMENTS_WEIGHT,
    )


def _contacts(query: str) -> list[SearchResult]:
    return matching(_contact_results(), query)


def _contact_results() -> list[SearchResult]:
    """Services and places, with what they are called for. Two statements."""
    known = help_contacts(today=clock.today())
    return [
        SearchResult(
            kind=_("Contacts"),
            title=group.name,
            url=reverse("contacts"),
            summary=" · ".join(
                " ".join(filter(None, (contact.label, contact.phone, contact.email)))
                for contact in group.contacts
            ),
            weight=CONTACTS_WEIGHT,
        )
        for group in (*known.services, *known.sites)
    ]
