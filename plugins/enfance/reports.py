"""Lists that agents read and take away: who is expected on a day, how full the sessions are."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.forms import NativeDate
from core.backoffice.reports import Report
from core.backoffice.tables import Column
from core.kernel import clock
from core.town.models import Site
from core.ui.formats import day as day_words
from plugins.enfance import selectors
from plugins.enfance.models import Activity, Booking, Session

WEEKS = 4


class Places(forms.Form):
    """Activity and site: the same two questions on every list. What is offered is what the agent reaches."""

    activite = forms.ModelChoiceField(
        Activity.objects.none(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Activité"),
        empty_label=gettext_lazy("toutes"),
    )
    lieu = forms.ModelChoiceField(
        Site.objects.none(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Lieu"),
        empty_label=gettext_lazy("tous"),
    )

    def __init__(self, *args: Any, user: Any, permission: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = selectors.sessions_for(user, permission)
        self.fields["activite"].queryset = Activity.objects.filter(  # type: ignore[attr-defined]
            pk__in=self.sessions.values("activity")
        )
        self.fields["lieu"].queryset = Site.objects.filter(  # type: ignore[attr-defined]
            pk__in=self.sessions.values("site")
        )


class DayFilters(Places):
    jour = forms.DateField(label=gettext_lazy("Jour"), required=False, widget=NativeDate)
    field_order = ("jour", "activite", "lieu")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jour"].initial = partial(first_day, self.sessions)


def first_day(sessions: QuerySet[Session]) -> date:
    """The first day from today on when somebody is expected there; today when there is none."""
    today = clock.today()
    return selectors.next_open_day(sessions, today) or today


class PeriodFilters(Places):
    du = forms.DateField(label=gettext_lazy("Du"), required=False, widget=NativeDate, initial=clock.today)
    au = forms.DateField(
        label=gettext_lazy("Au (compris)"),
        required=False,
        widget=NativeDate,
        initial=lambda: clock.today() + timedelta(weeks=WEEKS),
    )
    field_order = ("du", "au", "activite", "lieu")


class ExpectedChildren(Report):
    """The children of a day, for the kitchen, the school and whoever replaces somebody."""

    permission = "enfance.view_booking"
    title = gettext_lazy("Enfants attendus")
    icon = "group"
    filters = DayFilters
    empty = gettext_lazy("Aucun enfant n’est attendu ce jour-là, à ces endroits.")
    columns = (
        Column(gettext_lazy("Nom"), lambda row: row.child.person.last_name),
        Column(gettext_lazy("Prénom"), lambda row: row.child.person.first_name),
        Column(gettext_lazy("Activité"), lambda row: row.session.activity.name),
        Column(gettext_lazy("Lieu"), lambda row: row.session.site.name),
        Column(gettext_lazy("Famille"), lambda row: row.family.name),
        Column(gettext_lazy("Réservé le"), lambda row: row.booked_at),
    )

    def given(self) -> dict[str, Any]:
        return {"user": self.request.user, "permission": self.permission}

    def _day(self, asked: Mapping[str, Any]) -> date:
        return asked["jour"] or first_day(selectors.sessions_for(self.request.user, self.permission))

    def heading(self, asked: Mapping[str, Any]) -> str | Promise:
        return _("Enfants attendus le %(day)s") % {"day": day_words(self._day(asked), year=True)}

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[Booking]:
        found = selectors.bookings_for(self.request.user, self.permission).filter(
            cancelled_at__isnull=True, session__date=self._day(asked)
        )
        if asked["activite"]:
            found = found.filter(session__activity=asked["activite"])
        if asked["lieu"]:
            found = found.filter(session__site=asked["lieu"])
        return found.select_related("child__person", "family", "session__activity", "session__site").order_by(
            "session__activity__position",
            "session__site__name",
            "child__person__last_name",
            "child__person__first_name",
            "pk",
        )

    def facts(self, rows: QuerySet[Any]) -> list[tuple[str | Promise, str | Promise]]:
        found = rows.order_by().aggregate(children=Count("child", distinct=True), bookings=Count("pk"))
        return [(_("Enfants"), str(found["children"])), (_("Réservations"), str(found["bookings"]))]


class Filling(Report):
    """Where places are left, and where children are refused: one line an activity and site."""

    permission = "enfance.view_session"
    title = gettext_lazy("Remplissage")
    icon = "view"
    filters = PeriodFilters
    note = gettext_lazy("Les séances annulées ne comptent pas dans les places.")
    empty = gettext_lazy("Aucune séance entre ces deux jours, à ces endroits.")
    columns = (
        Column(gettext_lazy("Activité"), lambda row: row["activity__name"]),
        Column(gettext_lazy("Lieu"), lambda row: row["site__name"]),
        Column(gettext_lazy("Séances"), lambda row: row["held"], number=True),
        Column(gettext_lazy("Complètes"), lambda row: row["full"], number=True),
        Column(gettext_lazy("Annulées"), lambda row: row["off"], number=True),
        Column(gettext_lazy("Réservations"), lambda row: row["reserved"] or 0, number=True),
        Column(gettext_lazy("Places"), lambda row: row["places"] or 0, number=True),
        Column(gettext_lazy("Remplissage"), lambda row: share(row["reserved"], row["places"]), number=True),
    )

    def given(self) -> dict[str, Any]:
        return {"user": self.request.user, "permission": self.permission}

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[Any]:
        found = selectors.sessions_for(self.request.user, self.permission)
        for field, lookup in (
            ("du", "date__gte"), ("au", "date__lte"), ("activite", "activity"), ("lieu", "site"),
        ):  # fmt: skip
            if asked[field]:
                found = found.filter(**{lookup: asked[field]})
        held = Q(cancelled=False)
        return (
            found.order_by()
            .values("activity__position", "activity__name", "site__name")
            .annotate(
                held=Count("pk", filter=held),
                full=Count("pk", filter=held & Q(taken__gte=F("capacity"))),
                off=Count("pk", filter=~held),
                reserved=Sum("taken", filter=held),
                places=Sum("capacity", filter=held),
            )
            .order_by("activity__position", "activity__name", "site__name")
        )

    def facts(self, rows: QuerySet[Any]) -> list[tuple[str | Promise, str | Promise]]:
        lines = list(rows)
        bookings, places = (sum(line[name] or 0 for line in lines) for name in ("reserved", "places"))
        return [
            (_("Réservations"), str(bookings)),
            (_("Places"), str(places)),
            (_("Remplissage"), share(bookings, places)),
        ]


def share(part: int | None, whole: int | None) -> str:
    """« 87 % », rounded down so that only what is full says 100; "—" of nothing."""
    return f"{100 * (part or 0) // whole}\u00a0%" if whole else "—"
