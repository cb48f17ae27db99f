"""The style sheet of the commune's colours: small, public, kept by browsers until the colours change."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import etag

from core.kernel.access import public
from core.ui import appearance


@public
@etag(lambda request: f'"{appearance.version(appearance.css())}"')
def theme_css(request: HttpRequest) -> HttpResponse:
    """The custom properties that the commune changed. An address of another version is answered, not kept."""
    text = appearance.css()
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    if request.GET.get("v") == appearance.version(text):
        patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    else:
        patch_cache_control(response, public=True, no_cache=True)
    return response
