"""Activities, the days they open, who is enrolled, what is booked: facts, and invariants that the database keeps."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId
from core.pricing.vocabulary import UNITS
from plugins.enfance.rules import RuleError, cut_off, moment_words

if TYPE_CHECKING:
    from datetime import date


class Unit(models.TextChoices):
    """What is booked, in the words of tariffs (`core.pricing.vocabulary`). Further units come with their activities."""

    MEAL = "meal", _("repas")
    DAY = "day", _("journée")


class Activity(RandomId):
    """Something that children are enrolled in and that is booked day by day.

    `code` is part of the billing keys: it never changes once something was booked. `tariff` is the code of the
    tariff; `tariff_facts` are the facts that the activity itself states to it. With `by_window`, a day may be booked
    only inside a booking window that covers it.
    """

    class Kind(models.TextChoices):
        CANTEEN = "canteen", _("restauration scolaire")
        HOLIDAYS = "alsh_holidays", _("accueil de loisirs des vacances")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    short_name = models.CharField(
        _("nom court"), max_length=30, help_text=_("Celui des cases du calendrier.")
    )
    kind = models.CharField(_("nature"), max_length=20, choices=Kind)
    service = models.SlugField(
        _("service"), max_length=60, help_text=_("Code du service de la mairie qui répond aux familles.")
    )
    unit = models.CharField(_("unité"), max_length=20, choices=Unit)
    tariff = models.SlugField(_("code du tarif"), max_length=100)
    tariff_facts = models.JSONField(_("faits donnés au tarif"), default=dict, blank=True)
    by_window = models.BooleanField(_("par périodes de réservation"), default=False)
    position = models.PositiveSmallIntegerField(_("ordre"), default=1)

    class Meta:
        verbose_name = _("activité")
        verbose_name_plural = _("activités")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class BookingRule(RandomId):
    """Until when a day may be changed: the rule of the sessions held from `valid_from` on.

    `cut_off` is read by `rules.cut_off`. A new rule is a new row; one that has begun is never rewritten.
    """

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="rules", verbose_name=_("activité")
    )
    valid_from = models.DateField(_("pour les jours à partir du"))
    cut_off = models.JSONField(_("limite"))
    decision = models.CharField(_("délibération"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("règle de réservation")
        verbose_name_plural = _("règles de réservation")
        ordering = ("activity", "-valid_from")
        constraints = [
            models.UniqueConstraint(fields=["activity", "valid_from"], name="enfance_rule_once_a_day"),
        ]

    def __str__(self) -> str:
        first: date = self.valid_from
        return f"{self.activity} {first:%d/%m/%Y}"

    def clean(self) -> None:
        try:
            cut_off(self.cut_off)
        except RuleError as error:
            raise ValidationError({"cut_off": str(error)}) from error


class BookingWindow(RandomId):
    """When the days from `first_day` to `last_day` may be booked: from `opens_at`, strictly before `closes_at`."""

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="windows", verbose_name=_("activité")
    )
    name = models.CharField(_("nom"), max_length=80, help_text=_("Par exemple « Vacances de Noël »."))
    first_day = models.DateField(_("premier jour"))
    last_day = models.DateField(_("dernier jour"))
    opens_at = models.DateTimeField(_("ouverture"))
    closes_at = models.DateTimeField(_("fermeture"), help_text=_("À cet instant, il est trop tard."))

    class Meta:
        verbose_name = _("période de réservation")
        verbose_name_plural = _("périodes de réservation")
        ordering = ("first_day",)
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="enfance_window_days",
                violation_error_message=_("Le dernier jour vient avant le premier."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="enfance_window_instants",
                violation_error_message=_("La fermeture vient avant l’ouverture."),
            ),
            models.UniqueConstraint(fields=["activity", "first_day"], name="enfance_window_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def closing_words(self) -> str:
        """« dimanche 6 décembre, minuit »."""
        return moment_words(self.closes_at, end=True)

    def clean(self) -> None:
        """A day of an activity belongs to one window at most."""
        if not (self.activity_id and self.first_day and self.last_day):
            return
        others = BookingWindow.objects.exclude(pk=self.pk).filter(
            activity=self.activity_id, first_day__lte=self.last_day, last_day__gte=self.first_day
        )
        if other := others.first():
            raise ValidationError(_("Ces jours recouvrent « %(name)s ».") % {"name": other.name})


class Session(RandomId):
    """One unit of an activity, one day, at one site. `taken` counts its active bookings and never passes `capacity`."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("activité")
    )
    site = models.ForeignKey("town.Site", on_delete=models.PROTECT, related_name="+", verbose_name=_("lieu"))
    date = models.DateField(_("jour"), db_index=True)
    unit = models.CharField(_("unité"), max_length=20, choices=Unit)
    capacity = models.PositiveIntegerField(_("places"))
    taken = models.PositiveIntegerField(_("places prises"), default=0, editable=False)
    cancelled = models.BooleanField(_("annulée"), default=False)
    cancel_reason = models.CharField(
        _("raison"), max_length=120, blank=True, help_text=_("Ce que lisent les familles.")
    )

    class Meta:
        verbose_name = _("séance")
        verbose_name_plural = _("séances")
        ordering = ("date", "activity", "site")
        constraints = [
            models.UniqueConstraint(fields=["activity", "site", "date", "unit"], name="enfance_session_once"),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="enfance_session_never_one_too_many",
                violation_error_message=_("Il y a déjà plus de réservations que de places."),
            ),
        ]
        indexes = [models.Index(fields=["activity", "date"], name="enfance_session_days")]

    def __str__(self) -> str:
        day: date = self.date
        return f"{self.activity} {self.site} {day:%d/%m/%Y}"

    @property
    def unit_label(self) -> str:
        return UNITS[self.unit].label


class Enrolment(RandomId):
    """A child may book an activity at a site, for one family, from a day to another (both included)."""

    child = models.ForeignKey(
        "families.Child", on_delete=models.PROTECT, related_name="+", verbose_name=_("enfant")
    )
    family = models.ForeignKey(
        "families.Family", on_delete=models.PROTECT, related_name="+", verbose_name=_("famille")
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("activité")
    )
    site = models.ForeignKey("town.Site", on_delete=models.PROTECT, related_name="+", verbose_name=_("lieu"))
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"))

    class Meta:
        verbose_name = _("inscription")
        verbose_name_plural = _("inscriptions")
        ordering = ("valid_from", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["child", "family", "activity", "site", "valid_from"], name="enfance_enrolment_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="enfance_enrolment_dates",
                violation_error_message=_("L’inscription finit avant de commencer."),
            ),
        ]
        indexes = [models.Index(fields=["family", "activity", "site"], name="enfance_enrolment_family")]

    def __str__(self) -> str:
        return f"{self.child} · {self.activity}"


class Booking(models.Model):
    """A child is expected at a session. The price is that of the day it was booked, and stays.

    `lines` are the components of the price, in order: objects with `kind`, `product`, `label`, `quantity`, `unit`,
    `amount_cents` (`services.lines_of`).
    `payer` owes it alone, unless `shares` split it. A cancelled booking stays: who and when belongs to the family.
    """

    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("séance")
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
    price_cents = models.PositiveIntegerField(_("prix (centimes)"))
    lines = models.JSONField(_("composantes du prix"))
    explanation = models.CharField(_("empreinte de l’explication"), max_length=64)
    tariff_version = models.ForeignKey(
        "pricing.TariffVersion",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("version du tarif"),
    )
    booked_at = models.DateTimeField(_("réservé le"))
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("réservé par"),
    )
    cancelled_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("annulé par"),
    )
    cancel_reason = models.CharField(_("raison de l’annulation"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("réservation")
        verbose_name_plural = _("réservations")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["session", "child"],
                condition=Q(cancelled_at__isnull=True),
                name="enfance_booking_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} · {self.session_id}"


class BookingShare(models.Model):
    """One payer's part of a booking that several guardians pay. `weight` is his or her share among the others."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="shares")
    payer = models.ForeignKey(
        "families.Guardian", on_delete=models.PROTECT, related_name="+", verbose_name=_("payeur")
    )
    weight = models.PositiveSmallIntegerField(_("part"))

    class Meta:
        verbose_name = _("part d’une réservation")
        verbose_name_plural = _("parts des réservations")
        constraints = [
            models.UniqueConstraint(fields=["booking", "payer"], name="enfance_share_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="enfance_share_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} · {self.payer_id}"
