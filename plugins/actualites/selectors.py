"""Where the lists of this plugin are."""

from collections.abc import Sequence

from wagtail.models import Page

from core.pages.frame import place
from core.pages.library import LibraryDocument
from core.pages.selectors import address
from plugins.actualites.models import DocumentsPage, EventsPage, NewsIndexPage, NewsPage
from plugins.actualites.selectors_documents import list_url


def index_urls() -> dict[type[Page], str]:
    """Addresses of the published pages that list news, documents and events. No statement."""
    return place(NewsIndexPage, DocumentsPage, EventsPage)


def index_urls_of(news: Sequence[NewsPage], documents: Sequence[LibraryDocument]) -> dict[type[Page], str]:
    """The same, from what is read already: the list of news is the page above them. No statement."""
    found: dict[type[Page], str] = {}
    if news:
        found[NewsIndexPage] = address(news[0]).rstrip("/").rpartition("/")[0] + "/"
    if documents:
        found[DocumentsPage] = list_url(documents)
    return found
