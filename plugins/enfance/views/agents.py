"""Screens of agents: the sessions of a day, who is expected, taking a child off, enrolling."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.backoffice.screens import render_screen
from core.families.models import Family
from core.kernel import clock
from core.kernel.access import agent
from core.town.models import Site
from core.ui.formats import day as day_words
from plugins.enfance import selectors
from plugins.enfance.backoffice import CancelForm, EnrolForm
from plugins.enfance.models import Activity, Booking, Session
from plugins.enfance.services import cancel_booking, enrol

SHEET = "fiche"
"""`?retour=fiche`: an act that began on the family's sheet ends there."""


@agent("enfance.view_session")
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions of one day, by activity and site, with their filling. Filters stay in the address."""
    today = clock.today()
    day = _day(request.GET.get("jour", "")) or selectors.next_open_day(today) or today
    found = selectors.sessions_of(day)
    activity, site = request.GET.get("activite", ""), request.GET.get("lieu", "")
    if activity:
        found = found.filter(activity__code=activity)
    if site:
        found = found.filter(site__code=site)
    rows = list(found)
    keep = {"activite": activity, "lieu": site}
    return render_screen(
        request,
        "enfance/agents/sessions.html",
        {
            "day": day,
            "rows": rows,
            "taken": sum(row.taken for row in rows),
            "capacity": sum(row.capacity for row in rows if not row.cancelled),
            "activities": Activity.objects.all(),
            "sites": Site.objects.filter(pk__in=Session.objects.values("site").distinct()),
            "keep": keep,
            "previous": day - timedelta(days=1),
            "next": day + timedelta(days=1),
        },
        title=_("Séances du %(day)s") % {"day": day_words(day, year=True)},
        icon="calendar",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@agent("enfance.view_booking")
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One session and the children who are expected."""
    found = get_object_or_404(Session.objects.select_related("activity", "site"), pk=session_id)
    return render_screen(
        request,
        "enfance/agents/session.html",
        {"session": found, "bookings": selectors.expected(found)},
        title=f"{found.activity}, {found.site}",
        icon="calendar",
        trail=[_day_trail(found)],
    )


def _day_trail(session: Session) -> tuple[str, str]:
    label = _("Séances du %(day)s") % {"day": day_words(session.date)}
    return label, f"{reverse('enfance:sessions')}?jour={session.date.isoformat()}"


@agent("enfance.change_booking")
def cancel(request: HttpRequest, session_id: UUID, child_id: UUID) -> HttpResponse:
    """Ask why, then take a child off a session, even past its limit."""
    booking = get_object_or_404(
        Booking.objects.select_related("session__activity", "session__site", "child__person", "family"),
        session=session_id,
        child=child_id,
        cancelled_at=None,
    )
    back = _way_back(request, booking.family_id) or reverse("enfance:session", args=[session_id])
    form = CancelForm(request.POST or None)
    child, day = booking.child.person.first_name, day_words(booking.session.date)
    if request.method == "POST" and form.is_valid():
        if cancel_booking(
            booking=booking,
            actor=request.user,  # type: ignore[arg-type]
            now=clock.now(),
            reason=form.cleaned_data["reason"],
        ):
            messages.success(
                request, _("%(child)s n’est plus attendu le %(day)s.") % {"child": child, "day": day}
            )
        return redirect(back)
    data: dict[str, Any] = {"form": form, "booking": booking, "cancel_url": back}
    return render_screen(
        request,
        "enfance/agents/cancel.html",
        data,
        title=_("Annuler une réservation"),
        icon="cross",
        trail=[
            _day_trail(booking.session),
            (str(booking.session.activity), reverse("enfance:session", args=[session_id])),
        ],
    )


@agent("enfance.add_enrolment")
def enrolment(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Enrol a child of a family in an activity."""
    family = get_object_or_404(Family, pk=family_id)
    back = reverse("backoffice:family", args=[family_id])
    form = EnrolForm(request.POST or None, family=family, today=clock.today())
    if request.method == "POST" and form.is_valid():
        made = enrol(family=family, **form.cleaned_data)
        messages.success(
            request,
            _("%(child)s est inscrit : %(activity)s, %(site)s.")
            % {"child": made.child.person.first_name, "activity": made.activity, "site": made.site},
        )
        return redirect(back)
    return render_screen(
        request,
        "enfance/agents/enrolment.html",
        {"form": form, "cancel_url": back},
        title=_("Inscrire un enfant"),
        icon="plus",
        trail=[(_("Familles"), reverse("backoffice:families")), (family.name, back)],
    )


def _way_back(request: HttpRequest, family_id: UUID) -> str | None:
    if request.GET.get("retour") != SHEET:
        return None
    if not request.user.has_perm("families.view_family"):
        raise Http404
    return reverse("backoffice:family", args=[family_id])
