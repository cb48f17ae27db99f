"""Régies: who collects what, under which number."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class Regie(RandomId):
    """An imprest revenue desk, as its deed says: what it bills in its own name, and the words of its invoices."""

    code = models.SlugField(
        _("code"), max_length=12, unique=True, help_text=_("Il commence les numéros de facture.")
    )
    name = models.CharField(_("nom"), max_length=200)
    issuer = models.TextField(
        _("émetteur"), help_text=_("Nom et adresse de la commune, tels qu’ils sont imprimés.")
    )
    due_days = models.PositiveSmallIntegerField(_("jours pour payer"), default=20)
    payment_means = models.TextField(_("moyens de paiement"), blank=True)
    contact = models.TextField(_("contact pour une réclamation"), blank=True)
    unpaid_notice = models.TextField(_("ce qui arrive si la facture n’est pas payée"), blank=True)
    vat_notice = models.CharField(_("mention de TVA"), max_length=200, blank=True)
    correction_alert_cents = models.PositiveIntegerField(
        _("seuil d’alerte des corrections (centimes)"),
        default=50_000,
        help_text=_("Au-delà, l’émission d’un calcul qui corrige des mois passés demande une confirmation."),
    )

    class Meta:
        verbose_name = _("régie")
        verbose_name_plural = _("régies")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class ProductMapping(RandomId):
    """Where a product of the tariffs is billed: its régie, its accounting code, whether CESU may pay for it."""

    product = models.CharField(_("produit"), max_length=100, unique=True)
    label = models.CharField(_("libellé"), max_length=200)
    regie = models.ForeignKey(
        Regie, on_delete=models.PROTECT, related_name="products", verbose_name=_("régie")
    )
    accounting_code = models.CharField(_("imputation comptable"), max_length=20, blank=True)
    cesu = models.BooleanField(_("payable en CESU"), default=False)

    class Meta:
        verbose_name = _("produit facturé")
        verbose_name_plural = _("produits facturés")
        ordering = ("product",)

    def __str__(self) -> str:
        return self.label


class NumberSequence(models.Model):
    """The last number given in a series of a régie and a year. Its row is locked until the document is written."""

    class Series(models.TextChoices):
        INVOICE = "invoice", _("factures")
        CREDIT_NOTE = "credit_note", _("avoirs")
        RECEIPT = "receipt", _("reçus")

    regie = models.ForeignKey(Regie, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("année"))
    series = models.CharField(_("série"), max_length=12, choices=Series)
    last = models.PositiveIntegerField(_("dernier numéro"), default=0)

    class Meta:
        verbose_name = _("série de numéros")
        verbose_name_plural = _("séries de numéros")
        constraints = [
            models.UniqueConstraint(fields=["regie", "year", "series"], name="facturation_one_sequence"),
            models.CheckConstraint(
                condition=Q(series__in=("invoice", "credit_note", "receipt")),
                name="facturation_sequence_series",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regie_id} {self.year} {self.series}: {self.last}"
