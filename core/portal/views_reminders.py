"""« Je pense à » : what is to be done, and its private calendar."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.contracts.family import Act
from core.families.access import family_may, family_of
from core.kernel import clock
from core.kernel.access import public
from core.kernel.addresses import absolute
from core.reminders import feeds, selectors
from core.ui import ical


@never_cache
@family_may(Act.PLANNING)
def reminders(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@never_cache
@family_may(Act.PLANNING)
def make_feed(request: HttpRequest) -> HttpResponse:
    """A new address, shown this once; the former one leads nowhere any more."""
    secret = feeds.make(user=request.user, context=family_of(request), now=clock.now())  # type: ignore[arg-type]
    return _page(request, absolute(reverse("portal:feed", args=[secret])))


@require_POST
@family_may(Act.PLANNING)
def revoke_feed(request: HttpRequest) -> HttpResponse:
    if feeds.revoke(user=request.user, context=family_of(request)):  # type: ignore[arg-type]
        messages.success(request, _("L’adresse de votre calendrier ne mène plus nulle part."))
    return redirect("portal:reminders")


def _page(request: HttpRequest, link: str = "") -> HttpResponse:
    context = family_of(request)
    data = {
        "family": context,
        "reminders": selectors.of_family(context),
        "feed": feeds.standing(user=request.user, context=context),  # type: ignore[arg-type]
        "link": link,
    }
    return render(request, "portal/reminders.html", data)


@require_GET
@never_cache
@public
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What a diary reads, by its secret alone; nothing else opens it."""
    text = feeds.read(secret=secret, now=clock.now())
    if text is None:
        raise Http404
    answer = HttpResponse(text, content_type=ical.MEDIA_TYPE)
    answer["Content-Disposition"] = 'inline; filename="je-pense-a.ics"'
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
