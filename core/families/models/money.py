"""Quotients, and what is to be billed again."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.families.models.people import Child, Family

if TYPE_CHECKING:
    from datetime import date


class Quotient(models.Model):
    """A family quotient, kept for ever: a new value is a new row. In cents of euro a month.

    `proof` tells what was seen; a paper is checked, not kept (domain §1.4). Which one counts on a day is
    `core.families.quotients.quotient_on`.
    """

    class Kind(models.TextChoices):
        CAF = "caf", "CAF"
        MSA = "msa", "MSA"
        MUNICIPAL = "municipal", _("municipal")

    class Proof(models.TextChoices):
        DECLARED = "declared", _("déclaré, sans justificatif")
        CERTIFICATE = "certificate", _("attestation de la CAF ou de la MSA")
        TAX_NOTICE = "tax_notice", _("avis d’impôt")
        ONLINE = "online", _("demandé à la CAF ou à la MSA")

    family = models.ForeignKey(
        Family, on_delete=models.CASCADE, related_name="quotients", verbose_name=_("famille")
    )
    value_cents = models.PositiveIntegerField(_("valeur (centimes)"))
    kind = models.CharField(_("sorte"), max_length=10, choices=Kind, default=Kind.CAF)
    month = models.DateField(_("mois du quotient"), help_text=_("Premier jour du mois."))
    valid_from = models.DateField(_("compte à partir du"))
    proof = models.CharField(_("preuve"), max_length=12, choices=Proof, default=Proof.CERTIFICATE)

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
