"""Persons, households, guardians, children, and whom to call."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from core.contracts.family import ALL_ACTS, Act
from core.kernel.models import RandomId

COG = r"^(\d{5}|2[AB]\d{3})$"
"""Code of a commune or of a country in the INSEE geography (`99…` abroad)."""

BENEFITS_NUMBER = r"^[0-9A-Z]{1,15}$"


class Acts(models.Model):
    """What somebody who has not the parental authority may do for a family. Seeing the days is never refused."""

    may_book = models.BooleanField(_("réserver et annuler des jours"), default=False)
    may_see_contacts = models.BooleanField(_("lire les personnes à prévenir"), default=False)
    may_see_money = models.BooleanField(_("lire les prix et les factures, payer"), default=False)
    may_see_health = models.BooleanField(_("lire les autorisations et la santé"), default=False)

    class Meta:
        abstract = True

    @property
    def acts(self) -> frozenset[Act]:
        given = {
            Act.BOOK: self.may_book,
            Act.CONTACTS: self.may_see_contacts,
            Act.MONEY: self.may_see_money,
            Act.HEALTH: self.may_see_health,
        }
        return frozenset({Act.PLANNING, *(act for act, yes in given.items() if yes)})


class Person(RandomId):
    """Somebody, child or adult. An adult who signs in has an account of his or her own.

    `last_name` is the used name, `birth_name` the other one where it differs.
    """

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
    birth_name = models.CharField(_("nom de naissance"), max_length=100, blank=True)
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    birth_place = models.CharField(_("lieu de naissance"), max_length=100, blank=True)
    birth_place_code = models.CharField(
        _("code du lieu de naissance"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(COG, _("Écrivez le code INSEE, par exemple « 33063 »."))],
        help_text=_("Code INSEE de la commune, ou du pays pour une naissance à l’étranger."),
    )
    email = models.EmailField(_("courriel"), blank=True)
    phone = PhoneNumberField(_("téléphone"), region="FR", blank=True)
    second_phone = PhoneNumberField(_("autre téléphone"), region="FR", blank=True)

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ("last_name", "first_name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_place_code="") | Q(birth_place_code__regex=COG),
                name="person_birth_place_code",
                violation_error_message=_("Écrivez le code INSEE, par exemple « 33063 »."),
            ),
            models.CheckConstraint(condition=~Q(first_name="") & ~Q(last_name=""), name="person_has_names"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Family(RandomId):
    """A household: those who live at one address and answer for its children. Its name is that of the letters sent.

    A household that was merged into another stays, empty, for what was written about it and never changes (invoices).
    """

    name = models.CharField(_("nom"), max_length=200)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("commune"), max_length=100, blank=True)
    resident = models.BooleanField(_("habite la commune"), default=True)
    reference = models.CharField(
        _("référence"),
        max_length=40,
        blank=True,
        help_text=_("Numéro du foyer dans un autre logiciel : un import le retrouve ainsi."),
    )
    children = models.ManyToManyField("Child", through="ChildInFamily", related_name="families")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="absorbed",
        verbose_name=_("réunie à"),
    )

    class Meta:
        verbose_name = _("famille")
        verbose_name_plural = _("familles")
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="family_not_merged_into_itself",
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="family_reference_once",
                violation_error_message=_("Cette référence est déjà celle d’une autre famille."),
            ),
        ]
        permissions = [("export_family", "Peut exporter la liste des familles")]

    def __str__(self) -> str:
        return self.name


class Guardian(RandomId, Acts):
    """An adult of a family who answers for its children. `payer_share` is a percentage of what the family owes.

    The acts are those of a guardian without the parental authority; with it, all of them are allowed.
    `merged_into` is the same person in the family that absorbed this one.
    """

    class Regime(models.TextChoices):
        CAF = "caf", "CAF"
        MSA = "msa", "MSA"

    family = models.ForeignKey(
        Family, on_delete=models.CASCADE, related_name="guardians", verbose_name=_("famille")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="guardianships", verbose_name=_("personne")
    )
    parental_authority = models.BooleanField(_("autorité parentale"), default=True)
    payer_share = models.PositiveSmallIntegerField(_("part payée (%)"), default=100)
    benefits_regime = models.CharField(_("régime d’allocations"), max_length=3, blank=True, choices=Regime)
    benefits_number = models.CharField(
        _("numéro d’allocataire"),
        max_length=15,
        blank=True,
        validators=[RegexValidator(BENEFITS_NUMBER, _("Écrivez des chiffres et des lettres, sans espace."))],
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=1)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="absorbed"
    )

    class Meta:
        verbose_name = _("responsable légal")
        verbose_name_plural = _("responsables légaux")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["family", "person"], name="guardian_once_in_family"),
            models.UniqueConstraint(fields=["family", "position"], name="guardian_position_once"),
            models.CheckConstraint(condition=Q(payer_share__lte=100), name="guardian_share_at_most_100"),
            models.CheckConstraint(
                condition=Q(parental_authority=True) | Q(may_see_health=False),
                name="guardian_health_needs_authority",
                violation_error_message=_(
                    "La santé et les autorisations sont réservées à qui exerce l’autorité parentale."
                ),
            ),
            models.CheckConstraint(
                condition=Q(benefits_number="")
                | (~Q(benefits_regime="") & Q(benefits_number__regex=BENEFITS_NUMBER)),
                name="guardian_benefits_number",
                violation_error_message=_("Dites si ce numéro est celui de la CAF ou de la MSA."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def allowed(self) -> frozenset[Act]:
        """What this guardian may do for the family. Who pays reads what there is to pay."""
        if self.parental_authority:
            return ALL_ACTS
        return self.acts | {Act.MONEY} if self.payer_share else self.acts


class Child(RandomId):
    """A child, whatever the number of families it lives in. `merged_into`: the same child, known twice."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="child", verbose_name=_("personne")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="absorbed"
    )

    class Meta:
        verbose_name = _("enfant")
        verbose_name_plural = _("enfants")
        ordering = ("person__birth_date", "pk")

    def __str__(self) -> str:
        return str(self.person)


class ChildInFamily(models.Model):
    """A child lives in one family, or in two: `position` is the rank of the home, to which custody rules refer."""

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="child_links")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="family_links")
    position = models.PositiveSmallIntegerField(_("foyer"), default=1)

    class Meta:
        verbose_name = _("enfant d’une famille")
        verbose_name_plural = _("enfants d’une famille")
        constraints = [
            models.UniqueConstraint(fields=["family", "child"], name="child_once_in_family"),
            models.UniqueConstraint(
                fields=["child", "position"],
                name="child_home_once",
                violation_error_message=_(
                    "Cet enfant a déjà ce foyer : un enfant vit dans deux foyers au plus."
                ),
            ),
            models.CheckConstraint(
                condition=Q(position__in=(1, 2)),
                name="child_two_homes_at_most",
                violation_error_message=_("Un enfant vit dans deux foyers au plus."),
            ),
        ]

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
    """Somebody to call, for one family: a grandparent, a neighbour… `child` restricts it to one of its children."""

    family = models.ForeignKey(
        Family, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("famille")
    )
    child = models.ForeignKey(
        Child,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("enfant"),
        help_text=_("Laissez vide pour tous les enfants de la famille."),
    )
    name = models.CharField(_("nom"), max_length=200)
    relation = models.CharField(_("lien"), max_length=100, blank=True)
    phone = PhoneNumberField(_("téléphone"), region="FR")
    may_pick_up = models.BooleanField(_("peut venir chercher l’enfant"), default=False)
    priority = models.PositiveSmallIntegerField(_("ordre d’appel"), default=1)

    class Meta:
        verbose_name = _("personne à prévenir")
        verbose_name_plural = _("personnes à prévenir")
        ordering = ("priority", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(phone=""), name="contact_can_be_called"),
        ]

    def __str__(self) -> str:
        return self.name
