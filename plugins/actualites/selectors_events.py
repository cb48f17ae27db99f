"""What is read of events: by what is to come, by what has been, by month."""

from calendar import monthcalendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.query import PageQuerySet

from core.kernel import clock
from core.pages.audiences import NOBODY, Keys, audiences
from core.pages.plugin_pages import live_pages
from core.pages.selectors import address, trail
from core.ui import formats, ical
from core.ui.appearance import commune
from plugins.actualites.models import EventPage, EventsPage

PER_PAGE = 10
ON_HOME = 4
MONTHS_AROUND = 24
"""How far one may leaf through the months, from today's."""


def events(keys: Keys = NOBODY) -> "PageQuerySet[EventPage]":
    """Published events that somebody with these keys may read, with their pictures and last day. One statement."""
    found = live_pages(EventPage.objects.all(), keys).select_related("picture")
    return found.alias(through=Coalesce("last_day", "first_day"))


def to_come(today: date, keys: Keys = NOBODY) -> "PageQuerySet[EventPage]":
    """Those that are not over, soonest first; what lasts is there until its last day."""
    return events(keys).filter(through__gte=today).order_by("first_day", "starts_at", "pk")


def past(today: date, keys: Keys = NOBODY) -> "PageQuerySet[EventPage]":
    """Those that are over, latest first."""
    return events(keys).filter(through__lt=today).order_by("-first_day", "-pk")


def between(first: date, last: date, keys: Keys = NOBODY) -> "PageQuerySet[EventPage]":
    return (
        events(keys).filter(first_day__lte=last, through__gte=first).order_by("first_day", "starts_at", "pk")
    )


# Months ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the month: None outside it."""

    date: date | None
    events: tuple[EventPage, ...] = ()
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Day, ...], ...]
    previous: str
    next: str
    """« 2026-12 », or nothing when one may not go further."""

    @property
    def name(self) -> str:
        return formats.month(self.first)

    @property
    def busy(self) -> bool:
        return any(day.events for week in self.weeks for day in week)


def month_named(text: str, today: date) -> date | None:
    """The first day of « 2026-12 »; None for what is no month, or too far."""
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a civil month
    except ValueError:
        return None
    return first if abs(_rank(first) - _rank(today)) <= MONTHS_AROUND else None


def _rank(day: date) -> int:
    return day.year * 12 + day.month


def month(first: date, today: date, keys: Keys = NOBODY) -> Month:
    """The month that begins on `first`, by weeks from Monday. One statement."""
    after = (first + timedelta(days=32)).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    found = list(between(first, after - timedelta(days=1), keys))

    def cell(number: int) -> Day:
        if not number:
            return Day(None)
        day = first.replace(day=number)
        held = tuple(event for event in found if event.first_day <= day <= event.until)
        return Day(day, held, day == today)

    def leaf(day: date) -> str:
        return f"{day:%Y-%m}" if abs(_rank(day) - _rank(today)) <= MONTHS_AROUND else ""

    weeks = tuple(tuple(cell(number) for number in week) for week in monthcalendar(first.year, first.month))
    return Month(first, weeks, leaf(before), leaf(after))


# Pages ----------------------------------------------------------------------------------------------------------------


def feed_url() -> str:
    return reverse("actualites:events_feed")


def index_context(page: EventsPage, request: HttpRequest) -> dict[str, Any]:
    """What is to come by pages; what has been (`?passes`); a month (`?mois=2026-12`)."""
    today, keys = clock.today(), audiences(request)
    context: dict[str, Any] = {"trail": trail(page, request), "feed_url": feed_url(), "today": today}
    if "mois" in request.GET:
        first = month_named(request.GET["mois"], today) or today.replace(day=1)
        return {**context, "view": "month", "month": month(first, today, keys)}
    over = "passes" in request.GET
    rows = past(today, keys) if over else to_come(today, keys)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {**context, "view": "past" if over else "coming", "events": shown}


def event_context(page: EventPage, request: HttpRequest) -> dict[str, Any]:
    """The event, and the three that come next."""
    today = clock.today()
    return {
        "trail": trail(page, request),
        "over": page.until < today,
        "others": to_come(today, audiences(request)).exclude(pk=page.pk)[:3],
        "file_url": reverse("actualites:event_file", args=[page.slug]),
    }


# Calendar files -------------------------------------------------------------------------------------------------------


def entry(event: EventPage, host: str) -> ical.Entry:
    """The event as a diary reads it. `host` is « https://… », without a final slash."""
    summary = f"{_('Annulé')} : {event.title}" if event.cancelled else event.title
    return ical.Entry(
        uid=f"evenement-{event.pk}@{host.split('//')[-1]}",
        summary=summary,
        starts=event.starts,
        ends=event.ends,
        changed=event.last_published_at or clock.now(),
        description=event.lead,
        location=", ".join(filter(None, (event.place, event.address))),
        url=f"{host}{address(event)}",
    )


def feed_name() -> str:
    return _("Agenda de %(town)s") % {"town": commune().name}
