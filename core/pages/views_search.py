"""The search page, and what it suggests while one types."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from core.kernel.access import public
from core.pages import search as site_search
from core.pages.selectors import Step, doors
from core.pages.text import LONGEST


def _asked(request: HttpRequest) -> str:
    """The question: one line, without what no keyboard types, and no longer than anybody would read."""
    typed = "".join(sign if sign.isprintable() else " " for sign in request.GET.get("q", ""))
    return " ".join(typed.split())[:LONGEST]


@public
def search(request: HttpRequest) -> HttpResponse:
    """Results by kind, a few of each; with `?type=`, all those of one kind."""
    query = _asked(request)
    found = site_search.groups(request, query)
    chosen = next((group for group in found if group.slug == request.GET.get("type")), None)
    context = {
        "trail": [Step(_("Accueil"), "/"), Step(_("Recherche"), "")],
        "query": query,
        "too_short": bool(query) and not site_search.is_enough(query),
        "groups": found,
        "chosen": chosen,
        "total": sum(len(group.results) for group in found),
        "doors": doors(request) if not found else (),
    }
    return _for_one(request, render(request, "pages/search.html", context))


@public
def suggest(request: HttpRequest) -> HttpResponse:
    """`{"suggestions": [{"titre", "adresse", "genre"}]}`."""
    found = site_search.suggestions(request, _asked(request))
    answer = [{"titre": result.title, "adresse": result.url, "genre": result.kind} for result in found]
    return _for_one(request, JsonResponse({"suggestions": answer}))


def _for_one(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What somebody who is signed in finds is kept by nobody else."""
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    return response
