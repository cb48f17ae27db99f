"""Template filters of the site's pages: `{% load pages %}`."""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from core.pages.documents import openable
from core.pages.library import LibraryDocument
from core.pages.selectors import Download, address, download
from core.pages.typography import french

register = template.Library()


@register.simple_tag(takes_context=True)
def downloads(context: Context, documents: Iterable[LibraryDocument | None]) -> list[Download]:
    """Documents of the library as `ui/files.html` shows them: those that whoever asks may open."""
    known = [document for document in documents if document]
    return [download(document) for document in openable(context.get("request"), known)]


register.filter(address)


@register.filter
def typo(text: object) -> str:
    """What an editor typed, with the no-break spaces of French. HTML stays HTML, text stays to be escaped."""
    spaced = french(str(text))
    return SafeString(spaced) if hasattr(text, "__html__") else spaced
