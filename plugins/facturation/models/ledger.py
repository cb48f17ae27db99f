"""The ledger: append-only double entries. The database refuses to change or delete them (migration 0002)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class Account(models.TextChoices):
    """Debited when it grows: receivable, clearing. Credited when it grows: revenue."""

    RECEIVABLE = "receivable", _("créance sur la famille")
    REVENUE = "revenue", _("produit de la régie")
    CLEARING = "clearing", _("encaissement en attente")


class LedgerTransaction(RandomId):
    """One event that moves money. Its entries add up to zero. An invoice and a payment have one each, never two."""

    class Kind(models.TextChoices):
        BILLING = "billing", _("facturation")
        PAYMENT = "payment", _("paiement")

    kind = models.CharField(_("nature"), max_length=10, choices=Kind)
    day = models.DateField(_("date"))
    posted_at = models.DateTimeField(_("enregistré le"))
    regie = models.ForeignKey("facturation.Regie", on_delete=models.PROTECT, related_name="+")
    invoice = models.OneToOneField(
        "facturation.Invoice", on_delete=models.PROTECT, null=True, related_name="ledger_transaction"
    )
    payment = models.OneToOneField(
        "facturation.Payment", on_delete=models.PROTECT, null=True, related_name="ledger_transaction"
    )

    class Meta:
        verbose_name = _("écriture")
        verbose_name_plural = _("écritures")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="billing", payment__isnull=True)
                | Q(kind="payment", payment__isnull=False, invoice__isnull=True),
                name="facturation_transaction_origin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class LedgerEntry(models.Model):
    """One side of a transaction. `code` is the accounting code of a product, or the provider of a payment."""

    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(_("compte"), max_length=12, choices=Account)
    code = models.CharField(_("imputation"), max_length=50, blank=True)
    product = models.CharField(_("produit"), max_length=100, blank=True)
    payer = models.ForeignKey(
        "families.Guardian", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    family = models.ForeignKey(
        "families.Family", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    debit_cents = models.BigIntegerField(_("débit (centimes)"), default=0)
    credit_cents = models.BigIntegerField(_("crédit (centimes)"), default=0)

    class Meta:
        verbose_name = _("mouvement")
        verbose_name_plural = _("mouvements")
        constraints = [
            models.CheckConstraint(
                condition=Q(debit_cents__gt=0, credit_cents=0) | Q(debit_cents=0, credit_cents__gt=0),
                name="facturation_debit_xor_credit",
            ),
            models.CheckConstraint(
                condition=Q(account="receivable", payer__isnull=False, family__isnull=False)
                | Q(account__in=("revenue", "clearing"), payer__isnull=True, family__isnull=True),
                name="facturation_entry_owner",
            ),
        ]
        indexes = [
            models.Index(
                fields=["family"], condition=Q(account="receivable"), name="facturation_receivables"
            ),
            models.Index(
                fields=["payer"], condition=Q(account="receivable"), name="facturation_payer_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.debit_cents - self.credit_cents}"
