"""What the commune publishes is read again and again by machines: they learn cheaply that nothing changed."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Cacheable(APIView):
    """Base of the public operations that read: an ETag, 304 to whoever has it; shared caches ask before they answer.

    What somebody signed in reads may be for them alone: nobody keeps it.
    """

    @method_decorator(conditional_page)
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(*args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        known = getattr(request, "user", None) is not None and request.user.is_authenticated
        patch_cache_control(
            response, **({"private": True, "no_store": True} if known else {"public": True, "no_cache": True})
        )
        return response
