"""The addresses that search engines may keep: what everybody may read, whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from core.contracts import navigation
from core.kernel import state
from core.kernel.calls import collect
from core.pages.plugin_pages import live_pages
from core.pages.selectors import HOME_DEPTH, address

MOST = 20_000
"""Pages; the format allows 50 000 addresses in a file."""

OWN = ("contacts", "open_data")
"""Pages of core that stand in no tree."""


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    changed: datetime | None = None


def entries(request: HttpRequest) -> list[Address]:
    """Published pages, then what plugins put in the menu, then core's own; each address once."""
    absolute: Callable[[str], str] = request.build_absolute_uri
    pages = live_pages(Page.objects.filter(depth__gte=HOME_DEPTH)).order_by("path")[:MOST]
    found = {address(page): page.last_published_at for page in pages}
    others = [item.url for item in collect(navigation.site_menu_items, request=request)]
    if state.serves("families"):
        others.append(reverse("portal:home"))
    for url in (*others, *(reverse(name) for name in OWN)):
        found.setdefault(url, None)
    return [Address(absolute(url), changed) for url, changed in found.items()]
