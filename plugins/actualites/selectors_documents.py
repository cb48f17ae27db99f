"""What is read of documents: the shelves of the library, as somebody may see them today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Subquery
from django.http import HttpRequest

from core.backoffice.search import found_by
from core.kernel import clock
from core.pages.audiences import NOBODY, Keys, audiences
from core.pages.documents import library
from core.pages.library import Language, LibraryDocument
from core.pages.plugin_pages import live_pages
from core.pages.selectors import address, trail
from plugins.actualites.models import DocumentsPage

PER_PAGE = 30
LONGEST_QUERY = 100


def shelves(keys: Keys = NOBODY) -> "QuerySet[LibraryDocument]":
    """Documents that have a theme and that somebody with these keys may read today, shelf by shelf. One statement."""
    return library(keys=keys, today=clock.today())


def latest_documents(keys: Keys = NOBODY) -> "QuerySet[LibraryDocument]":
    """The same, latest first, each with the way to the published list (`list_path`); none while there is no list."""
    lists = live_pages(DocumentsPage.objects.all(), keys).values("url_path")[:1]
    return (
        shelves(keys)
        .annotate(list_path=Subquery(lists))
        .filter(list_path__isnull=False)
        .order_by("-filed_at", "-pk")
    )


def list_url(documents: Iterable[Any]) -> str:
    """Address of the list, from `latest_documents` read already; "" without any. No statement."""
    return next((address(DocumentsPage(url_path=document.list_path)) for document in documents), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for in the library, as the address says it. What means nothing finds nothing."""

    theme: str = ""
    year: str = ""
    language: str = ""
    words: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Asked":
        def one(name: str) -> str:
            return said.get(name, "").replace("\0", "").strip()[:LONGEST_QUERY]

        return cls(theme=one("theme"), year=one("annee"), language=one("langue"), words=one("recherche"))

    def __bool__(self) -> bool:
        return any((self.theme, self.year, self.language, self.words))

    def admits(self, theme: str, year: str | None, language: str) -> bool:
        """Whether a document of that theme, year and language answers, words apart."""
        return self.theme in ("", theme) and self.year in ("", year) and self.language in ("", language)

    def among(self, documents: "QuerySet[LibraryDocument]") -> "QuerySet[LibraryDocument]":
        """The documents that answer. No statement more."""
        if self.theme:
            documents = documents.filter(theme__slug=self.theme)
        if self.year:
            documents = documents.filter(school_year__name=self.year)
        if self.language:
            documents = documents.filter(language=self.language)
        if self.words:
            documents = found_by(documents, self.words, ("title", "description", "theme__name"))
        return documents

    def address(self, **changes: str) -> str:
        """What the address becomes with another filter; the first page of it."""
        now = {"theme": self.theme, "annee": self.year, "langue": self.language, "recherche": self.words}
        kept = {name: value for name, value in (now | changes).items() if value}
        return f"?{urlencode(kept)}" if kept else "."


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that finds something: `count` documents, whatever else is asked."""

    value: str
    label: str
    count: int
    url: str
    current: bool


def documents_context(page: DocumentsPage, request: HttpRequest) -> dict[str, Any]:
    """The shelves with what one may look for in them. Two statements: what there is, and which; one more to count what
    answers to words."""
    keys, asked = audiences(request), Asked.of(request.GET)
    everything = shelves(keys)
    names = ("theme__rank", "theme__name", "theme__slug", "school_year__name", "language")
    facets = everything.order_by("theme__rank", "theme__name").values_list(*names).annotate(Count("pk"))
    themes: dict[tuple[str, str], int] = {}
    years: set[str] = set()
    languages: set[str] = set()
    answering = 0
    for _rank, theme, slug, year, language, count in facets:
        answering += count if asked.admits(slug, year, language) else 0
        themes[slug, theme] = themes.get((slug, theme), 0) + count
        years |= {year} if year else set()
        languages.add(language)
    pages = Paginator(asked.among(everything), PER_PAGE)
    if not asked.words:
        pages.count = answering
    spoken = [(value, label) for value, label in Language.choices if value in languages]
    return {
        "trail": trail(page, request),
        "asked": asked,
        "themes": [
            Choice(slug, name, count, asked.address(theme=slug), asked.theme == slug)
            for (slug, name), count in themes.items()
        ],
        "all_url": asked.address(theme=""),
        "total": sum(themes.values()),
        "years": sorted(years, reverse=True),
        "languages": spoken if len(spoken) > 1 else [],
        "documents": pages.get_page(request.GET.get("page")),
    }
