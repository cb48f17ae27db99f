"""Off means off for editors too, whichever address of Wagtail's leads to a page."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from core.pages.plugin_pages import is_of_a_plugin_that_is_off

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
