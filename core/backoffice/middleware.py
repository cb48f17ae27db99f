"""What holds for all of `/gestion/`, whoever brings an address: agents only, nothing cached, the script policy."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from core.kernel.access import is_agent

PREFIX = "/gestion/"
EDITORS = ("/gestion/pages/", "/gestion/snippets/")
"""Their rich text writes style elements into the page (decision 0010). Scripts stay strict there too."""

HEADER = "Content-Security-Policy"

_ALSO = {"style-src": ["'unsafe-inline'"]}
_INSTEAD = {"frame-ancestors": ["'self'"]}  # an editor shows its own preview in a frame


class EditorPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(PREFIX):
            patch_cache_control(response, private=True, no_store=True)
        if request.path.startswith(EDITORS) and is_agent(request.user):
            # Wagtail made a preview as a visitor's page, with its policy.
            previewed = response.headers.pop(HEADER, None)
            response._csp_update = {} if previewed else _ALSO  # type: ignore[attr-defined]
            response._csp_replace = _INSTEAD  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What is refused does not exist: nothing tells an agent that there is something there."""
        if request.path.startswith(PREFIX) and isinstance(exception, PermissionDenied):
            raise Http404

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """Somebody who is signed in without being an agent learns nothing: Wagtail would say that access is denied."""
        if request.path.startswith(PREFIX) and request.user.is_authenticated and not is_agent(request.user):
            raise Http404
