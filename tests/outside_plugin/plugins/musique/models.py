"""Facts, and the invariants that the database keeps."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core.kernel.models import RandomId
from core.pages.plugin_pages import PluginPage

TARIFF = "ecole-de-musique"


class Term(RandomId):
    """A term, both days inside, and the days between which families may enrol (both inside)."""

    name = models.CharField(_("nom"), max_length=80)
    starts_on = models.DateField(_("premier jour"), unique=True)
    ends_on = models.DateField(_("dernier jour"))
    enrolment_from = models.DateField(_("inscriptions à partir du"))
    enrolment_until = models.DateField(_("inscriptions jusqu’au"))

    class Meta:
        verbose_name = _("trimestre")
        verbose_name_plural = _("trimestres")
        ordering = ("starts_on",)
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="musique_term_days"),
            models.CheckConstraint(
                condition=Q(enrolment_until__gte=F("enrolment_from")), name="musique_term_enrolment"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Course(RandomId):
    """A course of one term. Billing knows it by its `code`, which never changes; `tariff` is the code of its tariff."""

    class Day(models.IntegerChoices):
        MONDAY = 1, _("lundi")
        TUESDAY = 2, _("mardi")
        WEDNESDAY = 3, _("mercredi")
        THURSDAY = 4, _("jeudi")
        FRIDAY = 5, _("vendredi")
        SATURDAY = 6, _("samedi")

    term = models.ForeignKey(
        Term, on_delete=models.PROTECT, related_name="courses", verbose_name=_("trimestre")
    )
    code = models.SlugField(_("code"), max_length=60, help_text=_("Il ne change plus."))
    name = models.CharField(_("nom"), max_length=120)
    description = models.TextField(_("description"), max_length=400, blank=True)
    weekday = models.PositiveSmallIntegerField(_("jour"), choices=Day)
    starts_at = models.TimeField(_("de"))
    ends_at = models.TimeField(_("à"))
    site = models.ForeignKey(
        "town.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu")
    )
    tariff = models.SlugField(_("code du tarif"), max_length=100, default=TARIFF)
    capacity = models.PositiveSmallIntegerField(_("places"))
    taken = models.PositiveSmallIntegerField(_("places prises"), default=0, editable=False)

    class Meta:
        verbose_name = _("cours")
        verbose_name_plural = _("cours")
        ordering = ("term", "weekday", "starts_at", "name")
        constraints = [
            models.UniqueConstraint(fields=("term", "code"), name="musique_course_term_code"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="musique_course_places"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="musique_course_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.term})"

    @property
    def free(self) -> int:
        return self.capacity - self.taken


class Enrolment(RandomId):
    """A child in a course for a term, at the price of that day. `service_date` is the day it is billed at."""

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("cours")
    )
    child = models.ForeignKey(
        "families.Child", on_delete=models.PROTECT, related_name="+", verbose_name=_("enfant")
    )
    family = models.ForeignKey(
        "families.Family", on_delete=models.PROTECT, related_name="+", verbose_name=_("famille")
    )
    payer = models.ForeignKey(
        "families.Guardian", on_delete=models.PROTECT, related_name="+", verbose_name=_("payeur")
    )
    instrument_lent = models.BooleanField(_("instrument prêté"), default=False)
    enrolled_on = models.DateField(_("inscrit le"))
    service_date = models.DateField(_("facturé au"))
    price_cents = models.PositiveIntegerField(_("prix (centimes)"))
    lines = models.JSONField(_("lignes du prix"))
    explanation = models.CharField(_("empreinte de l’explication"), max_length=64)
    tariff_version = models.ForeignKey(
        "pricing.TariffVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("tarif")
    )
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("inscrit par"),
    )
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("inscription")
        verbose_name_plural = _("inscriptions")
        ordering = ("-enrolled_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("course", "child"),
                condition=Q(cancelled_at__isnull=True),
                name="musique_enrolment_once",
            ),
        ]
        indexes = [models.Index(fields=["service_date"], name="musique_enrolment_billed")]

    def __str__(self) -> str:
        return f"{self.child_id} · {self.course_id}"


class MusicPage(PluginPage):
    """The page of the site: what is taught, when, and at what price."""

    template = "musique/page.html"

    lead = models.TextField(_("introduction"), blank=True, max_length=300)

    content_panels = [*PluginPage.content_panels, FieldPanel("lead")]
    search_fields = [*PluginPage.search_fields, index.SearchField("lead")]
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("page de l’école de musique")
        verbose_name_plural = _("pages de l’école de musique")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.musique.selectors import page_context

        return {**super().get_context(request, *args, **kwargs), **page_context()}
