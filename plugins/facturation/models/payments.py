"""Payments, what they pay, and their receipts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.contracts.money import Money
from core.kernel.models import RandomId


class Payment(RandomId):
    """One attempt to pay on line. Its state is the provider's own word, never the browser's.

    *Paid* is final; any other state may still become paid if the provider says so later. `credit_cents` is the part
    that no invoice could take (paid otherwise meanwhile) and that no allocation has used yet. `alert` is for agents.
    """

    class State(models.TextChoices):
        CREATED = "created", _("préparé")
        PENDING = "pending", _("en cours")
        PAID = "paid", _("payé")
        REFUSED = "refused", _("refusé")
        ABANDONED = "abandoned", _("abandonné")
        EXPIRED = "expired", _("expiré")

    OPEN = (State.CREATED, State.PENDING)

    provider = models.CharField(_("moyen"), max_length=40)
    transaction = models.CharField(_("identifiant du prestataire"), max_length=100, null=True)
    reference = models.CharField(_("référence"), max_length=30, unique=True)
    regie = models.ForeignKey(
        "facturation.Regie", on_delete=models.PROTECT, related_name="+", verbose_name=_("régie")
    )
    payer = models.ForeignKey(
        "families.Guardian", on_delete=models.PROTECT, related_name="+", verbose_name=_("payeur")
    )
    family = models.ForeignKey(
        "families.Family", on_delete=models.PROTECT, related_name="+", verbose_name=_("famille")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("compte"),
    )
    amount_cents = models.PositiveBigIntegerField(_("montant (centimes)"))
    credit_cents = models.PositiveBigIntegerField(_("avoir (centimes)"), default=0)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.CREATED)
    redirect_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(_("commencé le"))
    checked_at = models.DateTimeField(_("vérifié le"), null=True)
    settled_at = models.DateTimeField(_("payé le"), null=True)
    alert = models.CharField(_("à vérifier"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("paiement")
        verbose_name_plural = _("paiements")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(fields=["provider", "transaction"], name="facturation_transaction_once"),
            models.CheckConstraint(
                condition=Q(state__in=("created", "pending", "paid", "refused", "abandoned", "expired")),
                name="facturation_payment_state",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", settled_at__isnull=False)
                | (~Q(state="paid") & Q(settled_at__isnull=True, credit_cents=0)),
                name="facturation_paid_is_settled",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0, credit_cents__lte=F("amount_cents")),
                name="facturation_payment_amounts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=("created", "pending")),
                name="facturation_open_payments",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents)


class PaymentItem(models.Model):
    """What a payment is meant to pay, as it was when it started."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="items")
    invoice = models.ForeignKey("facturation.Invoice", on_delete=models.PROTECT, related_name="+")
    amount_cents = models.PositiveBigIntegerField(_("montant (centimes)"))

    class Meta:
        verbose_name = _("facture d’un paiement")
        verbose_name_plural = _("factures d’un paiement")
        constraints = [
            models.UniqueConstraint(fields=["payment", "invoice"], name="facturation_item_once"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="facturation_item_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.amount_cents}"


class Allocation(models.Model):
    """Part of an invoice covered by a payment or by a credit note. Together they make `Invoice.settled_cents`."""

    invoice = models.ForeignKey("facturation.Invoice", on_delete=models.PROTECT, related_name="allocations")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="allocations")
    credit_note = models.ForeignKey(
        "facturation.Invoice", on_delete=models.PROTECT, null=True, related_name="used_by"
    )
    amount_cents = models.PositiveBigIntegerField(_("montant (centimes)"))
    day = models.DateField(_("date"))

    class Meta:
        verbose_name = _("imputation d’un règlement")
        verbose_name_plural = _("imputations des règlements")
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="facturation_allocation_amount"),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, credit_note__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=False),
                name="facturation_allocation_origin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.amount_cents}"


class Receipt(RandomId):
    """The régie's own proof of a payment, numbered without a gap."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="receipt")
    regie = models.ForeignKey("facturation.Regie", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("année"))
    number = models.PositiveIntegerField(_("numéro"))
    reference = models.CharField(_("référence"), max_length=40, unique=True)
    issued_on = models.DateField(_("date"))

    class Meta:
        verbose_name = _("reçu")
        verbose_name_plural = _("reçus")
        ordering = ("-issued_on", "-number")
        constraints = [
            models.UniqueConstraint(fields=["regie", "year", "number"], name="facturation_receipt_once")
        ]

    def __str__(self) -> str:
        return self.reference
