"""« Éditer un document » : made at once, as a file to keep."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from core.editions import services
from core.editions.models import IssuedDocument
from core.families.access import family_of, family_only
from core.kernel import clock

SHOWN = 10


@never_cache
@family_only
def editions(request: HttpRequest) -> HttpResponse:
    """What may be made, and the last papers that were."""
    context = family_of(request)
    data = {
        "family": context,
        "documents": services.offered(context),
        "issued": IssuedDocument.objects.filter(family__in=context.ids)[:SHOWN],
    }
    return render(request, "portal/editions.html", data)


@never_cache
@family_only
def issue(request: HttpRequest, code: str) -> HttpResponse:
    """Make one: the answer is the file."""
    context = family_of(request)
    document = services.find(context, code)
    if document is None:
        raise Http404
    if request.method != "POST":
        return redirect("portal:editions")
    made = services.issue(
        context=context,
        document=document,
        actor=request.user,  # type: ignore[arg-type]
        now=clock.now(),
    )
    return services.as_file(made)
