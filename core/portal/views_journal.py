"""« Qui a consulté ou modifié mon dossier » : the journal as a parent reads it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.families import trace
from core.families.access import family_of, family_only

PAGE_SIZE = 30


@family_only
def journal(request: HttpRequest) -> HttpResponse:
    family = family_of(request)
    page = Paginator(trace.entries_for(family), PAGE_SIZE).get_page(request.GET.get("page"))
    data = {"page": page, "lines": trace.lines(family, page.object_list)}
    return render(request, "portal/journal.html", data)
