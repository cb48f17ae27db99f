"""The one way to the documents of whoever is signed in, for pages and API alike."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from core.documents import selectors
from core.documents.models import DocumentFile, SupportingDocument
from core.families.access import family_of


def documents_of(request: Any) -> QuerySet[SupportingDocument]:
    """What the guardian who is signed in reads."""
    return selectors.of_family(family_of(request))


def document_of(request: Any, document_id: UUID) -> SupportingDocument:
    """Raises Http404."""
    return get_object_or_404(documents_of(request), pk=document_id)


def own_document(request: Any, document_id: UUID) -> SupportingDocument:
    """One that this household sent, and may change. Raises Http404."""
    found = document_of(request, document_id)
    if not selectors.own(family_of(request), found):
        raise Http404
    return found


def file_in(documents: QuerySet[SupportingDocument], document_id: UUID, file_id: UUID) -> DocumentFile:
    """A file of one of these documents that may be opened. Raises Http404."""
    files = DocumentFile.objects.select_related("document__type").filter(
        document__in=documents.filter(pk=document_id).prefetch_related(None).values("pk"),
        scan=DocumentFile.Scan.PASSED,
    )
    return get_object_or_404(files, pk=file_id)
