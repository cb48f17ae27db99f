"""The parents' calendar, its summary and its confirmation."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.contracts.family import Act, FamilyContext
from core.contracts.money import ZERO, Money
from core.families.access import family_may, family_of
from core.kernel import clock
from core.ui.formats import day as day_words
from core.ui.formats import euros, month
from plugins.enfance import calendar, forms, selectors
from plugins.enfance.calendar import Span
from plugins.enfance.models import BookingWindow
from plugins.enfance.selectors import Bounds
from plugins.enfance.services import Outcome, Result, Wanted, preview, save_bookings

MONTH, WINDOW = "mois", "periode"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is in the calendar: a month, or the days of a booking window; and the way to its neighbours."""

    span: Span
    title: str
    query: str
    previous: "Link | None" = None
    next: "Link | None" = None


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


def _month_link(span: Span) -> Link:
    return Link(month(span.first).capitalize(), f"?{MONTH}={span.first:%Y-%m}")


def _place(data: QueryDict, today: date, bounds: Bounds | None, windows: list[BookingWindow]) -> Place:
    """The place that an address names; anything else leads to the current month, or the nearest that has days."""
    for window in windows:
        if str(window.pk) == data.get(WINDOW):
            span = Span(window.first_day, window.last_day)
            return Place(span, window.name, urlencode({WINDOW: window.pk}))
    first = bounds.first if bounds else today
    last = bounds.last if bounds else today
    span = Span.month_of(min(max(_month(data.get(MONTH, "")) or today, first), last))
    return Place(
        span,
        month(span.first).capitalize(),
        urlencode({MONTH: f"{span.first:%Y-%m}"}),
        _month_link(span.previous) if span.first > first else None,
        _month_link(span.next) if span.last < last else None,
    )


def _month(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a civil month
    except ValueError:
        return None


@family_may(Act.PLANNING)
def booking_calendar(request: HttpRequest) -> HttpResponse:
    """The calendar of a month or of a holiday period; posted, the summary of what its ticks would change."""
    family, now = family_of(request), clock.now()
    wanted = forms.wanted(request.POST) if request.method == "POST" else Wanted()
    if request.method == "POST" and "modifier" not in request.POST:
        outcomes = preview(family=family, now=now, wanted=wanted)
        if any(outcome.result is not Result.KEPT for outcome in outcomes):
            return _summary(request, family, outcomes)
        messages.info(request, _("Vous n’avez rien changé : cochez ou décochez des jours."))
    bounds, windows = selectors.bounds(family), selectors.windows(family, now)
    place = _place(request.GET, family.today, bounds, windows)
    shown = calendar.read(family, now=now, span=place.span, add=wanted.add, remove=wanted.remove)
    return render(
        request,
        "enfance/calendar.html",
        {
            "place": place,
            "calendar": shown,
            "months": _month_link(Span.month_of(family.today)) if WINDOW in place.query else None,
            "enrolled": bounds is not None,
            "windows": [window for window in windows if window.opens_at <= now],
            "coming": [window for window in windows if window.opens_at > now][:1],
            "contact": selectors.contact(shown.services[0]) if shown.services else None,
        },
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One day of the summary."""

    child: str
    day: date | None
    activity: str
    value: str
    change: Money
    reason: str


def _summary(request: HttpRequest, family: FamilyContext, outcomes: list[Outcome]) -> HttpResponse:
    added, removed, refused = (
        [_line(family, outcome) for outcome in outcomes if outcome.result is result]
        for result in (Result.ADDED, Result.REMOVED, Result.REFUSED)
    )
    total = sum((line.change for line in (*added, *removed)), ZERO)
    back = _back(request)
    return render(
        request,
        "enfance/summary.html",
        {
            "groups": [
                (title, name, _by_child(lines))
                for title, name, lines in (
                    (_("À réserver"), forms.ADD, added),
                    (_("À annuler"), forms.REMOVE, removed),
                )
                if lines
            ],
            "refused": refused,
            "total": total,
            "priced": family.may(Act.MONEY),
            "confirm": _confirm_label(len(added), len(removed), total if family.may(Act.MONEY) else None)
            if added or removed
            else "",
            "back": back,
            "confirm_url": f"{reverse('enfance:confirm')}?{back.partition('?')[2]}",
        },
    )


def _line(family: FamilyContext, outcome: Outcome) -> Line:
    child_id, session = outcome.choice
    child, offer = family.child(child_id), outcome.offer
    return Line(
        child=child.first_name if child else "",
        day=offer.day if offer else None,
        activity=offer.short_name if offer else "",
        value=f"{child_id}.{session}",
        change=outcome.change,
        reason=outcome.reason,
    )


def _by_child(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """« Léa, Cantine », then its days in order."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(f"{line.child}, {line.activity}", []).append(line)
    return sorted(found.items())


def _confirm_label(added: int, removed: int, total: Money | None) -> str:
    """« Confirmer 6 réservations — 14,40 € », without the amount for somebody who may not read it."""
    if total is None:
        return _("Confirmer %(what)s") % {"what": _counted(added, removed)}
    return _("Confirmer %(what)s — %(total)s") % {"what": _counted(added, removed), "total": euros(total)}


def _counted(added: int, removed: int) -> str:
    parts = []
    if added:
        parts.append(ngettext("%(n)d réservation", "%(n)d réservations", added) % {"n": added})
    if removed:
        parts.append(ngettext("%(n)d annulation", "%(n)d annulations", removed) % {"n": removed})
    return _(" et ").join(parts)


@family_may(Act.BOOK)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Save what the summary showed, day by day; the server decides again. Sent twice, it is done once."""
    family = family_of(request)
    outcomes = save_bookings(
        family=family,
        actor=request.user,  # type: ignore[arg-type]
        now=clock.now(),
        wanted=forms.wanted(request.POST),
    )
    added = sum(outcome.result is Result.ADDED for outcome in outcomes)
    removed = sum(outcome.result is Result.REMOVED for outcome in outcomes)
    refused = [_line(family, outcome) for outcome in outcomes if outcome.result is Result.REFUSED]
    if added or removed:
        messages.success(request, _("Nous avons enregistré %(what)s.") % {"what": _counted(added, removed)})
    elif not refused:
        messages.info(request, _("C’était déjà enregistré : rien n’a changé."))
    if refused:
        messages.warning(request, _refusals(refused))
    return redirect(_back(request))


def _refusals(refused: list[Line]) -> str:
    """Each refused day with its reason, in one message."""
    said = [
        _("%(activity)s, %(day)s, %(child)s : %(reason)s")
        % {"activity": line.activity, "day": day_words(line.day), "child": line.child, "reason": line.reason}
        if line.day
        else line.reason
        for line in refused
    ]
    return _("Ces jours n’ont pas pu être changés. %(days)s") % {"days": " ".join(dict.fromkeys(said))}


def _back(request: HttpRequest) -> str:
    """The calendar where the parent left it: its month or its period, and nothing else of the address."""
    kept = {name: request.GET[name] for name in (MONTH, WINDOW) if name in request.GET}
    return reverse("enfance:calendar") + (f"?{urlencode(kept)}" if kept else "")
