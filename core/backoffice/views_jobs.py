"""The page of jobs: what runs by itself, what plugins have not handled yet, and the way to try again."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.backoffice.screens import render_screen
from core.kernel import clock, discovery, outbox, selectors
from core.kernel.access import agent
from core.kernel.models import Delivery
from core.ui.formats import hour

PAGE_SIZE = 50
QUIET = timedelta(minutes=15)
"""Core has a job every five minutes: after this long without any run, nobody calls `parvis tick`."""


def rhythm(schedule: timedelta | time) -> str:
    """« toutes les 5 minutes », « chaque jour à 3 h 30 »."""
    if isinstance(schedule, time):
        return _("chaque jour à %(hour)s") % {"hour": hour(schedule)}
    minutes = int(schedule.total_seconds()) // 60
    if minutes % 60:
        return ngettext("chaque minute", "toutes les %(count)d minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("chaque heure", "toutes les %(count)d heures", hours) % {"count": hours}


def is_quiet(last: datetime | None, now: datetime) -> bool:
    """Has no job been run for so long that the timer must have stopped?"""
    return last is None or now - last > QUIET


@agent("kernel.view_jobrun")
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs with their last and next runs, and the deliveries that wait or failed."""
    now = clock.now()
    lines = selectors.job_lines(now)
    last = selectors.last_tick(lines)
    names = {plugin.slug: plugin.name for plugin in discovery.installed().plugins}
    page = Paginator(selectors.open_deliveries(), PAGE_SIZE).get_page(request.GET.get("page"))
    data = {
        "lines": [
            {
                "line": line,
                "rhythm": rhythm(line.entry.job.schedule),
                "module": names.get(line.entry.slug or "", ""),
            }
            for line in lines
        ],
        "last_tick": last,
        "quiet": is_quiet(last, now),
        "page": page,
        "deliveries": [{"delivery": found, "module": names.get(found.slug, found.slug)} for found in page],
        "failed": selectors.open_deliveries().filter(state=Delivery.State.FAILED).count(),
        "may_retry": request.user.has_perm("kernel.change_delivery"),
    }
    return render_screen(request, "backoffice/jobs.html", data, title=_("Travaux"), icon="tasks")


@agent("kernel.change_delivery")
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try one delivery again (`delivery`), or all those that failed."""
    found = selectors.open_deliveries()
    if "delivery" in request.POST:
        try:
            found = found.filter(pk=int(request.POST["delivery"]))
        except ValueError as error:
            raise Http404 from error
    else:
        found = found.filter(state=Delivery.State.FAILED)
    count = outbox.retry(ids=list(found.values_list("pk", flat=True)), now=clock.now())
    if count:
        message = ngettext("%(count)d annonce est relancée.", "%(count)d annonces sont relancées.", count)
        messages.success(request, message % {"count": count})
    else:
        messages.info(request, _("Il n’y a plus rien à relancer : tout est déjà transmis."))
    return redirect("backoffice:jobs")
