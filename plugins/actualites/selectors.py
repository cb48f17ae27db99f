"""What is read of news and documents: neither a draft, nor a restricted page, nor one of a plugin that is off."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page
from wagtail.query import PageQuerySet

from core.pages.plugin_pages import live_pages
from core.pages.selectors import Download, address, download, trail
from plugins.actualites.models import DocumentEntry, DocumentsPage, NewsIndexPage, NewsPage

PER_PAGE = 6


def latest_news() -> "PageQuerySet[NewsPage]":
    """Published news, latest first, with their pictures. One statement."""
    return (
        live_pages(NewsPage.objects.all())
        .select_related("picture")
        .order_by("-date", "-first_published_at", "-pk")
    )


def public_entries() -> "QuerySet[DocumentEntry]":
    """Documents of the published list, latest put in the library first. One statement."""
    return (
        DocumentEntry.objects.filter(page__in=live_pages(DocumentsPage.objects.all()))
        .select_related("document", "page")
        .order_by("-document__created_at", "sort_order", "pk")
    )


def index_urls(request: HttpRequest | None = None) -> dict[type[Page], str]:
    """Addresses of the published pages that list news and documents. One statement, once for a request."""
    found: dict[type[Page], str] | None = getattr(request, "_actualites_urls", None)
    if found is None:
        pages = live_pages(Page.objects.exact_type(NewsIndexPage, DocumentsPage))
        found = {page.specific_class: page.get_url(request) or "" for page in pages}
        if request is not None:
            request._actualites_urls = found  # type: ignore[attr-defined]
    return found


def index_urls_of(news: Sequence[NewsPage], entries: Sequence[DocumentEntry]) -> dict[type[Page], str]:
    """The same, from what is read already: the list of news is the page above them. No statement."""
    found: dict[type[Page], str] = {}
    if news:
        found[NewsIndexPage] = address(news[0]).rstrip("/").rpartition("/")[0] + "/"
    if entries:
        found[DocumentsPage] = address(entries[0].page)
    return found


def downloads(entries: "Iterable[DocumentEntry]") -> list[Download]:
    return [download(entry.document, entry.description) for entry in entries]


def feed_url() -> str:
    return reverse("actualites:feed")


def page_of(queryset: "PageQuerySet[NewsPage]", number: str | None) -> "PaginatorPage[NewsPage]":
    """A page of the list; a number that means nothing gives the first one, one too high the last."""
    return Paginator(queryset, PER_PAGE).get_page(number)


def index_context(page: NewsIndexPage, request: HttpRequest) -> dict[str, Any]:
    return {
        "trail": trail(page, request),
        "news": page_of(latest_news().child_of(page), request.GET.get("page")),
        "feed_url": feed_url(),
    }


def news_context(page: NewsPage, request: HttpRequest) -> dict[str, Any]:
    """The article with its documents, and three others to read on."""
    return {
        "trail": trail(page, request),
        "files": [download(item.document) for item in page.documents.select_related("document")],
        "others": latest_news().exclude(pk=page.pk)[:3],
        "index_url": index_urls(request).get(NewsIndexPage, ""),
        "feed_url": feed_url(),
    }


def documents_context(page: DocumentsPage, request: HttpRequest) -> dict[str, Any]:
    """The list in the editors' order."""
    return {
        "trail": trail(page, request),
        "files": [
            download(entry.document, entry.description) for entry in page.entries.select_related("document")
        ],
    }
