"""Where the lists of this plugin are."""

from collections.abc import Sequence

from django.http import HttpRequest
from wagtail.models import Page

from core.pages.library import LibraryDocument
from core.pages.plugin_pages import live_pages
from core.pages.selectors import address
from plugins.actualites.models import DocumentsPage, EventsPage, NewsIndexPage, NewsPage
from plugins.actualites.selectors_documents import list_url


def index_urls(request: HttpRequest | None = None) -> dict[type[Page], str]:
    """Addresses of the published pages that list news, documents and events. One statement, once for a request."""
    found: dict[type[Page], str] | None = getattr(request, "_actualites_urls", None)
    if found is None:
        pages = live_pages(Page.objects.exact_type(NewsIndexPage, DocumentsPage, EventsPage))
        found = {page.specific_class: page.get_url(request) or "" for page in pages}
        if request is not None:
            request._actualites_urls = found  # type: ignore[attr-defined]
    return found


def index_urls_of(news: Sequence[NewsPage], documents: Sequence[LibraryDocument]) -> dict[type[Page], str]:
    """The same, from what is read already: the list of news is the page above them. No statement."""
    found: dict[type[Page], str] = {}
    if news:
        found[NewsIndexPage] = address(news[0]).rstrip("/").rpartition("/")[0] + "/"
    if documents:
        found[DocumentsPage] = list_url(documents)
    return found
