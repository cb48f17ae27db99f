"""Screens of agents: the sessions of a day, who is expected, taking a child off, enrolling."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.backoffice.filters import filled, values
from core.backoffice.screens import render_screen
from core.backoffice.selectors import families_of
from core.kernel import clock
from core.kernel.access import agent
from core.ui.formats import day as day_words
from plugins.enfance import selectors
from plugins.enfance.backoffice import CancelForm, EnrolForm, FamilyForm
from plugins.enfance.models import Session
from plugins.enfance.reports import DayFilters, first_day
from plugins.enfance.services import cancel_booking, enrol

SHEET = "fiche"
"""`?retour=fiche`: an act that began on the family's sheet ends there."""


@agent("enfance.view_session")
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions of one day, by activity and site, with their filling. Filters stay in the address."""
    form = filled(DayFilters, request, user=request.user, permission="enfance.view_session")
    asked = values(form)
    day = asked["jour"] or first_day(form.sessions)
    found = selectors.sessions_of(request.user, day)
    if asked["activite"]:
        found = found.filter(activity=asked["activite"])
    if asked["lieu"]:
        found = found.filter(site=asked["lieu"])
    rows = list(found)
    return render_screen(
        request,
        "enfance/agents/sessions.html",
        {
            "form": form,
            "day": day,
            "rows": rows,
            "taken": sum(row.taken for row in rows),
            "capacity": sum(row.capacity for row in rows if not row.cancelled),
            "previous": day - timedelta(days=1),
            "next": day + timedelta(days=1),
        },
        title=_("Séances du %(day)s") % {"day": day_words(day, year=True)},
        icon="calendar",
    )


@agent("enfance.view_booking")
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One session and the children who are expected."""
    found = get_object_or_404(
        selectors.sessions_for(request.user, "enfance.view_booking").select_related("activity", "site"),
        pk=session_id,
    )
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
        selectors.bookings_for(request.user, "enfance.change_booking").select_related(
            "session__activity", "session__site", "child__person", "family"
        ),
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
def choose_family(request: HttpRequest) -> HttpResponse:
    """Whose child: the first question when one does not come from a family's sheet."""
    form = FamilyForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect("enfance:enrol", form.cleaned_data["family"].pk)
    back = reverse("enfance_inscriptions:index")
    return render_screen(
        request,
        "enfance/agents/choose_family.html",
        {"form": form, "cancel_url": back},
        title=_("Inscrire un enfant"),
        icon="plus",
        trail=[(_("Inscriptions"), back)],
    )


@agent("enfance.add_enrolment")
def enrolment(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Enrol a child of a family in an activity."""
    family = get_object_or_404(families_of(request.user), pk=family_id)
    back = reverse("backoffice:family", args=[family_id])
    form = EnrolForm(request.POST or None, family=family, user=request.user, today=clock.today())
    if request.method == "POST" and form.is_valid():
        made = enrol(family=family, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
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
