"""« Question sur une facture »: what a parent asks about one, what agents see beside it, what the answer is.

An answer moves no amount: what is billed wrongly is corrected by an agent where the fact stands (a booking, a payer),
and the next run makes the difference.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.pages import Panel
from core.contracts.requests import Acceptance, RequestKind, RequestRef, Section
from core.kernel import clock
from plugins.facturation.models import Invoice
from plugins.facturation.selectors import invoices

CODE = "facturation.question"
DELAY_DAYS = 15


class Subject(TextChoices):
    """What is wrong, or not understood. The values are those of the API."""

    DAY = "jour", gettext_lazy("Un jour facturé par erreur")
    PRICE = "prix", gettext_lazy("Un prix, un quotient, un tarif")
    PAYER = "payeur", gettext_lazy("Le nom, l’adresse ou la part de chacun")
    PAYMENT = "paiement", gettext_lazy("Un paiement déjà fait")
    OTHER = "autre", gettext_lazy("Autre chose")


def title_of(invoice: Invoice, subject: str) -> str:
    """« Facture d’octobre 2026 : un jour facturé par erreur »."""
    label = str(Subject(subject).label)
    return f"{invoice.title} : {label[0].lower()}{label[1:]}"


def _sections(data: Mapping[str, Any]) -> list[Section]:
    facts = (
        (_("Document"), data["reference"]),
        (_("À propos de"), str(Subject(data["subject"]).label)),
        (_("Message"), data["text"]),
    )
    return [Section("question", _("Votre question"), facts)]


def _decision(request: RequestRef, posted: Mapping[str, Any] | None) -> Any:
    from plugins.facturation.forms import AnswerForm  # forms are read when an agent looks

    return AnswerForm(posted)


def _panel(request: RequestRef) -> Panel | None:
    """The document that the question is about. Two statements."""
    invoice = Invoice.objects.select_related("regie").filter(pk=request.data["invoice"]).first()
    if invoice is None:
        return None
    return Panel(
        title=_("Le document"),
        template="facturation/agents/question_panel.html",
        context={
            "invoice": invoice,
            "standing": invoices.standing(invoice, clock.today()),
            "settlements": invoices.settlements(invoice),
        },
    )


def _accept(acceptance: Acceptance) -> str:
    answer: str = acceptance.choices["answer"]
    return answer


KIND = RequestKind(
    code=CODE,
    label=gettext_lazy("Question sur une facture"),  # type: ignore[arg-type]
    service="enfance",
    delay_days=DELAY_DAYS,
    permission="facturation.view_invoice",
    sections=_sections,
    accept=_accept,
    decision=_decision,
    panel=_panel,
    personal=True,
)
