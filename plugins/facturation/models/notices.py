"""What was told to payers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InvoiceNotice(models.Model):
    """The message that told a payer about an invoice. One row a message: an invoice is not announced twice."""

    invoice = models.OneToOneField(
        "facturation.Invoice",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notice",
        verbose_name=_("facture"),
    )
    sent_at = models.DateTimeField(_("envoyé le"))

    class Meta:
        verbose_name = _("avis de facture")
        verbose_name_plural = _("avis de factures")

    def __str__(self) -> str:
        return str(self.invoice_id)
