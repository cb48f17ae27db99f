"""Lists of agents: invoices and credit notes, and what is left to pay."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, F, Min, QuerySet, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.forms import MonthField
from core.backoffice.reports import Report
from core.backoffice.tables import Column
from core.contracts.money import Money
from core.kernel import clock
from core.ui.formats import euros
from core.ui.formats import month as month_words
from plugins.facturation.models import Invoice, Regie
from plugins.facturation.selectors import invoices as reads

Facts = list[tuple[str | Promise, str | Promise]]


def _address(row: Invoice) -> str:
    return reverse("facturation:agent_invoice", args=[row.pk])


class InvoiceFilters(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Débiteur ou numéro"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    etat = forms.ChoiceField(
        label=gettext_lazy("État"),
        required=False,
        choices=[
            ("", gettext_lazy("tous")),
            ("a-payer", gettext_lazy("à payer")),
            ("payees", gettext_lazy("payées")),
            ("avoirs", gettext_lazy("avoirs")),
        ],
    )
    mois = MonthField(label=gettext_lazy("Mois"), required=False)


class Invoices(Report):
    """Invoices and credit notes, the last first."""

    permission = "facturation.view_invoice"
    title = gettext_lazy("Factures")
    icon = "doc-full"
    filters = InvoiceFilters
    empty = gettext_lazy("Aucune facture ne répond à ces critères.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        today = clock.today()
        self.columns = (
            Column(gettext_lazy("Numéro"), lambda row: row.reference, url=_address),
            Column(gettext_lazy("Débiteur"), lambda row: row.debtor_name),
            Column(gettext_lazy("Mois"), lambda row: month_words(row.period)),
            Column(gettext_lazy("Date"), lambda row: row.issued_on),
            Column(gettext_lazy("Échéance"), lambda row: None if row.is_credit else row.due_on),
            Column(
                gettext_lazy("État"),
                lambda row: reads.standing(row, today).word,
                tone=lambda row: reads.standing(row, today).tone,
            ),
            Column(gettext_lazy("Total"), lambda row: row.total, number=True),
            Column(gettext_lazy("Reste"), lambda row: row.due, number=True),
        )

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[Invoice]:
        return reads.search(
            asked["q"] or "", asked["etat"] or "", asked["mois"], among=reads.invoices_for(self.request.user)
        )

    def facts(self, rows: QuerySet[Any]) -> Facts:
        sums = rows.order_by().aggregate(
            n=Count("pk"), total=Sum("total_cents"), due=Sum(F("total_cents") - F("settled_cents"))
        )
        return [
            (_("Documents"), str(sums["n"])),
            (_("Total"), euros(sums["total"] or 0)),
            (_("Reste à payer"), euros(sums["due"] or 0)),
        ]


class UnpaidFilters(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Débiteur ou numéro"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    regie = forms.ModelChoiceField(
        Regie.objects.none(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Régie"),
        empty_label=gettext_lazy("toutes"),
    )
    echeance = forms.ChoiceField(
        label=gettext_lazy("Échéance"),
        required=False,
        initial="passee",
        choices=[
            ("passee", gettext_lazy("passée")),
            ("30", gettext_lazy("passée depuis plus de 30 jours")),
            ("toutes", gettext_lazy("passée ou à venir")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regie"].queryset = Regie.objects.all()  # type: ignore[attr-defined]


class Unpaid(Report):
    """What is left to pay, the oldest due date first."""

    permission = "facturation.view_invoice"
    title = gettext_lazy("Restes à payer")
    icon = "warning"
    filters = UnpaidFilters
    empty = gettext_lazy("Rien n’est dû dans ces conditions.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        today = clock.today()
        self.columns = (
            Column(gettext_lazy("Débiteur"), lambda row: row.debtor_name),
            Column(gettext_lazy("Facture"), lambda row: row.reference, url=_address),
            Column(gettext_lazy("Mois"), lambda row: month_words(row.period)),
            Column(gettext_lazy("Échéance"), lambda row: row.due_on),
            Column(gettext_lazy("Jours de retard"), lambda row: late(row.due_on, today), number=True),
            Column(gettext_lazy("Total"), lambda row: row.total, number=True),
            Column(gettext_lazy("Réglé"), lambda row: Money(row.settled_cents), number=True),
            Column(gettext_lazy("Reste"), lambda row: row.due, number=True),
        )

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[Invoice]:
        return reads.unpaid(
            among=reads.invoices_for(self.request.user),
            today=clock.today(),
            text=asked["q"] or "",
            regie=asked["regie"],
            days_late={"toutes": None, "30": 30}.get(asked["echeance"], 0),
        )

    def facts(self, rows: QuerySet[Any]) -> Facts:
        found = rows.order_by().aggregate(
            due=Sum(F("total_cents") - F("settled_cents")),
            n=Count("pk"),
            families=Count("family", distinct=True),
            oldest=Min("due_on"),
        )
        return [
            (_("Reste à payer"), euros(found["due"] or 0)),
            (_("Factures"), str(found["n"])),
            (_("Familles"), str(found["families"])),
            (_("Plus ancienne échéance"), f"{found['oldest']:%d/%m/%Y}" if found["oldest"] else "—"),
        ]


def late(due_on: date, today: date) -> int:
    """Days past the due date; 0 when it is to come."""
    return max(0, (today - due_on).days)
