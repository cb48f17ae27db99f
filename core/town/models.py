"""Places, services, how to reach them, and the calendar: rows that agents edit, never computed live."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from core.kernel.models import RandomId

if TYPE_CHECKING:
    from datetime import date, datetime


def _exactly_one(*names: str) -> Q:
    """Exactly one of these foreign keys is set."""
    condition = Q()
    for name in names:
        condition |= Q(**{f"{other}__isnull": other != name for other in names})
    return condition


class SiteQuerySet(models.QuerySet["Site"]):
    def open_on(self, day: "date") -> "SiteQuerySet":
        """Sites that exist on that day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


class Site(RandomId):
    """A place of the town. It may shelter a school, its care and a leisure centre: activities point to it."""

    class Kind(models.TextChoices):
        SCHOOL_NURSERY = "school_nursery", _("école maternelle")
        SCHOOL_ELEMENTARY = "school_elementary", _("école élémentaire")
        SCHOOL_PRIMARY = "school_primary", _("école primaire (maternelle et élémentaire)")
        ALSH = "alsh", _("accueil de loisirs")
        TOWN_HALL = "town_hall", _("mairie")
        OTHER = "other", _("autre lieu")

    SCHOOL_KINDS = (Kind.SCHOOL_NURSERY, Kind.SCHOOL_ELEMENTARY, Kind.SCHOOL_PRIMARY)

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    kind = models.CharField(_("nature"), max_length=20, choices=Kind)
    address = models.TextField(_("adresse"), blank=True)
    valid_from = models.DateField(_("ouvert à partir du"), null=True, blank=True)
    valid_to = models.DateField(
        _("ouvert jusqu’au"), null=True, blank=True, help_text=_("Dernier jour d’ouverture.")
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("lieu")
        verbose_name_plural = _("lieux")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="town_site_valid_dates",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("Le dernier jour d’ouverture vient avant le premier."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, day: "date") -> bool:
        """Whether the site exists on that day; `SiteQuerySet.open_on` asks the same of the database."""
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_to is None or day <= self.valid_to)


class Service(RandomId):
    """A service of the town hall, as parents know it; roles are given by service."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    site = models.ForeignKey(
        Site,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("lieu d’accueil"),
    )
    role = models.CharField(
        _("rôle"),
        max_length=200,
        blank=True,
        help_text=_("Ce que l’on peut lui demander, en une phrase."),
    )

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Contact(RandomId):
    """One way to reach a service or a site. `label` says what for."""

    service = models.ForeignKey(
        Service,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("service"),
    )
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts", verbose_name=_("lieu")
    )
    label = models.CharField(_("pour quoi"), max_length=120)
    phone = PhoneNumberField(_("téléphone"), region="FR", blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    note = models.TextField(_("précision"), blank=True)
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["order", "label"]
        constraints = [
            models.CheckConstraint(
                name="town_contact_one_owner",
                condition=_exactly_one("service", "site"),
                violation_error_message=_("Un contact est celui d’un service ou d’un lieu."),
            ),
            models.CheckConstraint(
                name="town_contact_says_something",
                condition=~Q(phone="") | ~Q(email="") | ~Q(note=""),
                violation_error_message=_("Donnez un téléphone, une adresse électronique ou une précision."),
            ),
            models.UniqueConstraint(fields=["service", "label"], name="town_contact_service_label"),
            models.UniqueConstraint(fields=["site", "label"], name="town_contact_site_label"),
        ]

    def __str__(self) -> str:
        return self.label


class OpeningHours(models.Model):
    """One span of one weekday; a lunch break makes two rows."""

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("lundi")
        TUESDAY = 2, _("mardi")
        WEDNESDAY = 3, _("mercredi")
        THURSDAY = 4, _("jeudi")
        FRIDAY = 5, _("vendredi")
        SATURDAY = 6, _("samedi")
        SUNDAY = 7, _("dimanche")

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="hours"
    )
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="hours"
    )
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("jour"), choices=Weekday)
    opens = models.TimeField(_("ouvre à"))
    closes = models.TimeField(_("ferme à"))

    class Meta:
        verbose_name = _("horaire d’ouverture")
        verbose_name_plural = _("horaires d’ouverture")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                name="town_hours_one_owner",
                condition=_exactly_one("contact", "service", "site"),
                violation_error_message=_("Un horaire est celui d’un contact, d’un service ou d’un lieu."),
            ),
            models.CheckConstraint(
                name="town_hours_weekday",
                condition=Q(weekday__gte=1, weekday__lte=7),
                violation_error_message=_("Ce jour n’existe pas."),
            ),
            models.CheckConstraint(
                name="town_hours_closes_after_opens",
                condition=Q(closes__gt=F("opens")),
                violation_error_message=_("L’heure de fermeture vient avant l’heure d’ouverture."),
            ),
            models.UniqueConstraint(fields=["contact", "weekday", "opens"], name="town_hours_contact"),
            models.UniqueConstraint(fields=["service", "weekday", "opens"], name="town_hours_service"),
            models.UniqueConstraint(fields=["site", "weekday", "opens"], name="town_hours_site"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    @property
    def owner(self) -> "Contact | Service | Site | None":
        """Whose hours they are."""
        return self.contact or self.service or self.site

    @property
    def weekday_words(self) -> str:
        return str(self.Weekday(self.weekday).label)


class SchoolYear(RandomId):
    """From the first day of class to the eve of the next one: years touch, a day belongs to one at most.

    A commune lives in one zone, hence one row a year; `zone` tells which calendar was imported.
    """

    class Zone(models.TextChoices):
        A = "A", _("zone A")
        B = "B", _("zone B")
        C = "C", _("zone C")

    name = models.CharField(
        _("nom"),
        max_length=9,
        unique=True,
        validators=[RegexValidator(r"^\d{4}-\d{4}$", _("Écrivez « 2026-2027 »."))],
    )
    zone = models.CharField(_("zone"), max_length=1, choices=Zone)
    starts_on = models.DateField(_("rentrée"), unique=True)
    ends_on = models.DateField(_("dernier jour"), unique=True, help_text=_("Veille de la rentrée suivante."))
    school_weekdays = models.CharField(
        _("jours de classe"),
        max_length=7,
        default="1245",
        help_text=_("1 pour lundi, 2 pour mardi… : « 1245 » pour la semaine de quatre jours."),
    )
    is_confirmed = models.BooleanField(
        _("dates vérifiées"),
        default=False,
        help_text=_("Dates comparées au calendrier officiel de l’académie."),
    )

    class Meta:
        verbose_name = _("année scolaire")
        verbose_name_plural = _("années scolaires")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="town_schoolyear_dates",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("L’année scolaire finit avant de commencer."),
            ),
            models.CheckConstraint(
                name="town_schoolyear_weekdays",
                condition=Q(school_weekdays__regex=r"^1?2?3?4?5?6?7?$") & ~Q(school_weekdays=""),
                violation_error_message=_(
                    "Écrivez les jours de classe en chiffres croissants, par exemple « 1245 »."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Years do not overlap; the database by itself only refuses two that begin or end together."""
        if not (self.starts_on and self.ends_on):
            return
        others = SchoolYear.objects.exclude(pk=self.pk).filter(
            starts_on__lte=self.ends_on, ends_on__gte=self.starts_on
        )
        if other := others.first():
            raise ValidationError(_("Ces dates recouvrent l’année %(name)s.") % {"name": other.name})


class HolidayPeriod(RandomId):
    """Days without class, both ends included: holidays, or a bridge given by the national calendar."""

    class Kind(models.TextChoices):
        HOLIDAYS = "holidays", _("vacances")
        BRIDGE = "bridge", _("pont")

    school_year = models.ForeignKey(
        SchoolYear, on_delete=models.CASCADE, related_name="holiday_periods", verbose_name=_("année scolaire")
    )
    name = models.CharField(_("nom"), max_length=60)
    kind = models.CharField(_("nature"), max_length=10, choices=Kind, default=Kind.HOLIDAYS)
    first_day = models.DateField(_("premier jour sans classe"))
    last_day = models.DateField(_("dernier jour sans classe"))

    class Meta:
        verbose_name = _("période de vacances")
        verbose_name_plural = _("périodes de vacances")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                name="town_holidayperiod_dates",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("Le dernier jour vient avant le premier."),
            ),
            models.UniqueConstraint(fields=["school_year", "name"], name="town_holidayperiod_name"),
            models.UniqueConstraint(fields=["first_day"], name="town_holidayperiod_first_day"),
            models.UniqueConstraint(fields=["last_day"], name="town_holidayperiod_last_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.school_year.name})"

    def clean(self) -> None:
        """Inside its school year, and apart from the other periods."""
        if not (self.first_day and self.last_day and self.school_year_id):
            return
        year = self.school_year
        if self.first_day < year.starts_on or self.last_day > year.ends_on:
            raise ValidationError(_("Ces dates sortent de l’année %(name)s.") % {"name": year.name})
        others = HolidayPeriod.objects.exclude(pk=self.pk).filter(
            first_day__lte=self.last_day, last_day__gte=self.first_day
        )
        if other := others.first():
            raise ValidationError(_("Ces dates recouvrent « %(name)s ».") % {"name": other.name})


class PublicHoliday(RandomId):
    """A day off for everybody."""

    date = models.DateField(_("jour"), unique=True)
    name = models.CharField(_("nom"), max_length=60)

    class Meta:
        verbose_name = _("jour férié")
        verbose_name_plural = _("jours fériés")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.name} {self.date:%d/%m/%Y}"


class Closure(RandomId):
    """Days on which one site, or all of them, does not work as usual, both ends included."""

    class Kind(models.TextChoices):
        """Values are those of `core.town.calendar.DayKind`."""

        CLOSED = "closed", _("fermeture")
        BRIDGE = "bridge", _("pont")
        TRAINING = "training", _("journée de formation")
        STRIKE = "strike", _("grève")

    site = models.ForeignKey(
        Site,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="closures",
        verbose_name=_("lieu"),
        help_text=_("Laissez vide pour tous les lieux."),
    )
    first_day = models.DateField(_("premier jour"))
    last_day = models.DateField(_("dernier jour"))
    kind = models.CharField(_("nature"), max_length=10, choices=Kind, default=Kind.CLOSED)
    reason = models.CharField(_("raison"), max_length=120, help_text=_("Ce que lisent les familles."))

    class Meta:
        verbose_name = _("fermeture")
        verbose_name_plural = _("fermetures")
        ordering = ["first_day"]
        indexes = [models.Index(fields=["last_day", "first_day"], name="town_closure_days")]
        constraints = [
            models.CheckConstraint(
                name="town_closure_dates",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("Le dernier jour vient avant le premier."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class NoticeQuerySet(models.QuerySet["Notice"]):
    def in_force(self, now: "datetime") -> "NoticeQuerySet":
        return self.filter(starts_at__lte=now, ends_at__gt=now)


class Notice(RandomId):
    """An urgent notice, on top of every page of the site and of the Espace Famille while it holds."""

    class Tone(models.TextChoices):
        """Values are those of the alerts of `core.ui`."""

        INFO = "info", _("information")
        ATTENTION = "attention", _("attention")
        DANGER = "error", _("danger")

    tone = models.CharField(_("importance"), max_length=10, choices=Tone, default=Tone.ATTENTION)
    title = models.CharField(
        _("titre"), max_length=80, help_text=_("Le fait, en quelques mots : « Grève à la cantine mardi ».")
    )
    text = models.CharField(
        _("texte"), max_length=300, blank=True, help_text=_("Ce qui change, et ce qu’il faut faire.")
    )
    sites = models.ManyToManyField(
        Site,
        blank=True,
        verbose_name=_("lieux concernés"),
        help_text=_("Ils sont nommés dans l’annonce. Rien de coché : toute la commune."),
    )
    address = models.CharField(
        _("adresse pour en savoir plus"),
        max_length=300,
        blank=True,
        validators=[
            RegexValidator(
                r"^(/(?!/)|https://)\S*$",
                _("Commencez par / pour une page de ce site, ou par https://."),
            )
        ],
        help_text=_("Par exemple /actualites/ ou https://vigilance.meteofrance.fr/"),
    )
    label = models.CharField(
        _("texte du lien"), max_length=60, blank=True, help_text=_("Par défaut : « En savoir plus ».")
    )
    starts_at = models.DateTimeField(_("affichée à partir de"))
    ends_at = models.DateTimeField(_("retirée à"), help_text=_("Elle se retire toute seule."))

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("annonce urgente")
        verbose_name_plural = _("annonces urgentes")
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="town_notice_times")]
        constraints = [
            models.CheckConstraint(
                name="town_notice_times",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_(
                    "L’annonce se retire avant de paraître : vérifiez les deux heures."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title
