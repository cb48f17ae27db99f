"""Issuing: numbered, immutable invoices from the drafts of a run, by payer batch. A batch done is never redone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Abs
from django.utils.translation import gettext as _

from core.contracts.billing import InvoiceIssued, on_invoice_issued
from core.families.models import BillingTouch, Guardian
from core.kernel import state
from core.kernel.outbox import notify
from core.ui.formats import euros
from plugins.facturation.bulk import insert_rows
from plugins.facturation.errors import ConfirmationNeeded, RunRefused, SourceOff
from plugins.facturation.facts import invoice_id
from plugins.facturation.models import (
    BilledLine,
    Invoice,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    Regie,
    Run,
    RunTouch,
)
from plugins.facturation.models.ledger import Account
from plugins.facturation.services import ledger, numbers
from plugins.facturation.services.credits import apply_credits
from plugins.facturation.services.sources import enabled_sources, name_of

PAYERS_PER_BATCH = 1000

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
        on = enabled_sources()
    if off := [slug for slug in run.sources if slug not in on]:
        raise SourceOff([name_of(slug) for slug in off])
    threshold = min(Regie.objects.values_list("correction_alert_cents", flat=True), default=0)
    lines = BilledLine.objects.filter(run=run).aggregate(
        payers=Count("payer", distinct=True), moved=Sum(Abs("amount_cents"), filter=Q(earlier=True))
    )
    moved = lines["moved"] or 0
    if moved > threshold and not confirmed:
        raise ConfirmationNeeded(
            _(
                "Les corrections de mois passés remuent %(moved)s, plus que le seuil de %(threshold)s. "
                "Confirmez l’émission."
            )
            % {"moved": euros(moved), "threshold": euros(threshold)}
        )
    run.state, run.issued_on, run.error, run.payer_cursor = Run.State.ISSUING, today, "", None
    run.done, run.total = 0, lines["payers"]
    run.save()
    return run


def issue_run(*, run_id: UUID, now: datetime) -> Run:
    """Issue what is left of a run, batch by batch. May be called again after a stop."""
    while (run := _issue_next_batch(run_id, now)).state == Run.State.ISSUING:
        pass
    return run


@transaction.atomic
def _issue_next_batch(run_id: UUID, now: datetime) -> Run:
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != Run.State.ISSUING:
        return run
    accounts, payers = _accounts(run)
    if payers:
        _issue(run, accounts, payers, now)
        run.payer_cursor = payers[-1]
        run.done += len(payers)
    if len(payers) < PAYERS_PER_BATCH:
        _clear_touches(run)
        run.state, run.issued_at = Run.State.ISSUED, now
    run.save(update_fields=["payer_cursor", "done", "state", "issued_at"])
    return run


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


def _issue(run: Run, accounts: list[_Account], payers: list[UUID], now: datetime) -> None:
    day: date = run.issued_on  # type: ignore[assignment]
    billed = [account for account in accounts if account.total]
    owed = _balances(payers)
    upcoming = _numbers(billed, day.year)
    invoices, postings, events = [], [], []
    for account in accounts:
        guardian, regie, total = account.guardian, account.regie, account.total
        document = None
        if total:
            document, kind = invoice_id(run.pk, guardian.pk, regie.pk), account.series
            number = next(upcoming[regie.pk, kind])
            reference = numbers.reference(code=regie.code, year=day.year, series=kind, number=number)
            due_on = day + timedelta(days=regie.due_days if total > 0 else 0)
            invoices.append(
                (
                    document, kind, regie.pk, day.year, number, reference, run.pk, guardian.pk, guardian.family_id,
                    debtor_name(guardian), debtor_address(guardian), run.period, day, due_on, total,
                    owed.get((guardian.pk, regie.pk), 0), 0,
                )
            )  # fmt: skip
            if kind == Invoice.Kind.INVOICE:
                events.append(InvoiceIssued(document, guardian.pk, guardian.family_id))
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
                invoice=document,
            )
        )
    if invoices:
        insert_rows(Invoice, INVOICE_FIELDS, invoices)
    ledger.post(postings=postings, posted_at=now)
    credited = {
        account.guardian.pk
        for account in accounts
        if account.total < 0 or account.guardian.has_note or account.guardian.has_excess  # type: ignore[attr-defined]
    }
    for touched in {account.regie.pk for account in accounts if account.guardian.pk in credited}:
        apply_credits(payers=credited, regie=touched, day=day)
    notify(on_invoice_issued, *events)


def _accounts(run: Run) -> tuple[list[_Account], list[UUID]]:
    """Drafts of the next payers, summed by payer, régie and product, in the order in which they are numbered; and those
    payers, in the order of the cursor. Three statements."""
    after = Q(payer__gt=run.payer_cursor) if run.payer_cursor else Q()
    mine = BilledLine.objects.filter(after, run=run)
    next_payers = mine.order_by("payer").values("payer").distinct()[:PAYERS_PER_BATCH]
    sums = list(
        BilledLine.objects.filter(run=run, payer__in=next_payers)
        .values_list("payer", "regie", "product", "accounting_code")
        .annotate(cents=Sum("amount_cents"))
        .order_by("payer", "regie", "product", "accounting_code")
    )
    payers = list(dict.fromkeys(row[0] for row in sums))
    note = Invoice.objects.filter(
        payer=OuterRef("pk"), kind=Invoice.Kind.CREDIT_NOTE, settled_cents__gt=F("total_cents")
    )
    excess = Payment.objects.filter(payer=OuterRef("pk"), credit_cents__gt=0)
    guardians = {
        guardian.pk: guardian
        for guardian in Guardian.objects.filter(pk__in=payers)
        .select_related("person", "family")
        .annotate(has_note=Exists(note), has_excess=Exists(excess))
    }
    regies = {regie.pk: regie for regie in Regie.objects.all()}
    found: dict[tuple[UUID, UUID], _Account] = {}
    for payer, regie, product, code, cents in sums:
        account = found.setdefault((payer, regie), _Account(guardians[payer], regies[regie]))
        account.products.append((product, code, cents))

    def by_name(account: _Account) -> tuple[str, str, str]:
        person = account.guardian.person
        return (person.last_name, person.first_name, str(account.guardian.pk))

    return sorted(found.values(), key=by_name), payers


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
