"""Somebody whom a guardian lets act for some children, for some things, until a date."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.families.models.people import Acts, Child, Guardian, Person
from core.kernel.models import RandomId


class Mandate(RandomId, Acts):
    """Proposed with a link that is shown once; active once somebody accepts it with an account of his or her own.

    Its life is
    `core.families.mandates.MACHINE`. `secret` is the digest of the link. Past `valid_to` it gives
    nothing any more, even before it is marked expired.
    """

    class Relation(models.TextChoices):
        GRANDPARENT = "grandparent", _("grand-parent")
        FAMILY = "family", _("autre membre de la famille")
        CARER = "carer", _("personne qui garde l’enfant")
        SOCIAL_WORKER = "social_worker", _("travailleur social")
        OTHER = "other", _("autre personne")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("en attente")
        ACTIVE = "active", _("en cours")
        REVOKED = "revoked", _("retirée")
        EXPIRED = "expired", _("terminée")

    guardian = models.ForeignKey(
        Guardian, on_delete=models.PROTECT, related_name="mandates", verbose_name=_("au nom de")
    )
    name = models.CharField(_("personne"), max_length=200)
    relation = models.CharField(_("lien"), max_length=15, choices=Relation)
    delegate = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name=_("personne déléguée"),
    )
    children = models.ManyToManyField(Child, through="MandateChild", related_name="mandates")
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.PROPOSED)
    valid_to = models.DateField(_("jusqu’au"))
    secret = models.CharField(max_length=64, blank=True, editable=False)
    secret_expires_at = models.DateTimeField(editable=False)
    proposed_at = models.DateTimeField(_("proposée le"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("terminée par"),
    )

    class Meta:
        verbose_name = _("délégation")
        verbose_name_plural = _("délégations")
        ordering = ("-proposed_at",)
        constraints = [
            models.UniqueConstraint(fields=["secret"], condition=~Q(secret=""), name="mandate_secret_once"),
            models.CheckConstraint(
                condition=Q(
                    state="proposed", delegate__isnull=True, accepted_at__isnull=True, ended_at__isnull=True
                )
                | Q(
                    state="active",
                    delegate__isnull=False,
                    accepted_at__isnull=False,
                    ended_at__isnull=True,
                    secret="",
                )
                | Q(state__in=("revoked", "expired"), ended_at__isnull=False, secret=""),
                name="mandate_state",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("proposed_at")),
                name="mandate_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.state}"


class MandateChild(models.Model):
    """A child that a mandate is about."""

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="child_links")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="mandate_links")

    class Meta:
        verbose_name = _("enfant d’une délégation")
        verbose_name_plural = _("enfants d’une délégation")
        constraints = [models.UniqueConstraint(fields=["mandate", "child"], name="mandate_child_once")]

    def __str__(self) -> str:
        return f"{self.mandate_id} · {self.child_id}"
