"""Template filters of the site's pages: `{% load pages %}`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString
from wagtail.rich_text import expand_db_html

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
def at(items: Sequence[Any], index: int) -> Any:
    return items[index]


@register.filter
def cell(value: Any) -> str:
    """A cell of a table that editors wrote, on one line: rich text without the paragraph around it."""
    source = getattr(value, "source", None)
    if source is None:
        return escape(str(value or ""))
    html = expand_db_html(source).strip()
    alone = html.count("<p") == 1 and html.startswith("<p") and html.endswith("</p>")
    return SafeString(html[html.index(">") + 1 : -len("</p>")] if alone else html)


@register.filter
def map_url(value: Mapping[str, Any]) -> str:
    """A place on OpenStreetMap, opened by whoever wants to; "" without coordinates."""
    latitude, longitude = value.get("latitude"), value.get("longitude")
    if latitude is None or longitude is None:
        return ""
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"


@register.filter
def host(url: str) -> str:
    """« exemple.fr » of an address."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


@register.filter
def typo(text: object) -> str:
    """What an editor typed, with the no-break spaces of French. HTML stays HTML, text stays to be escaped."""
    spaced = french(str(text))
    return SafeString(spaced) if hasattr(text, "__html__") else spaced
