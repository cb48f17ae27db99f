"""What machines read of the site, and the page that tells people so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from core.kernel import clock
from core.kernel.access import public
from core.pages import open_data, sitemap
from core.pages.selectors import Step
from core.ui import ical

CLOSED_TO_ROBOTS = ("/gestion/", "/espace-famille/", "/compte/", "/connexion/", "/pointage/", "/recherche/")
"""What holds nothing for a search engine; the rest is guarded by its own rules, not by this file."""

daily = cache_control(public=True, max_age=3600)


@public
def data_sets(request: HttpRequest) -> HttpResponse:
    context = {
        "trail": [Step(_("Accueil"), "/"), Step(_("Données ouvertes"), "")],
        "sets": open_data.sets(request),
    }
    return render(request, "pages/open_data.html", context)


@public
@daily
def closures_csv(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(open_data.closures_csv(clock.today()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vacances-et-fermetures.csv"'
    return response


@public
@daily
def closures_ics(request: HttpRequest) -> HttpResponse:
    host = request.build_absolute_uri("/").rstrip("/")
    return HttpResponse(
        open_data.closures_ics(clock.today(), clock.now(), host), content_type=ical.MEDIA_TYPE
    )


@public
@daily
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    context = {"entries": sitemap.entries(request)}
    return render(request, "pages/sitemap.xml", context, content_type="application/xml; charset=utf-8")


@public
@daily
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {prefix}" for prefix in CLOSED_TO_ROBOTS)]
    lines += ["", f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
