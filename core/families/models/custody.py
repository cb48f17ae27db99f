"""Where a child of two homes lives: rules, exceptions, court decisions. `core.families.custody` reads them."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.families.models.people import Child, Guardian, Person
from core.kernel.models import RandomId


class CourtDecision(RandomId):
    """What a court decided about a child. Only those who hold the right read it, and each reading is journalled."""

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="court_decisions", verbose_name=_("enfant")
    )
    court = models.CharField(_("juridiction"), max_length=120)
    decided_on = models.DateField(_("date de la décision"))
    starts_on = models.DateField(_("s’applique à partir du"))
    ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)
    summary = models.TextField(
        _("ce qu’elle décide"), help_text=_("Seulement ce qui sert à accueillir l’enfant.")
    )
    recorded_at = models.DateTimeField(_("enregistrée le"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("enregistrée par"),
    )

    class Meta:
        verbose_name = _("décision de justice")
        verbose_name_plural = _("décisions de justice")
        ordering = ("-decided_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="decision_dates",
                violation_error_message=_("Le dernier jour vient avant le premier."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.decided_on:%d/%m/%Y}"


class PickUpBan(RandomId):
    """Somebody who may not pick the child up. There is none without a court decision; it holds as long as that does."""

    decision = models.ForeignKey(
        CourtDecision, on_delete=models.PROTECT, related_name="bans", verbose_name=_("décision de justice")
    )
    name = models.CharField(_("nom"), max_length=200)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("personne")
    )

    class Meta:
        verbose_name = _("interdiction de venir chercher")
        verbose_name_plural = _("interdictions de venir chercher")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=["decision", "name"], name="ban_once"),
            models.CheckConstraint(condition=~Q(name=""), name="ban_names_somebody"),
        ]

    def __str__(self) -> str:
        return self.name


class CustodyRule(RandomId):
    """Where the child lives from `valid_from` until the next rule begins: two rules never overlap.

    Homes are ranks of `ChildInFamily`, never families, so that a rule always speaks of the child's own.
    `home`: where the child lives (single), with whom even weeks are (parity), or the week of `anchor` is (anchor).
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("un seul foyer")
        PARITY = "parity", _("une semaine sur deux : semaines paires et impaires")
        ANCHOR = "anchor", _("une semaine sur deux, à partir d’une date")

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="custody_rules", verbose_name=_("enfant")
    )
    valid_from = models.DateField(_("à partir du"))
    kind = models.CharField(_("organisation"), max_length=6, choices=Kind)
    home = models.PositiveSmallIntegerField(_("foyer"))
    anchor = models.DateField(_("semaine de départ"), null=True, blank=True)
    change_weekday = models.PositiveSmallIntegerField(_("jour du changement"), default=1)
    change_hour = models.TimeField(_("heure du changement"), default=time(8, 30))
    first_half_even = models.PositiveSmallIntegerField(
        _("première moitié des vacances, années paires"), null=True, blank=True
    )
    decision = models.ForeignKey(
        CourtDecision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("décision de justice"),
    )

    class Meta:
        verbose_name = _("règle de garde")
        verbose_name_plural = _("règles de garde")
        ordering = ("valid_from",)
        constraints = [
            models.UniqueConstraint(
                fields=["child", "valid_from"],
                name="custody_one_rule_a_period",
                violation_error_message=_("Une règle commence déjà ce jour-là."),
            ),
            models.CheckConstraint(
                condition=Q(home__in=(1, 2))
                & (Q(first_half_even__isnull=True) | Q(first_half_even__in=(1, 2))),
                name="custody_home_is_one_of_two",
            ),
            models.CheckConstraint(
                condition=Q(kind="anchor", anchor__isnull=False)
                | Q(kind__in=("single", "parity"), anchor__isnull=True),
                name="custody_anchor",
                violation_error_message=_("Donnez la semaine de départ."),
            ),
            models.CheckConstraint(
                condition=Q(change_weekday__gte=1, change_weekday__lte=7), name="custody_weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} · {self.valid_from:%d/%m/%Y}"


class CustodyException(RandomId):
    """Days that one home asks to have, against the rule: they count once the other home has agreed."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("en attente de l’autre parent")
        AGREED = "agreed", _("acceptée")
        REFUSED = "refused", _("refusée")
        WITHDRAWN = "withdrawn", _("retirée")

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="custody_exceptions", verbose_name=_("enfant")
    )
    first_day = models.DateField(_("premier jour"))
    last_day = models.DateField(_("dernier jour"))
    home = models.PositiveSmallIntegerField(_("foyer"))
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        Guardian, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposée par")
    )
    proposed_at = models.DateTimeField(_("proposée le"))
    answered_by = models.ForeignKey(
        Guardian,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("réponse de"),
    )
    answered_at = models.DateTimeField(_("réponse le"), null=True, blank=True)

    class Meta:
        verbose_name = _("exception de garde")
        verbose_name_plural = _("exceptions de garde")
        ordering = ("first_day", "proposed_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="custody_exception_dates",
                violation_error_message=_("Le dernier jour vient avant le premier."),
            ),
            models.CheckConstraint(condition=Q(home__in=(1, 2)), name="custody_exception_home"),
            models.CheckConstraint(
                condition=Q(
                    Q(
                        state__in=("proposed", "withdrawn"),
                        answered_by__isnull=True,
                        answered_at__isnull=True,
                    )
                    | Q(state__in=("agreed", "refused"), answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answered_by=F("proposed_by"))
                ),
                name="custody_exception_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} · {self.first_day:%d/%m/%Y}"
