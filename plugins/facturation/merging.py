"""What becomes of invoices and payments when two records of one family are merged: nothing is rewritten.

An invoice names its debtor for ever, and the books are append-only: they stay under the absorbed identifiers, which the
context of the kept family names. Money that is moving at that moment forbids the merge.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.contracts.family import FamilyMerge, MergeEffect
from plugins.facturation.models import Invoice, Payment, Receipt, Run


def effects(merge: FamilyMerge) -> Iterator[MergeEffect]:
    invoices = Invoice.objects.filter(family=merge.absorbed)
    receipts = Receipt.objects.filter(payment__family=merge.absorbed)
    yield MergeEffect(_("Factures et avoirs restent à leur nom, lus par la famille gardée"), invoices.count())
    yield MergeEffect(_("Reçus restent à leur nom, lus par la famille gardée"), receipts.count())
    moving = Payment.objects.filter(family=merge.absorbed, state__in=Payment.OPEN).count()
    if moving:
        yield MergeEffect(
            _("Un paiement de la famille est en cours : attendez sa fin"), moving, obstacle=True
        )
    running = Run.objects.filter(state__in=Run.OPEN).count()
    if running:
        yield MergeEffect(
            _("Un calcul de factures n’est pas terminé : émettez-le ou annulez-le d’abord"),
            running,
            obstacle=True,
        )
