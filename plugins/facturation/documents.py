"""Invoices and receipts as PDF (tagged Typst, PDF/A + PDF/UA). They say what was issued, whatever came after."""

from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.utils.translation import gettext as _

from core.ui.formats import day, euros, month
from core.ui.pdf import render_pdf
from plugins.facturation.models import Invoice, Receipt
from plugins.facturation.selectors.payments import paid_invoices
from plugins.facturation.selectors.statement import Section, statement
from plugins.facturation.services.issuing import debtor_address, debtor_name

TYPST = Path(__file__).parent / "typst"


def invoice_pdf(invoice: Invoice, *, url: str) -> bytes:
    """The document of an invoice or credit note; `url` is its page, for the QR code. Three statements."""
    lines = statement(invoice.pk)
    reasons: list[str] = []
    regie = invoice.regie
    title = _("Avoir %s") if invoice.is_credit else _("Facture %s")
    data = {
        "commune": _letterhead(regie.issuer),
        "kind": invoice.kind,
        "reference": invoice.reference,
        "title": invoice.title,
        "period": month(invoice.period),
        "issued_on": day(invoice.issued_on, year=True),
        "due_on": day(invoice.due_on, year=True),
        "debtor": [invoice.debtor_name, *invoice.debtor_address.splitlines()],
        "total": euros(abs(invoice.total_cents)),
        "sections": [_section(section, reasons) for section in lines.sections],
        "earlier": [_section(section, reasons) for section in lines.earlier],
        "reasons": reasons,
        "balance": _balance(invoice.balance_before_cents),
        "regie": regie.name,
        "payment_means": regie.payment_means.splitlines(),
        "unpaid_notice": regie.unpaid_notice,
        "contact": regie.contact.splitlines(),
        "vat_notice": regie.vat_notice,
        "qr": _qr(url),
        "url": url,
    }
    made_at = datetime.combine(invoice.issued_on, time(12), UTC)
    return render_pdf(TYPST / "invoice.typ", data, title=title % invoice.reference, made_at=made_at)


def receipt_pdf(receipt: Receipt) -> bytes:
    """The document of a receipt. One statement."""
    payment = receipt.payment
    data = {
        "commune": _letterhead(receipt.regie.issuer),
        "reference": receipt.reference,
        "issued_on": day(receipt.issued_on, year=True),
        "payer": [debtor_name(payment.payer), *debtor_address(payment.payer).splitlines()],
        "amount": euros(payment.amount_cents),
        "payment_reference": payment.reference,
        "invoices": [[reference, euros(cents)] for reference, _pk, cents in paid_invoices(payment)],
        "credit": euros(payment.credit_cents) if payment.credit_cents else "",
        "regie": receipt.regie.name,
        "contact": receipt.regie.contact.splitlines(),
    }
    made_at = datetime.combine(receipt.issued_on, time(12), UTC)
    return render_pdf(TYPST / "receipt.typ", data, title=_("Reçu %s") % receipt.reference, made_at=made_at)


def _letterhead(issuer: str) -> dict[str, str]:
    name, _separator, address = issuer.partition("\n")
    return {"name": name, "address": ", ".join(address.splitlines())}


def _section(section: Section, reasons: list[str]) -> dict[str, Any]:
    """A child's lines; each names its reasons by their number in `reasons`, where they are added once."""
    groups = []
    for group in section.groups:
        notes = []
        for reason in group.reasons:
            words = " ".join(reason)
            if words not in reasons:
                reasons.append(words)
            notes.append(reasons.index(words) + 1)
        groups.append(
            {
                "label": _("%s (annulation)") % group.label if group.reversal else group.label,
                "site": group.site,
                "days": group.days,
                "quantity": group.counted,
                "price": euros(group.unit_cents),
                "total": euros(group.total_cents),
                "detail": ", ".join(f"{name} {euros(cents)}" for name, cents in group.detail),
                "notes": notes,
            }
        )
    return {"name": section.name, "total": euros(section.total_cents), "groups": groups}


def _balance(cents: int) -> str:
    if not cents:
        return ""
    if cents > 0:
        words = _(
            "Avant cette facture, il restait %s à payer à cette régie : ce montant n’est pas compris ici."
        )
    else:
        words = _("Avant cette facture, vous aviez un crédit de %s : il est déduit de ce qui reste à payer.")
    return words % euros(abs(cents))


def _qr(url: str) -> str:
    out = BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
