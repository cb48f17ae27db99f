"""Template filters of the site's pages: `{% load pages %}`."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString
from wagtail.documents.models import AbstractDocument

from core.pages.selectors import Download, address, download
from core.pages.typography import french

register = template.Library()


@register.filter
def downloads(documents: Iterable[AbstractDocument | None]) -> list[Download]:
    """Documents of the library as `ui/files.html` shows them; one that was deleted since is left out."""
    return [download(document) for document in documents if document]


register.filter(address)


@register.filter
def typo(text: object) -> str:
    """What an editor typed, with the no-break spaces of French. HTML stays HTML, text stays to be escaped."""
    spaced = french(str(text))
    return SafeString(spaced) if hasattr(text, "__html__") else spaced
