"""Lists and forms of agents."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.backoffice.viewsets import ScopedModelViewSet
from plugins.musique.models import Course, Enrolment, Term


class TermViewSet(ScopedModelViewSet):
    """Terms are never deleted: what was enrolled and billed for stays."""

    model = Term
    name = "musique-trimestres"
    icon = "date"
    form_fields = ["name", "starts_on", "ends_on", "enrolment_from", "enrolment_until"]
    list_display = ["name", "starts_on", "ends_on", "enrolment_from", "enrolment_until"]
    ordering = ["-starts_on"]
    actions = frozenset({"list", "add", "change"})
    empty_message = _("Aucun trimestre : ajoutez le premier pour ouvrir les inscriptions.")

    def scope(self, user: Any) -> QuerySet[Term]:
        return Term.objects.all()


class CourseViewSet(ScopedModelViewSet):
    """A course that is full stays listed; one that nobody may join any more has no more places than pupils."""

    model = Course
    name = "musique-cours"
    icon = "list-ul"
    form_fields = [
        "term", "code", "name", "description", "weekday", "starts_at", "ends_at", "site", "tariff", "capacity",
    ]  # fmt: skip
    list_display = ["name", "term", "weekday", "starts_at", "taken", "capacity"]
    list_filter = ["term"]
    search_fields = ["name", "code"]
    ordering = ["-term__starts_on", "weekday", "starts_at"]
    actions = frozenset({"list", "add", "change"})
    empty_message = _("Aucun cours pour le moment.")

    def scope(self, user: Any) -> QuerySet[Course]:
        return Course.objects.select_related("term", "site")


class EnrolmentViewSet(ScopedModelViewSet):
    """Who is enrolled: read only, since families act in their own space."""

    model = Enrolment
    name = "musique-inscriptions"
    icon = "list-ul"
    form_fields = ["course"]
    list_display = ["course", "child", "family", "instrument_lent", "enrolled_on", "cancelled_at"]
    list_filter = ["course__term", "instrument_lent"]
    ordering = ["-enrolled_on"]
    actions = frozenset({"list"})
    empty_message = _("Aucune inscription pour le moment.")

    def scope(self, user: Any) -> QuerySet[Enrolment]:
        return Enrolment.objects.select_related("course__term", "child__person", "family")
