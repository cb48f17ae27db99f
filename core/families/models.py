"""People and households: facts and the invariants that the database keeps."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId

if TYPE_CHECKING:
    from datetime import date


class Person(RandomId):
    """Somebody, child or adult. An adult who signs in has an account of his or her own."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("compte"),
    )
    civility = models.CharField(
        _("civilité"), max_length=10, blank=True, choices=[("mme", _("Madame")), ("m", _("Monsieur"))]
    )
    first_name = models.CharField(_("prénom"), max_length=100)
    last_name = models.CharField(_("nom"), max_length=100)
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ("last_name", "first_name", "pk")

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Family(RandomId):
    """A household: those who live at one address and answer for its children. Its name is that of the letters sent."""

    name = models.CharField(_("nom"), max_length=200)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("commune"), max_length=100, blank=True)
    resident = models.BooleanField(_("habite la commune"), default=True)
    benefits_number = models.CharField(_("numéro d’allocataire"), max_length=20, blank=True)
    children = models.ManyToManyField("Child", through="ChildInFamily", related_name="families")

    class Meta:
        verbose_name = _("famille")
        verbose_name_plural = _("familles")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Guardian(RandomId):
    """An adult of a family who answers for its children. `payer_share` is a percentage of what the family owes."""

    family = models.ForeignKey(
        Family, on_delete=models.CASCADE, related_name="guardians", verbose_name=_("famille")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="guardianships", verbose_name=_("personne")
    )
    parental_authority = models.BooleanField(_("autorité parentale"), default=True)
    payer_share = models.PositiveSmallIntegerField(_("part payée (%)"), default=100)
    position = models.PositiveSmallIntegerField(_("ordre"), default=1)

    class Meta:
        verbose_name = _("responsable légal")
        verbose_name_plural = _("responsables légaux")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["family", "person"], name="guardian_once_in_family"),
            models.UniqueConstraint(fields=["family", "position"], name="guardian_position_once"),
            models.CheckConstraint(condition=Q(payer_share__lte=100), name="guardian_share_at_most_100"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Child(RandomId):
    """A child, whatever the number of families it lives in."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="child", verbose_name=_("personne")
    )

    class Meta:
        verbose_name = _("enfant")
        verbose_name_plural = _("enfants")
        ordering = ("person__birth_date", "pk")

    def __str__(self) -> str:
        return str(self.person)


class ChildInFamily(models.Model):
    """A child lives in one family, or in two."""

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="child_links")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="family_links")

    class Meta:
        verbose_name = _("enfant d’une famille")
        verbose_name_plural = _("enfants d’une famille")
        constraints = [models.UniqueConstraint(fields=["family", "child"], name="child_once_in_family")]

    def __str__(self) -> str:
        return f"{self.child_id} · {self.family_id}"


class Schooling(models.Model):
    """School and level of a child for one school year."""

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="schoolings", verbose_name=_("enfant")
    )
    school_year = models.ForeignKey(
        "town.SchoolYear", on_delete=models.PROTECT, related_name="+", verbose_name=_("année scolaire")
    )
    site = models.ForeignKey("town.Site", on_delete=models.PROTECT, related_name="+", verbose_name=_("école"))
    level = models.CharField(_("niveau"), max_length=20)

    class Meta:
        verbose_name = _("scolarité")
        verbose_name_plural = _("scolarités")
        constraints = [models.UniqueConstraint(fields=["child", "school_year"], name="one_school_a_year")]

    def __str__(self) -> str:
        return f"{self.site} · {self.level}"


class Contact(RandomId):
    """Somebody to call for a child, for one family: a grandparent, a neighbour…"""

    family = models.ForeignKey(
        Family, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("famille")
    )
    name = models.CharField(_("nom"), max_length=200)
    relation = models.CharField(_("lien"), max_length=100, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20)
    may_pick_up = models.BooleanField(_("peut venir chercher l’enfant"), default=False)
    priority = models.PositiveSmallIntegerField(_("ordre d’appel"), default=1)

    class Meta:
        verbose_name = _("personne à prévenir")
        verbose_name_plural = _("personnes à prévenir")
        ordering = ("priority", "pk")

    def __str__(self) -> str:
        return self.name


class Quotient(models.Model):
    """A family quotient, kept for ever: a new value is a new row. In cents of euro a month."""

    class Kind(models.TextChoices):
        CAF = "caf", "CAF"
        MSA = "msa", "MSA"
        MUNICIPAL = "municipal", _("municipal")

    family = models.ForeignKey(
        Family, on_delete=models.CASCADE, related_name="quotients", verbose_name=_("famille")
    )
    value_cents = models.PositiveIntegerField(_("valeur (centimes)"))
    kind = models.CharField(_("sorte"), max_length=10, choices=Kind, default=Kind.CAF)
    month = models.DateField(_("mois du quotient"), help_text=_("Premier jour du mois."))
    valid_from = models.DateField(_("compte à partir du"))

    class Meta:
        verbose_name = _("quotient familial")
        verbose_name_plural = _("quotients familiaux")
        ordering = ("-valid_from", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["family", "valid_from"], name="one_quotient_a_day"),
            models.CheckConstraint(condition=Q(month__day=1), name="quotient_month_is_first_day"),
            models.CheckConstraint(condition=Q(month__lte=F("valid_from")), name="quotient_not_before_month"),
        ]

    def __str__(self) -> str:
        return f"{self.value_cents / 100:.2f} ({self.month:%m/%Y})"


class BillingTouch(models.Model):
    """Some fact of this child and month changed since it was last billed (design §3).

    Whoever changes a fact writes it in the same transaction, through `services.touch_billing`. `rev` changes at each
    touch: billing clears the row at issue only if `rev` is still the one that it read.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    period = models.DateField(help_text=_("Premier jour du mois."))
    rev = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = _("fait à refacturer")
        verbose_name_plural = _("faits à refacturer")
        constraints = [
            models.UniqueConstraint(fields=["child", "period"], name="one_touch_a_child_and_month"),
            models.CheckConstraint(condition=Q(period__day=1), name="touch_period_is_first_day"),
        ]

    def __str__(self) -> str:
        period: date = self.period
        return f"{self.child_id} · {period:%Y-%m}"
