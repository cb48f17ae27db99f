"""The components page, in the demo: each component of the site with its code, by day and by night, small and large."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.backoffice.frames import framed_here
from core.backoffice.screens import render_screen
from core.kernel.access import agent
from core.ui import showcase

ANY_AGENT = "wagtailadmin.access_admin"


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A real town has no such page."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.PARVIS_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return shown


@agent(ANY_AGENT)
@demo_only
def index(request: HttpRequest) -> HttpResponse:
    data = {"parts": [(part, part.source()) for part in showcase.PARTS]}
    return render_screen(request, "backoffice/components.html", data, title=_("Composants"), icon="grid")


@agent(ANY_AGENT)
@demo_only
@framed_here
def showcase_page(request: HttpRequest) -> HttpResponse:
    """All components as a page of the Espace Famille, or one alone (`partie`), light or dark (`theme`)."""
    data = {**showcase.context(), "theme": "dark" if request.GET.get("theme") == "dark" else "light"}
    name = request.GET.get("partie")
    if name is None:
        return render(request, "ui/showcase.html", data)
    part = next((part for part in showcase.PARTS if part.name == name), None)
    if part is None:
        raise Http404
    return render(request, "ui/showcase_part.html", {**data, "part": part})
