"""What facturation keeps: régies, runs and billed facts, invoices, the ledger, payments."""

from plugins.facturation.models.billing import BilledHead, BilledLine, Run, RunTouch
from plugins.facturation.models.invoices import Invoice
from plugins.facturation.models.ledger import LedgerEntry, LedgerTransaction
from plugins.facturation.models.payments import Allocation, Payment, PaymentItem, Receipt
from plugins.facturation.models.regies import NumberSequence, ProductMapping, Regie
from plugins.facturation.models.sandbox import SandboxTransaction

__all__ = [
    "Allocation",
    "BilledHead",
    "BilledLine",
    "Invoice",
    "LedgerEntry",
    "LedgerTransaction",
    "NumberSequence",
    "Payment",
    "PaymentItem",
    "ProductMapping",
    "Receipt",
    "Regie",
    "Run",
    "RunTouch",
    "SandboxTransaction",
]
