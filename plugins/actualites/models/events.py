"""What happens in the town: when, where."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from core.pages.audiences import AudiencePanel
from core.pages.blocks import BodyBlock
from core.pages.plugin_pages import PluginPage, ReservedPage
from core.ui import formats


class EventsPage(PluginPage):
    """What is to come, and the months."""

    lead = models.TextField(_("introduction"), blank=True, max_length=300)

    content_panels = [*PluginPage.content_panels, FieldPanel("lead")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["actualites.EventPage"]
    max_count = 1

    class Meta:
        verbose_name = _("agenda")
        verbose_name_plural = _("agendas")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.actualites.selectors_events import index_context

        return {**super().get_context(request, *args, **kwargs), **index_context(self, request)}


class EventPage(ReservedPage):
    """One event. Without an hour it lasts whole days; without an end, the day or the moment it begins says all."""

    first_day = models.DateField(_("premier jour"))
    last_day = models.DateField(
        _("dernier jour"), null=True, blank=True, help_text=_("S’il dure plusieurs jours.")
    )
    starts_at = models.TimeField(_("commence à"), null=True, blank=True)
    ends_at = models.TimeField(_("finit à"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=120, help_text=_("Par exemple « Salle des fêtes »."))
    address = models.CharField(
        _("adresse"),
        max_length=200,
        blank=True,
        help_text=_("Celle que l’on donne à un téléphone pour s’y rendre."),
    )
    lead = models.TextField(_("en bref"), max_length=300, help_text=_("Quoi, pour qui : deux phrases."))
    price = models.CharField(
        _("prix"),
        max_length=80,
        blank=True,
        help_text=_("« Gratuit », « 3 € », « Gratuit, sur inscription »…"),
    )
    picture = models.ForeignKey(
        "pages.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("image"),
    )
    body = StreamField(BodyBlock(), verbose_name=_("texte"), blank=True)
    cancelled = models.BooleanField(
        _("annulé"),
        default=False,
        help_text=_("L’évènement reste affiché, barré : on sait qu’il n’a pas lieu."),
    )

    content_panels = [
        *PluginPage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("cancelled"),
            ],
            heading=_("Quand"),
        ),
        MultiFieldPanel([FieldPanel("place"), FieldPanel("address")], heading=_("Où")),
        FieldPanel("lead"),
        FieldPanel("price"),
        FieldPanel("picture"),
        FieldPanel("body"),
        AudiencePanel(),
    ]
    search_fields = [
        *PluginPage.search_fields,
        index.SearchField("lead"),
        index.SearchField("place"),
        index.SearchField("body"),
    ]
    parent_page_types = ["actualites.EventsPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("évènement")
        verbose_name_plural = _("évènements")
        indexes = [models.Index(fields=["first_day"], name="actualites_event_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="actualites_event_days",
                violation_error_message=_("Le dernier jour vient avant le premier."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False),
                name="actualites_event_hours",
                violation_error_message=_("Donnez l’heure à laquelle il commence."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        one_day = self.last_day is None or self.last_day == self.first_day
        if one_day and self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("L’évènement finit avant de commencer.")})
        if self.picture and not self.picture.description:
            raise ValidationError(
                {"picture": _("Cette image n’a pas de description : ajoutez-la dans la médiathèque.")}
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.actualites.selectors_events import event_context

        return {**super().get_context(request, *args, **kwargs), **event_context(self, request)}

    @property
    def until(self) -> date:
        """Its last day, included."""
        found: date = self.last_day or self.first_day
        return found

    @property
    def starts(self) -> date:
        """A moment of Europe/Paris when it has an hour, a day otherwise."""
        return _at(self.first_day, self.starts_at) if self.starts_at else self.first_day

    @property
    def ends(self) -> date | None:
        if not self.starts_at:
            return self.until
        return _at(self.until, self.ends_at) if self.ends_at else None

    @property
    def when(self) -> str:
        """« jeudi 3 décembre 2026, de 9 h à 12 h », « du mardi 1er au vendredi 4 décembre 2026 »."""
        if self.until == self.first_day:
            days = formats.day(self.first_day, year=True)
        else:
            same_year = self.until.year == self.first_day.year
            first = formats.day(self.first_day, year=not same_year)
            days = f"du {first} au {formats.day(self.until, year=True)}"
        if not self.starts_at:
            return days
        hours = f"à {formats.hour(self.starts_at)}"
        if self.ends_at:
            hours = f"de {formats.hour(self.starts_at)} à {formats.hour(self.ends_at)}"
        return f"{days}, {hours}"


def _at(day: Any, hour: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
