"""The message that an invoice is ready: the amount and the day, never what was eaten nor by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from urllib.parse import urlsplit
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core.families.models import Guardian
from core.kernel.addresses import absolute
from core.ui.formats import MONTHS, NBSP, euros
from core.ui.theme import tokens
from plugins.facturation.models import Invoice, InvoiceNotice


@dataclass(frozen=True, slots=True)
class Words:
    """The subject, the first line and the button: the same fact, said once for each reader."""

    subject: str
    answer: str
    button: str


def words(*, period: date, total_cents: int, due_cents: int, due_on: date) -> Words:
    """What is said of an invoice, in French; `due_cents` is 0 when credits have covered all of it. Pure."""
    name = MONTHS[period.month - 1]
    invoice = (_("facture d’%s") if name[0] in "ao" else _("facture de %s")) % name
    if not due_cents:
        amount = {"invoice": invoice, "total": euros(total_cents)}
        return Words(
            subject=_("Votre %(invoice)s : %(total)s, rien à payer") % amount,
            answer=_(
                "Votre %(invoice)s s’élève à %(total)s. Vos avoirs la couvrent : vous n’avez rien à payer."
            )
            % amount,
            button=_("Voir ma facture"),
        )
    day = f"{'1er' if due_on.day == 1 else due_on.day}{NBSP}{MONTHS[due_on.month - 1]}"
    fact = {"invoice": invoice, "due": euros(due_cents), "day": day}
    return Words(
        subject=_("Votre %(invoice)s : %(due)s à payer avant le %(day)s") % fact,
        answer=_("Votre %(invoice)s est prête : %(due)s à payer avant le %(day)s.") % fact,
        button=_("Voir et payer ma facture"),
    )


@transaction.atomic
def announce(*, invoice_id: UUID, now: datetime) -> bool:
    """Write to the payer of an invoice. Returns whether a message left; again, for one already announced, does nothing.

    Without an address, or for a credit note, nothing leaves. When the mail server refuses, that is raised and no mark
    is left.
    """
    invoice = (
        Invoice.objects.select_related("payer__person__user", "regie")
        .filter(pk=invoice_id, kind=Invoice.Kind.INVOICE)
        .first()
    )
    if invoice is None or not (address := address_of(invoice.payer)):
        return False
    _notice, first = InvoiceNotice.objects.get_or_create(invoice=invoice, defaults={"sent_at": now})
    if not first:
        return False
    message(invoice, address).send()
    return True


def address_of(payer: Guardian) -> str:
    """The address that the person gave, else that of the account."""
    person = payer.person
    return person.email or (person.user.email if person.user else "")


def message(invoice: Invoice, address: str) -> EmailMultiAlternatives:
    """Text and HTML say the same. The identifier is that of the invoice: sent twice, it is the same message."""
    said = words(
        period=invoice.period,
        total_cents=invoice.total_cents,
        due_cents=invoice.due_cents,
        due_on=invoice.due_on,
    )
    url = absolute(reverse("facturation:invoice", args=[invoice.pk]))
    context = {
        "words": said,
        "invoice": invoice,
        "url": url,
        "light": _colours("light"),
        "dark": _colours("dark"),
    }
    sent = EmailMultiAlternatives(
        subject=said.subject,
        body=render_to_string("facturation/mail/invoice.txt", context),
        to=[address],
        headers={"Message-ID": f"<facture-{invoice.pk}@{urlsplit(url).hostname}>"},
    )
    sent.attach_alternative(render_to_string("facturation/mail/invoice.html", context), "text/html")
    return sent


@cache
def _colours(mode: str) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in tokens(mode).items()}
