"""Tables of the town in the hands of agents: places, services, how to reach them, the calendar.

Whatever changes is journalled; a change of the calendar also says which days became something else, and where.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from core.accounts.roles import everywhere_rule
from core.backoffice.viewsets import ScopedModelViewSet
from core.kernel.access import rule
from core.town import services
from core.town.models import (
    Closure,
    Contact,
    HolidayPeriod,
    Notice,
    OpeningHours,
    PublicHoliday,
    SchoolYear,
    Service,
    Site,
)


class TownViewSet(ScopedModelViewSet):
    """One table of the town. What belongs to no site is for whoever serves the whole town."""

    icon = "site"

    def scope(self, user: Any) -> QuerySet[Any]:
        return self.model._default_manager.all()

    def guarded(self, act: str, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        if self.site:
            return super().guarded(act, view)
        return rule(everywhere_rule(self.permission(act)))(view)

    def save(self, form: Any, user: Any) -> Model:
        if not (form.instance._state.adding or form.has_changed()):
            return form.instance
        return services.written(row=form.instance, fields=form.changed_data, write=form.save, actor=user)

    def remove(self, instance: Any, user: Any) -> None:
        services.removed(row=instance, actor=user)


class SiteViewSet(TownViewSet):
    model = Site
    name = "commune/lieux"
    form_fields: ClassVar = ["name", "code", "kind", "address", "valid_from", "valid_to"]
    list_display = ("name", "kind", "valid_from", "valid_to")
    list_filter: ClassVar = {"kind": ["exact"]}
    search_fields = ("name", "code", "address")
    actions = frozenset({"list", "add", "change"})
    site = "pk"
    empty_message = gettext_lazy("Aucun lieu. Ajoutez la première école.")


class ServiceViewSet(TownViewSet):
    model = Service
    name = "commune/services"
    form_fields: ClassVar = ["name", "code", "site"]
    list_display = ("name", "code", "site")
    search_fields = ("name", "code")
    actions = frozenset({"list", "add", "change"})
    empty_message = gettext_lazy("Aucun service. Ajoutez celui que les parents appellent.")


class ContactViewSet(TownViewSet):
    model = Contact
    name = "commune/contacts"
    icon = "mail"
    form_fields: ClassVar = ["service", "site", "label", "phone", "email", "note", "order"]
    list_display = ("label", "service", "site", "phone", "email")
    search_fields = ("label", "phone", "email", "service__name", "site__name")
    empty_message = gettext_lazy("Aucun contact. Les parents ne savent pas encore qui appeler.")

    def scope(self, user: Any) -> QuerySet[Contact]:
        return Contact.objects.select_related("service", "site")


class HoursViewSet(TownViewSet):
    model = OpeningHours
    name = "commune/horaires"
    icon = "time"
    form_fields: ClassVar = ["contact", "service", "site", "weekday", "opens", "closes"]
    list_display = ("owner", "weekday_words", "opens", "closes")
    list_filter: ClassVar = {"weekday": ["exact"]}
    empty_message = gettext_lazy("Aucun horaire.")

    def scope(self, user: Any) -> QuerySet[OpeningHours]:
        return OpeningHours.objects.select_related("contact", "service", "site")


class YearViewSet(TownViewSet):
    model = SchoolYear
    name = "commune/annees-scolaires"
    icon = "calendar-alt"
    form_fields: ClassVar = ["name", "zone", "starts_on", "ends_on", "school_weekdays", "is_confirmed"]
    list_display = ("name", "zone", "starts_on", "ends_on", "is_confirmed")
    ordering = ("-starts_on",)
    actions = frozenset({"list", "add", "change"})
    empty_message = gettext_lazy("Aucune année scolaire.")


class HolidayViewSet(TownViewSet):
    model = HolidayPeriod
    name = "commune/vacances"
    icon = "calendar-alt"
    form_fields: ClassVar = ["school_year", "name", "kind", "first_day", "last_day"]
    list_display = ("name", "school_year", "kind", "first_day", "last_day")
    list_filter: ClassVar = {"school_year": ["exact"], "kind": ["exact"]}
    ordering = ("-first_day",)
    search_fields = ("name",)
    empty_message = gettext_lazy("Aucune période de vacances.")

    def scope(self, user: Any) -> QuerySet[HolidayPeriod]:
        return HolidayPeriod.objects.select_related("school_year")


class PublicHolidayViewSet(TownViewSet):
    model = PublicHoliday
    name = "commune/jours-feries"
    icon = "calendar-check"
    form_fields: ClassVar = ["date", "name"]
    list_display = ("date", "name")
    list_filter: ClassVar = {"date": ["gte", "lte"]}
    ordering = ("-date",)
    search_fields = ("name",)
    empty_message = gettext_lazy("Aucun jour férié.")


class ClosureViewSet(TownViewSet):
    model = Closure
    name = "commune/fermetures"
    icon = "cross"
    form_fields: ClassVar = ["site", "kind", "first_day", "last_day", "reason"]
    list_display = ("reason", "kind", "site", "first_day", "last_day")
    list_filter: ClassVar = {"site": ["exact"], "kind": ["exact"], "first_day": ["gte", "lte"]}
    ordering = ("-first_day",)
    search_fields = ("reason", "site__name")
    site = "site"
    empty_message = gettext_lazy("Aucune fermeture, aucun pont, aucune journée de formation ni de grève.")

    def scope(self, user: Any) -> QuerySet[Closure]:
        return Closure.objects.select_related("site")


class NoticeViewSet(TownViewSet):
    model = Notice
    name = "commune/annonces"
    icon = "warning"
    form_fields: ClassVar = ["tone", "title", "text", "sites", "address", "label", "starts_at", "ends_at"]
    list_display = ("title", "tone", "starts_at", "ends_at")
    list_filter: ClassVar = {"tone": ["exact"]}
    search_fields = ("title", "text")
    empty_message = gettext_lazy("Aucune annonce. Une grève, une fermeture, une canicule ? Dites-le ici.")

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        if db_field.name == "sites":
            kwargs["widget"] = CheckboxSelectMultiple
        return super().formfield_for_dbfield(db_field, **kwargs)


VIEWSETS = (
    ClosureViewSet,
    HolidayViewSet,
    PublicHolidayViewSet,
    YearViewSet,
    SiteViewSet,
    ServiceViewSet,
    ContactViewSet,
    HoursViewSet,
)
