"""Issuing: numbered, immutable invoices from the drafts of a run, by payer batch. A batch that is done is never redone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Abs
from django.utils.translation import gettext as _

from core.families.models import BillingTouch, Guardian
from core.kernel import state
from core.ui.formats import euros
from plugins.facturation.bulk import insert_rows
from plugins.facturation.errors import ConfirmationNeeded, RunRefused
from plugins.facturation.models import (
    BilledLine,
    Invoice,
    LedgerEntry,
    LedgerTransaction,
    Regie,
    Run,
    RunTouch,
)
from plugins.facturation.models.ledger import Account
from plugins.facturation.services import ledger, numbers
from plugins.facturation.services.credits import apply_credits
from plugins.facturation.services.sources import check_sources

PAYERS_PER_BATCH = 500

INVOICE_FIELDS = (
    "id", "kind", "regie", "year", "number", "reference", "run", "payer", "family", "debtor_name", "debtor_address",
    "period", "issued_on", "due_on", "total_cents", "balance_before_cents", "settled_cents",
)  # fmt: skip


@transaction.atomic
def start_issue(*, run_id: UUID, today: date, confirmed: bool = False) -> Run:
    """Open the issuing of a previewed run; the day of its invoices is fixed here. `issue_run` does the rest.

    Raises SourceOff, RunRefused, and ConfirmationNeeded when corrections of earlier months pass the régie's threshold.
    """
    run = Run.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.state != Run.State.PREVIEWED:
        raise RunRefused(_("Ce calcul n’attend pas d’émission."))
    with state.snapshot():
        check_sources(run.excluded_sources)
    lines = BilledLine.objects.filter(run=run)
    threshold = min(Regie.objects.values_list("correction_alert_cents", flat=True), default=0)
    moved = lines.filter(earlier=True).aggregate(total=Sum(Abs("amount_cents")))["total"] or 0
    if moved > threshold and not confirmed:
        raise ConfirmationNeeded(
            _(
                "Les corrections de mois passés remuent %(moved)s, plus que le seuil de %(threshold)s. Confirmez l’émission."
            )
            % {"moved": euros(moved), "threshold": euros(threshold)}
        )
    run.state, run.issued_on, run.error, run.payer_cursor = Run.State.ISSUING, today, "", None
    run.done, run.total = 0, lines.aggregate(n=Count("payer", distinct=True))["n"]
    run.save()
    return run


def issue_run(*, run_id: UUID, now: datetime) -> Run:
    """Issue what is left of a run, batch by batch. May be called again after a stop."""
    while _issue_next_batch(run_id, now):
        pass
    return Run.objects.get(pk=run_id)


def _issue_next_batch(run_id: UUID, now: datetime) -> bool:
    with transaction.atomic():
        run = Run.objects.select_for_update(of=("self",)).get(pk=run_id)
        if run.state != Run.State.ISSUING:
            return False
        after = Q(payer__gt=run.payer_cursor) if run.payer_cursor else Q()
        payers = list(
            BilledLine.objects.filter(after, run=run)
            .order_by("payer")
            .values_list("payer", flat=True)
            .distinct()[:PAYERS_PER_BATCH]
        )
        if payers:
            _issue(run, payers, now)
            run.payer_cursor = payers[-1]
            run.done += len(payers)
        if len(payers) < PAYERS_PER_BATCH:
            _clear_touches(run)
            run.state, run.issued_at = Run.State.ISSUED, now
        run.save(update_fields=["payer_cursor", "done", "state", "issued_at"])
        return run.state == Run.State.ISSUING


@dataclass(slots=True)
class _Account:
    """What a payer is billed by a régie in this run, by product."""

    guardian: Guardian
    regie: Regie
    products: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(cents for _product, _code, cents in self.products)

    @property
    def series(self) -> str:
        return Invoice.Kind.INVOICE if self.total > 0 else Invoice.Kind.CREDIT_NOTE


def _issue(run: Run, payers: list[UUID], now: datetime) -> None:
    day: date = run.issued_on  # type: ignore[assignment]
    accounts = _accounts(run, payers)
    billed = [account for account in accounts if account.total]
    owed = _balances(payers)
    upcoming = _numbers(billed, day.year)
    invoices, postings = [], []
    for account in accounts:
        guardian, regie, total = account.guardian, account.regie, account.total
        invoice_id = None
        if total:
            invoice_id, kind = uuid4(), account.series
            number = next(upcoming[regie.pk, kind])
            reference = numbers.reference(code=regie.code, year=day.year, series=kind, number=number)
            due_on = day + timedelta(days=regie.due_days if total > 0 else 0)
            invoices.append(
                (
                    invoice_id, kind, regie.pk, day.year, number, reference, run.pk, guardian.pk, guardian.family_id,
                    debtor_name(guardian), debtor_address(guardian), run.period, day, due_on, total,
                    owed.get((guardian.pk, regie.pk), 0), 0,
                )
            )  # fmt: skip
        revenue = [
            ledger.Move(Account.REVENUE, -cents, code=code, product=product)
            for product, code, cents in account.products
        ]
        receivable = ledger.Move(Account.RECEIVABLE, total, payer=guardian.pk, family=guardian.family_id)
        postings.append(
            ledger.Posting(
                kind=LedgerTransaction.Kind.BILLING,
                day=day,
                regie=regie.pk,
                moves=(receivable, *revenue),
                invoice=invoice_id,
            )
        )
    if invoices:
        insert_rows(Invoice, INVOICE_FIELDS, invoices)
    ledger.post(postings=postings, posted_at=now)
    of_payer = Invoice.objects.filter(run=run, payer=OuterRef("payer"), regie=OuterRef("regie")).values("pk")
    BilledLine.objects.filter(run=run, payer__in=payers).update(invoice=Subquery(of_payer), issued_on=day)
    for regie in {account.regie.pk for account in accounts}:
        apply_credits(payers=payers, regie=regie, day=day)


def _accounts(run: Run, payers: list[UUID]) -> list[_Account]:
    """Draft lines summed by payer, régie and product, in the order in which they are numbered. Three statements."""
    guardians = {
        guardian.pk: guardian
        for guardian in Guardian.objects.filter(pk__in=payers).select_related("person", "family")
    }
    regies = {regie.pk: regie for regie in Regie.objects.all()}
    sums = (
        BilledLine.objects.filter(run=run, payer__in=payers)
        .values_list("payer", "regie", "product", "accounting_code")
        .annotate(cents=Sum("amount_cents"))
        .order_by("payer", "regie", "product", "accounting_code")
    )
    found: dict[tuple[UUID, UUID], _Account] = {}
    for payer, regie, product, code, cents in sums:
        account = found.setdefault((payer, regie), _Account(guardians[payer], regies[regie]))
        account.products.append((product, code, cents))

    def by_name(account: _Account) -> tuple[str, str, str]:
        person = account.guardian.person
        return (person.last_name, person.first_name, str(account.guardian.pk))

    return sorted(found.values(), key=by_name)


def _balances(payers: list[UUID]) -> dict[tuple[UUID, UUID], int]:
    """What each payer owes each régie before this run, in cents. One statement."""
    rows = (
        LedgerEntry.objects.filter(account=Account.RECEIVABLE, payer__in=payers)
        .values_list("payer", "transaction__regie")
        .annotate(cents=Sum(F("debit_cents") - F("credit_cents")))
        .order_by()
    )
    return {(payer, regie): cents for payer, regie, cents in rows}


def _numbers(accounts: list[_Account], year: int) -> dict[tuple[UUID, str], Iterator[int]]:
    """A range of numbers for each régie and series of the batch, its rows locked in a stable order."""
    wanted: dict[tuple[UUID, str], int] = defaultdict(int)
    for account in accounts:
        wanted[account.regie.pk, account.series] += 1
    given = {}
    for (regie, series), count in sorted(wanted.items()):
        first = numbers.take(regie=regie, year=year, series=series, count=count)
        given[regie, series] = iter(range(first, first + count))
    return given


def _clear_touches(run: Run) -> None:
    """A touch whose `rev` changed since it was read stays for the next run."""
    read = RunTouch.objects.filter(
        run=run, child=OuterRef("child"), period=OuterRef("period"), rev=OuterRef("rev")
    )
    BillingTouch.objects.filter(Exists(read)).delete()


def debtor_name(guardian: Guardian) -> str:
    """« Mme Camille Roux », with the civility only if it was given."""
    person = guardian.person
    civility = {"mme": "Mme", "m": "M."}.get(person.civility, "")
    return " ".join(filter(None, (civility, person.first_name, person.last_name)))


def debtor_address(guardian: Guardian) -> str:
    family = guardian.family
    return "\n".join(filter(None, (family.address, f"{family.postcode} {family.city}".strip())))
