"""Hand a file over, once the caller knows who asks and has the right to it."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.cache import patch_cache_control

from core.documents import services
from core.documents.models import DocumentFile

SEALED = "default-src 'none'; frame-ancestors 'none'"
"""What a file may do in the reader's browser: nothing."""


def hand_over(file: DocumentFile, *, actor: Any, download: bool = False) -> HttpResponseBase:
    """The file, shown or downloaded; the journal says it first. Raises Http404 when the disk does not have it."""
    try:
        content = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    services.read(file=file, actor=actor)
    answer = FileResponse(content, as_attachment=download, filename=file.name, content_type=file.content_type)
    answer["Content-Security-Policy"] = SEALED
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    patch_cache_control(answer, private=True, no_store=True)
    return answer
