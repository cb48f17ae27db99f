"""What is served at the canteen: by week, for those who eat the same."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId
from core.town.calendar import HOLIDAYS, SCHOOL_DAYS, WEDNESDAYS, DayKind
from core.ui.formats import day as day_words
from plugins.actualites.allergens import ALLERGENS, LABELS, Named


class MenuGroup(RandomId):
    """Places where the same meal is served, on the same kinds of day."""

    class Days(models.TextChoices):
        SCHOOL = "school", _("les jours de classe")
        LEISURE = "leisure", _("les mercredis et les vacances")

    PATTERNS: dict[str, frozenset[DayKind]] = {Days.SCHOOL: SCHOOL_DAYS, Days.LEISURE: WEDNESDAYS | HOLIDAYS}

    name = models.CharField(
        _("nom"), max_length=80, unique=True, help_text=_("Par exemple « Écoles ». Les familles le lisent.")
    )
    slug = models.SlugField(
        _("adresse"), max_length=40, unique=True, help_text=_("La fin de l’adresse de ses menus.")
    )
    days = models.CharField(_("repas servis"), max_length=10, choices=Days, default=Days.SCHOOL)
    sites = models.ManyToManyField(
        "town.Site",
        blank=True,
        related_name="+",
        verbose_name=_("lieux"),
        help_text=_("Les familles de ces lieux lisent ces menus dans leur espace."),
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=1)

    class Meta:
        verbose_name = _("groupe de convives")
        verbose_name_plural = _("groupes de convives")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def pattern(self) -> frozenset[DayKind]:
        return self.PATTERNS[self.days]


class MenuWeek(RandomId):
    """The meals of one week, Monday to Friday, for one group."""

    group = models.ForeignKey(
        MenuGroup, on_delete=models.CASCADE, related_name="weeks", verbose_name=_("groupe de convives")
    )
    monday = models.DateField(_("lundi"))
    published = models.BooleanField(_("en ligne"), default=True)
    note = models.CharField(
        _("mot de la cuisine"),
        max_length=200,
        blank=True,
        help_text=_("Une phrase lue au-dessus des repas : semaine du goût, changement de livraison…"),
    )
    changed_at = models.DateTimeField(_("changée le"), auto_now=True)

    class Meta:
        verbose_name = _("semaine de menus")
        verbose_name_plural = _("semaines de menus")
        ordering = ("monday", "group")
        constraints = [
            models.UniqueConstraint(fields=["group", "monday"], name="actualites_menu_week_once"),
            models.CheckConstraint(
                condition=Q(monday__iso_week_day=1),
                name="actualites_menu_week_monday",
                violation_error_message=_("Une semaine commence un lundi."),
            ),
        ]

    def __str__(self) -> str:
        monday: date = self.monday
        return f"{self.group}, semaine du {day_words(monday, year=True)}"


class Meal(models.Model):
    """What is served on one day; `weekday` is an ISO number."""

    week = models.ForeignKey(MenuWeek, on_delete=models.CASCADE, related_name="meals")
    weekday = models.PositiveSmallIntegerField(_("jour"))
    vegetarian = models.BooleanField(_("repas végétarien"), default=False)

    class Meta:
        verbose_name = _("repas")
        verbose_name_plural = _("repas")
        ordering = ("weekday",)
        constraints = [
            models.UniqueConstraint(fields=["week", "weekday"], name="actualites_meal_once"),
            models.CheckConstraint(condition=Q(weekday__range=(1, 5)), name="actualites_meal_weekday"),
        ]

    def __str__(self) -> str:
        return day_words(self.day)

    @property
    def day(self) -> date:
        monday: date = self.week.monday
        return monday + timedelta(days=self.weekday - 1)


def _all_known(codes: object, known: Named) -> bool:
    return isinstance(codes, list) and all(code in known for code in codes)


class Dish(models.Model):
    """One part of a meal. `allergens` is None while nobody said: an empty list says that there is none."""

    class Course(models.IntegerChoices):
        STARTER = 1, _("entrée")
        MAIN = 2, _("plat")
        SIDE = 3, _("accompagnement")
        DAIRY = 4, _("fromage ou laitage")
        DESSERT = 5, _("dessert")
        SNACK = 6, _("goûter")

    meal = models.ForeignKey(Meal, on_delete=models.CASCADE, related_name="dishes")
    course = models.PositiveSmallIntegerField(_("partie du repas"), choices=Course)
    name = models.CharField(_("nom"), max_length=120)
    allergens = models.JSONField(_("allergènes"), null=True, blank=True)
    labels = models.JSONField(_("labels"), default=list, blank=True)

    class Meta:
        verbose_name = _("plat")
        verbose_name_plural = _("plats")
        ordering = ("course",)
        constraints = [
            models.UniqueConstraint(fields=["meal", "course"], name="actualites_dish_once"),
            models.CheckConstraint(condition=Q(course__range=(1, 6)), name="actualites_dish_course"),
            models.CheckConstraint(condition=~Q(name=""), name="actualites_dish_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.allergens is not None and not _all_known(self.allergens, ALLERGENS):
            raise ValidationError({"allergens": _("Cet allergène n’est pas l’un des quatorze.")})
        if not _all_known(self.labels, LABELS):
            raise ValidationError({"labels": _("Ce label n’est pas connu.")})
