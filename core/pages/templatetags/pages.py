"""Template filters of the site's pages: `{% load pages %}`."""

from collections.abc import Iterable

from django import template
from wagtail.documents.models import AbstractDocument

from core.pages.selectors import Download, download

register = template.Library()


@register.filter
def downloads(documents: Iterable[AbstractDocument | None]) -> list[Download]:
    """Documents of the library as `ui/files.html` shows them; one that was deleted since is left out."""
    return [download(document) for document in documents if document]
