"""Off means off for editors too, whichever address of Wagtail's leads to a page; and an old address tells nobody of a
page that is not for them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.models import Page, Site

from core.pages.audiences import audiences
from core.pages.plugin_pages import is_of_a_plugin_that_is_off, live_pages

PREFIX = "/gestion/"
NAMES = ("page_id", "parent_page_id", "page_to_move_id")
"""How Wagtail names a page in its own addresses: to edit it, to read its history, to put another below it…"""


class PageGateMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if request.path.startswith(PREFIX):
            named = [kwargs[name] for name in NAMES if name in kwargs]
            if named and is_of_a_plugin_that_is_off(named):
                raise Http404


class OldAddressMiddleware(RedirectMiddleware):
    """Redirections kept when the address of a page changes. One that leads to a page that whoever asks may not read
    answers as if it had never been: the new address would name the page."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer: HttpResponse = super().process_response(request, response)
        return response if answer is not response and _hidden(request, answer["Location"]) else answer


def _hidden(request: HttpRequest, location: str) -> bool:
    """Whether a page stands there that whoever asks may not read."""
    site = Site.find_for_request(request)
    if site is None:
        return False
    path = urlsplit(location).path.strip("/")
    url_path = f"{site.root_page.url_path}{path}/" if path else site.root_page.url_path
    there = Page.objects.filter(url_path=url_path)
    return there.exists() and not live_pages(there, audiences(request)).exists()
