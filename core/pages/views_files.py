"""Addresses of the library's documents: one stays, whatever file stands behind it. And the way to what is reserved,
from a text that everybody reads: an address that tells nothing."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from wagtail.models import Page

from core.kernel import state
from core.kernel.access import agent, public, signed_in
from core.pages.audiences import audiences
from core.pages.documents import hand_over, keeps, may_open
from core.pages.library import DocumentVersion, LibraryDocument
from core.pages.plugin_pages import live_pages
from core.pages.selectors import address


@public
def file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What is for everybody; anything else was never here."""
    return _answer(request, get_object_or_404(LibraryDocument, slug=slug, readers=""))


@signed_in
def private_file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """What is for some readers, at an address that tells nothing."""
    if not state.serves("families"):
        raise Http404
    return _answer(request, get_object_or_404(LibraryDocument, key=key))


@signed_in
def reserved_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """To a page, for whoever may read it."""
    page = get_object_or_404(live_pages(Page.objects.filter(pk=page_id), audiences(request)))
    return redirect(address(page))


@public
def numbered_file(request: HttpRequest, document_id: int, filename: str) -> HttpResponse:
    """Wagtail's own way to a document leads to its address, for whoever may open it."""
    document = get_object_or_404(LibraryDocument, pk=document_id)
    if not may_open(request, document):
        raise Http404
    return redirect(document.url, permanent=False)


@agent("wagtaildocs.change_document")
def earlier_file(request: HttpRequest, document_id: int, number: int) -> HttpResponseBase:
    """A file that a document had, for who keeps the library."""
    version = get_object_or_404(
        DocumentVersion.objects.select_related("document"), document=document_id, number=number
    )
    if not keeps(request, version.document):
        raise Http404
    return hand_over(request, version.document, version)


def _answer(request: HttpRequest, document: LibraryDocument) -> HttpResponseBase:
    """The file, or the way to the document that replaced it once that one may be read."""
    heir = LibraryDocument.objects.filter(replaces=document).first()
    if heir and may_open(request, heir):
        return redirect(heir.url)
    if not may_open(request, document):
        raise Http404
    return hand_over(request, document)
