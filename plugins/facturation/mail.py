"""The message that an invoice is ready: the amount and the day, never what was eaten nor by whom."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.notifications import Choice, Topic, Variable
from core.kernel.addresses import absolute
from core.notifications.models import Message
from core.notifications.services import notify
from core.ui.formats import MONTHS, NBSP, euros
from plugins.facturation.models import Invoice

INVOICE_READY = Topic(
    code="facturation.facture",
    label=gettext_lazy("Vos factures sont prêtes"),  # type: ignore[arg-type]
    template="facturation/mail/invoice",
    choice=Choice.OPTIONAL,
    by_sms=True,
    variables=(
        Variable(
            name="annonce",
            label=gettext_lazy("La facture, le montant et le dernier jour, en une phrase"),  # type: ignore[arg-type]
            example="Votre facture de novembre est prête : 42,30 € à payer avant le 20 décembre.",
            source="words.answer",
        ),
        Variable(
            name="objet",
            label=gettext_lazy("La même chose, en objet"),  # type: ignore[arg-type]
            example="Votre facture de novembre : 42,30 € à payer avant le 20 décembre",
            source="words.subject",
        ),
        Variable(
            name="numero",
            label=gettext_lazy("Numéro de la facture"),  # type: ignore[arg-type]
            example="2026-000128",
            source="invoice.reference",
        ),
        Variable(
            name="total",
            label=gettext_lazy("Total de la facture"),  # type: ignore[arg-type]
            example="42,30 €",
            source="invoice.total",
        ),
        Variable(
            name="moyens",
            label=gettext_lazy("Comment payer"),  # type: ignore[arg-type]
            example="En ligne, par carte bancaire.",
            source="invoice.regie.payment_means",
        ),
        Variable(
            name="contact",
            label=gettext_lazy("Qui appeler"),  # type: ignore[arg-type]
            example="Régie, 05 57 80 81 50",
            source="invoice.regie.contact",
        ),
        Variable(
            name="signature",
            label=gettext_lazy("Qui envoie la facture"),  # type: ignore[arg-type]
            example="Régie de Bassens",
            source="invoice.regie.issuer",
        ),
    ),
)


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


def announce(*, invoice_id: UUID) -> Message | None:
    """Write to the payer of an invoice, once however often it is called. A credit note is not announced: None."""
    invoice = (
        Invoice.objects.select_related("payer__person__user", "regie")
        .filter(pk=invoice_id, kind=Invoice.Kind.INVOICE)
        .first()
    )
    if invoice is None:
        return None
    said = words(
        period=invoice.period,
        total_cents=invoice.total_cents,
        due_cents=invoice.due_cents,
        due_on=invoice.due_on,
    )
    url = absolute(reverse("facturation:invoice", args=[invoice.pk]))
    return notify(
        to=invoice.payer.person,
        topic=INVOICE_READY.code,
        context={"words": said, "invoice": invoice, "url": url, "button": said.button},
        key=f"facture-{invoice.pk}",
    )
