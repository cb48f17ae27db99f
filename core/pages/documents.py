"""Which documents of the library somebody may read, and how a file is handed over."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from wagtail.documents.permissions import permission_policy
from wagtail.models import CollectionViewRestriction

from core.kernel import clock
from core.kernel.access import is_agent
from core.pages.audiences import NOBODY, Keys, audiences, may_read, readable
from core.pages.library import DocumentVersion, LibraryDocument

SEALED = "default-src 'none'; frame-ancestors 'none'"
"""What a file may do in the reader's browser: nothing."""


def out(
    rows: "QuerySet[LibraryDocument]", *, keys: Keys = NOBODY, today: date
) -> "QuerySet[LibraryDocument]":
    """Documents that somebody with these keys may open: already valid, in no closed collection. Adds no statement."""
    closed = CollectionViewRestriction.objects.filter(collection=OuterRef("collection"))
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
    return readable(rows, keys).filter(begun).exclude(Exists(closed))


def up_to_date(
    rows: "QuerySet[LibraryDocument]", *, keys: Keys = NOBODY, today: date
) -> "QuerySet[LibraryDocument]":
    """Those that lists and searches show: neither past their last day, nor replaced by one that the reader may open."""
    heirs = out(LibraryDocument.objects.filter(replaces=OuterRef("pk")), keys=keys, today=today)
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return out(rows, keys=keys, today=today).filter(lasting).exclude(Exists(heirs))


def library(*, keys: Keys = NOBODY, today: date) -> "QuerySet[LibraryDocument]":
    """The shelves: what has a theme, shelf by shelf, latest first. One statement."""
    rows = LibraryDocument.objects.filter(theme__isnull=False).select_related(
        "theme", "school_year", "replaces"
    )
    return up_to_date(rows, keys=keys, today=today).order_by("theme__rank", "theme__name", "-filed_at", "-pk")


def may_open(request: HttpRequest, document: LibraryDocument) -> bool:
    """Whether whoever asks may open it; who keeps the library may always. No statement for what is for everybody."""
    today = clock.today()
    begun = document.valid_from is None or document.valid_from <= today
    closed = CollectionViewRestriction.objects.filter(collection=document.collection_id)
    if begun and may_read(request, document) and not closed.exists():
        return True
    return keeps(request, document)


def openable(request: HttpRequest | None, documents: "Iterable[LibraryDocument]") -> list[LibraryDocument]:
    """Those, in their order, that whoever asks may open: what a page names. Agents, who write it, see them all.
    One statement, none for an empty list; without a request, a visitor asks."""
    named = list(documents)
    if not named or (request is not None and is_agent(request.user)):
        return named
    keys = NOBODY if request is None else audiences(request)
    found = out(
        LibraryDocument.objects.filter(pk__in=[document.pk for document in named]),
        keys=keys,
        today=clock.today(),
    )
    known = set(found.values_list("pk", flat=True))
    return [document for document in named if document.pk in known]


def keeps(request: HttpRequest, document: LibraryDocument) -> bool:
    """Whether an agent may change it."""
    known = request.user
    return known.is_authenticated and permission_policy.user_has_permission_for_instance(
        known, "change", document
    )


def hand_over(
    request: HttpRequest, document: LibraryDocument, version: DocumentVersion | None = None
) -> HttpResponseBase:
    """Its file, or an earlier one, under the name of the document; 304 to whoever has it. The caller checked who."""
    digest, filed_at, file = (
        (version.digest, version.filed_at, version.file)
        if version
        else (document.file_hash, document.filed_at, document.file)
    )
    etag, stamp = (quote_etag(digest) if digest else None), int(filed_at.timestamp())
    reserved = bool(document.readers or version)
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag, last_modified=stamp)
    if answer is None:
        answer = FileResponse(file.open("rb"), content_type=document.content_type)
        answer["Content-Disposition"] = document.content_disposition
        answer["Content-Security-Policy"] = SEALED
        answer["X-Content-Type-Options"] = "nosniff"
    if reserved:
        answer["X-Robots-Tag"] = "noindex"
    answer["Last-Modified"] = http_date(stamp)
    if etag:
        answer["ETag"] = etag
    patch_cache_control(
        answer, **({"private": True, "no_store": True} if reserved else {"public": True, "no_cache": True})
    )
    return answer
