"""Public pages may be kept by browsers and caches, and are asked for again each time: nobody reads an old notice.

The validator is the page itself (a digest of its bytes), so that whatever a page shows, be it a banner, a plugin that
was switched on, or the hour at which a counter opens, changes it. Nothing has to be emptied at publication.
"""

from collections.abc import Callable
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date
from wagtail.models import Page

LARGEST = 2_000_000
"""Bytes; a longer answer is a file, which its own view dates."""


class RevalidationMiddleware:
    """Stands outside of what writes cookies: an answer that writes one is nobody else's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not (isinstance(response, HttpResponse) and _may_be_kept(request, response)):
            return response
        if not response.has_header("Cache-Control"):
            visitor = not request.COOKIES and not response.cookies and "Authorization" not in request.headers
            patch_cache_control(response, no_cache=True, **{"public" if visitor else "private": True})
            patch_vary_headers(response, ["Cookie"])
        if not response.has_header("ETag"):
            response["ETag"] = f'"{blake2b(response.content, digest_size=12).hexdigest()}"'
        if response.cookies:
            return response
        return get_conditional_response(request, etag=response["ETag"], response=response) or response

    def process_template_response(
        self, request: HttpRequest, response: SimpleTemplateResponse
    ) -> SimpleTemplateResponse:
        """When a page was published last, for whoever crawls the site; it decides of nothing."""
        page = (response.context_data or {}).get("page")
        if isinstance(page, Page) and page.last_published_at and not response.has_header("Last-Modified"):
            response["Last-Modified"] = http_date(page.last_published_at.timestamp())
        return response


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and "no-store" not in response.get("Cache-Control", "")
        and len(response.content) <= LARGEST
    )
