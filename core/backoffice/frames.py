"""Views that another page of ours shows in a frame."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_replace
from django.views.decorators.clickjacking import xframe_options_sameorigin


def framed_here(view: Callable[..., Any]) -> Callable[..., Any]:
    """Our own pages may frame this view, nobody else's: everywhere else no frame is allowed at all."""
    allowed: Callable[..., Any] = xframe_options_sameorigin(
        csp_replace({"frame-ancestors": ["'self'"]})(view)
    )
    return allowed
