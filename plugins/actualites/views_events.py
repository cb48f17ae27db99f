"""Calendar files: the agenda to subscribe to, and one event to keep."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from core.kernel import clock
from core.kernel.access import public
from core.pages.audiences import audiences
from core.ui import ical
from plugins.actualites import selectors_events as selectors

LOOK_BACK = timedelta(days=90)
"""What is over stays a while in the diaries of those who subscribe."""

FEED_LENGTH = 200


def _host(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


@public
def feed(request: HttpRequest) -> HttpResponse:
    """What everybody may read: a diary asks without an account."""
    found = selectors.to_come(clock.today() - LOOK_BACK)[:FEED_LENGTH]
    text = ical.calendar(selectors.feed_name(), (selectors.entry(event, _host(request)) for event in found))
    return HttpResponse(text, content_type=ical.MEDIA_TYPE)


@public
def event_file(request: HttpRequest, slug: str) -> HttpResponse:
    keys = audiences(request)
    event = get_object_or_404(selectors.events(keys), slug=slug)
    text = ical.calendar(event.title, [selectors.entry(event, _host(request))])
    response = HttpResponse(text, content_type=ical.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    if event.readers:
        response["Cache-Control"] = "private, no-store"
    return response
