"""Invoices and credit notes: written once, numbered without a gap."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.contracts.money import Money
from core.kernel.models import RandomId
from core.pricing.explain import month as of_month


class Invoice(RandomId):
    """What a payer owes to a régie for a month, or is owed back (credit note, negative total).

    The debtor is a snapshot. `balance_before_cents` is what the payer owed this régie before it (negative: a credit).
    `settled_cents` is the part that payments and credits have covered, with the sign of the total: the only column that
    the database lets change (migration 0002).
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("facture")
        CREDIT_NOTE = "credit_note", _("avoir")

    kind = models.CharField(_("nature"), max_length=12, choices=Kind)
    regie = models.ForeignKey(
        "facturation.Regie", on_delete=models.PROTECT, related_name="+", verbose_name=_("régie")
    )
    year = models.PositiveSmallIntegerField(_("année"))
    number = models.PositiveIntegerField(_("numéro"))
    reference = models.CharField(_("référence"), max_length=40, unique=True)
    run = models.ForeignKey(
        "facturation.Run",
        on_delete=models.PROTECT,
        null=True,
        related_name="invoices",
        verbose_name=_("calcul"),
    )
    payer = models.ForeignKey(
        "families.Guardian", on_delete=models.PROTECT, related_name="+", verbose_name=_("payeur")
    )
    family = models.ForeignKey(
        "families.Family", on_delete=models.PROTECT, related_name="+", verbose_name=_("famille")
    )
    debtor_name = models.CharField(_("débiteur"), max_length=250)
    debtor_address = models.TextField(_("adresse du débiteur"), blank=True)
    period = models.DateField(_("mois"))
    issued_on = models.DateField(_("date de facture"))
    due_on = models.DateField(_("à payer avant le"))
    total_cents = models.BigIntegerField(_("total (centimes)"))
    balance_before_cents = models.BigIntegerField(_("solde antérieur (centimes)"), default=0)
    settled_cents = models.BigIntegerField(_("réglé (centimes)"), default=0)

    class Meta:
        verbose_name = _("facture")
        verbose_name_plural = _("factures")
        ordering = ("-issued_on", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["regie", "year", "kind", "number"], name="facturation_number_once"
            ),
            models.UniqueConstraint(fields=["run", "payer", "regie"], name="facturation_one_invoice_a_run"),
            models.CheckConstraint(
                condition=Q(
                    kind="invoice",
                    total_cents__gt=0,
                    settled_cents__gte=0,
                    settled_cents__lte=F("total_cents"),
                )
                | Q(
                    kind="credit_note",
                    total_cents__lt=0,
                    settled_cents__lte=0,
                    settled_cents__gte=F("total_cents"),
                ),
                name="facturation_settled_within_total",
            ),
            models.CheckConstraint(condition=Q(period__day=1), name="facturation_invoice_first_day"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("issued_on")), name="facturation_due_after_issue"
            ),
        ]
        indexes = [models.Index(fields=["family", "-issued_on"], name="facturation_of_family")]

    def __str__(self) -> str:
        return self.reference

    @property
    def title(self) -> str:
        """« Facture d’octobre 2026 »."""
        month = of_month(self.period)
        return (_("Avoir %s") if self.is_credit else _("Facture %s")) % month

    @property
    def total(self) -> Money:
        return Money(self.total_cents)

    @property
    def is_credit(self) -> bool:
        return self.kind == self.Kind.CREDIT_NOTE

    @property
    def due_cents(self) -> int:
        """What is left: to pay for an invoice, to use for a credit note (negative)."""
        return self.total_cents - self.settled_cents

    @property
    def due(self) -> Money:
        return Money(self.due_cents)
