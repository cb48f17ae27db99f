"""Forms and lists of agents, on the bases of `core.backoffice`."""

from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.backoffice.choosers import family_chooser
from core.backoffice.forms import NativeDate, NativeTime
from core.backoffice.reach import within
from core.backoffice.selectors import families_of
from core.backoffice.viewsets import ScopedModelViewSet
from core.families.models import Child, Family
from core.kernel import clock
from core.town.models import SchoolYear, Site
from plugins.enfance.bulk import CancelSessions, EndEnrolments, ReopenSessions, ResizeSessions
from plugins.enfance.models import Activity, BookingRule, BookingWindow, Enrolment, Session
from plugins.enfance.services import change_session


class FamilyForm(forms.Form):
    """Whose child is enrolled."""

    family = forms.ModelChoiceField(
        Family.objects.none(), label=_("Famille"), widget=family_chooser.widget_class()
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].queryset = families_of(user)  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Raison de l’annulation"),
        max_length=200,
        help_text=_("Elle reste dans l’historique, avec votre nom et la date."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class EnrolForm(forms.Form):
    """A child of the family, an activity, where, and between which days: the current school year unless changed."""

    child = forms.ModelChoiceField(Child.objects.none(), label=_("Enfant"))
    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activité"))
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Lieu"))
    valid_from = forms.DateField(label=_("Du"), widget=NativeDate)
    valid_to = forms.DateField(label=_("Au (compris)"), widget=NativeDate)

    def __init__(self, *args: Any, family: Family, user: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.family = family
        self.fields["child"].queryset = family.children.select_related("person")  # type: ignore[attr-defined]
        sites = Site.objects.open_on(today).filter(kind__in=(*Site.SCHOOL_KINDS, Site.Kind.ALSH))
        self.fields["site"].queryset = within(user, "enfance.add_enrolment", sites, site="pk")  # type: ignore[attr-defined]
        self.fields["activity"].queryset = within(  # type: ignore[attr-defined]
            user, "enfance.add_enrolment", Activity.objects.all(), service="service"
        )
        year = SchoolYear.objects.filter(starts_on__lte=today, ends_on__gte=today).first()
        self.initial["valid_from"] = today
        self.initial["valid_to"] = year.ends_on if year else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", ValidationError(_("L’inscription finit avant de commencer.")))
        elif len(cleaned) == len(self.fields):
            same = Enrolment.objects.filter(
                family=self.family,
                child=cleaned["child"],
                activity=cleaned["activity"],
                site=cleaned["site"],
                valid_from__lte=last,
                valid_to__gte=first,
            )
            if same.exists():
                raise ValidationError(_("Cet enfant y est déjà inscrit pour une partie de ces jours."))
        return cleaned


class RuleForm(forms.ModelForm[BookingRule]):
    """A limit in two plain questions; a rule that has begun is never rewritten, a later one follows it."""

    before = forms.TimeField(
        label=_("Avant quelle heure"), widget=NativeTime, help_text=_("À cette heure pile, il est trop tard.")
    )
    of = forms.ChoiceField(
        label=_("De quel jour"),
        choices=[
            ("activity", _("le jour d’ouverture précédent de l’activité, dans le même lieu")),
            ("service", _("le jour d’ouverture précédent du service, toutes activités confondues")),
        ],
    )

    class Meta:
        model = BookingRule
        fields = ("activity", "valid_from", "before", "of", "decision")
        widgets = {"valid_from": NativeDate}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        activity, first = cleaned.get("activity"), cleaned.get("valid_from")
        if activity and first and first <= clock.today() and activity.rules.exists():
            self.add_error(
                "valid_from",
                ValidationError(_("Une règle en remplace une autre à partir de demain au plus tôt.")),
            )
        # Without an hour the form is refused anyway: the row still has to be one that can be checked.
        before, of = cleaned.get("before") or time(9), cleaned.get("of") or "activity"
        self.instance.cut_off = {"kind": "previous_open_day", "before": f"{before:%H:%M}", "of": of}
        return cleaned


class SessionForm(forms.ModelForm[Session]):
    class Meta:
        model = Session
        fields = ("capacity", "cancelled", "cancel_reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("cancelled"):
            if not cleaned.get("cancel_reason", "").strip():
                self.add_error(
                    "cancel_reason", ValidationError(_("Donnez la raison que liront les familles."))
                )
        elif cleaned.get("capacity") is not None and cleaned["capacity"] < self.instance.taken:
            self.add_error("capacity", ValidationError(_("Il y a déjà plus de réservations que de places.")))
        return cleaned


class ActivityViewSet(ScopedModelViewSet):
    model = Activity
    name = "activites"
    icon = "list-ul"
    form_fields = ("name", "short_name", "service", "by_window", "position")
    list_display = ("name", "kind", "unit", "tariff", "by_window")
    ordering = ("position", "name")
    actions = frozenset({"list", "change"})
    service = "service"

    def scope(self, user: Any) -> QuerySet[Activity]:
        return Activity.objects.all()


class RuleViewSet(ScopedModelViewSet):
    model = BookingRule
    name = "regles-de-reservation"
    icon = "date"
    list_display = ("activity", "valid_from", "decision")
    list_filter = ("activity",)
    ordering = ("activity", "-valid_from")
    actions = frozenset({"list", "add"})
    service = "activity__service"

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Any]]:
        return RuleForm

    def scope(self, user: Any) -> QuerySet[BookingRule]:
        return BookingRule.objects.select_related("activity")


class WindowViewSet(ScopedModelViewSet):
    model = BookingWindow
    name = "periodes-de-reservation"
    icon = "date"
    form_fields = ("activity", "name", "first_day", "last_day", "opens_at", "closes_at")
    list_display = ("name", "activity", "first_day", "last_day", "opens_at", "closes_at")
    list_filter = ("activity",)
    ordering = ("-first_day",)
    service = "activity__service"
    empty_message = _("Aucune période : ajoutez celle des prochaines vacances.")

    def scope(self, user: Any) -> QuerySet[BookingWindow]:
        return BookingWindow.objects.select_related("activity")


class EnrolmentViewSet(ScopedModelViewSet):
    """Enrolling begins on the family's sheet; here one finds, and changes the dates."""

    model = Enrolment
    name = "inscriptions"
    icon = "user"
    form_fields = ("valid_from", "valid_to")
    list_display = ("child", "family", "activity", "site", "valid_from", "valid_to")
    list_filter = ("activity", "site")
    search_fields = ("child__person__last_name", "child__person__first_name", "family__name")
    ordering = ("child__person__last_name", "child__person__first_name")
    list_export = (
        "child.person.last_name", "child.person.first_name", "family.name", "activity.name", "site.name",
        "valid_from", "valid_to",
    )  # fmt: skip
    export_headings = {
        "child.person.last_name": _("Nom"),
        "child.person.first_name": _("Prénom"),
        "family.name": _("Famille"),
        "activity.name": _("Activité"),
        "site.name": _("Lieu"),
    }
    actions = frozenset({"list", "change"})
    bulk = (EndEnrolments,)
    links = ((_("Inscrire un enfant"), "enfance:choose_family", "enfance.add_enrolment"),)
    site, service = "site", "activity__service"

    def scope(self, user: Any) -> QuerySet[Enrolment]:
        return Enrolment.objects.select_related("child__person", "family", "activity", "site")


class SessionViewSet(ScopedModelViewSet):
    """Places of a session, and its cancellation with the reason that families read. Opens on the days to come."""

    model = Session
    name = "seances"
    icon = "calendar"
    list_display = ("date", "activity", "site", "capacity", "taken", "cancelled")
    list_filter = {"activity": ["exact"], "site": ["exact"], "date": ["gte", "lte"], "cancelled": ["exact"]}
    ordering = ("date",)
    list_export = ("date", "activity.name", "site.name", "capacity", "taken", "cancelled", "cancel_reason")
    export_headings = {"activity.name": _("Activité"), "site.name": _("Lieu")}
    actions = frozenset({"list", "change"})
    bulk = (CancelSessions, ReopenSessions, ResizeSessions)
    site, service = "site", "activity__service"

    def unasked(self, rows: QuerySet[Session]) -> QuerySet[Session]:
        return rows.filter(date__gte=clock.today())

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Any]]:
        return SessionForm

    def save(self, form: Any, user: Any) -> Session:
        return change_session(
            session=form.instance,
            capacity=form.cleaned_data["capacity"],
            cancelled=form.cleaned_data["cancelled"],
            reason=form.cleaned_data["cancel_reason"],
            actor=user,
            now=clock.now(),
        )

    def scope(self, user: Any) -> QuerySet[Session]:
        return Session.objects.select_related("activity", "site")
