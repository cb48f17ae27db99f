"""The books always balance, and nothing of what is issued can be changed."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.facturation.models import (
    BilledHead,
    BilledLine,
    Invoice,
    LedgerEntry,
    LedgerTransaction,
    NumberSequence,
    Payment,
    Receipt,
    SandboxTransaction,
)
from plugins.facturation.models.ledger import Account
from plugins.facturation.services import ledger, payments, runs
from plugins.facturation.services.credits import Open, match
from tests.plugins.facturation.town import NOW, OCTOBER, SEPTEMBER, Billing, Paying, fact

# Rules ---------------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.integers(1, 500), max_size=6).map(lambda cents: [Open(uuid4(), c) for c in cents]),
    st.lists(st.integers(1, 500), max_size=6).map(lambda cents: [Open(uuid4(), c) for c in cents]),
)
def test_credits_meet_debts_within_bounds(owned: list[Open], debts: list[Open]) -> None:
    pairs = match(owned, debts)
    for side, index in ((owned, 0), (debts, 1)):
        for row in side:
            used = sum(cents for *ids, cents in pairs if ids[index] == row.id)
            assert 0 <= used <= row.cents
    whole = min(sum(row.cents for row in owned), sum(row.cents for row in debts))
    assert sum(cents for *_ids, cents in pairs) == whole


def test_an_unbalanced_event_is_not_written(billing: Billing) -> None:
    posting = ledger.Posting(
        kind=LedgerTransaction.Kind.BILLING,
        day=date(2026, 11, 1),
        regie=billing.regie.pk,
        moves=(ledger.Move(Account.REVENUE, 5), ledger.Move(Account.CLEARING, -4)),
    )
    with pytest.raises(ledger.Unbalanced):
        ledger.post(postings=[posting], posted_at=NOW)


# Histories -----------------------------------------------------------------------------------------------------------


def check_books() -> None:
    """What must hold at any time."""
    for row in LedgerTransaction.objects.annotate(
        rest=Sum(F("entries__debit_cents") - F("entries__credit_cents"))
    ):
        assert row.rest == 0
    for invoice in Invoice.objects.annotate(lines_cents=Sum("lines__amount_cents")):
        assert invoice.total_cents == invoice.lines_cents
        covered = sum(invoice.allocations.values_list("amount_cents", flat=True))
        used = sum(invoice.used_by.values_list("amount_cents", flat=True))
        assert invoice.settled_cents == covered - used
    owed = LedgerEntry.objects.filter(account="receivable").aggregate(
        n=Sum(F("debit_cents") - F("credit_cents"))
    )["n"]
    paid = Payment.objects.filter(state="paid").aggregate(n=Sum("amount_cents"))["n"] or 0
    assert (owed or 0) == (Invoice.objects.aggregate(n=Sum("total_cents"))["n"] or 0) - paid
    open_cents = Invoice.objects.aggregate(n=Sum(F("total_cents") - F("settled_cents")))["n"] or 0
    credit = Payment.objects.aggregate(n=Sum("credit_cents"))["n"] or 0
    assert (owed or 0) == open_cents - credit
    for kind in Invoice.Kind.values:
        numbers = list(Invoice.objects.filter(kind=kind).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    receipts = list(Receipt.objects.order_by("number").values_list("number", flat=True))
    assert receipts == list(range(1, len(receipts) + 1))


def check_facts(billing: Billing) -> None:
    """The lines of each fact add up to what the source says now."""
    billed: dict[tuple[str, UUID], int] = {}
    for key, payer, cents in BilledLine.objects.values_list("head__key", "payer", "amount_cents"):
        billed[key, payer] = billed.get((key, payer), 0) + cents
    current = {key: line.amount.cents for key, line in billing.source.facts.items()}
    assert {key: cents for key, cents in billed.items() if cents} == {k: c for k, c in current.items() if c}
    for head in BilledHead.objects.all():
        assert bool(head.digest) == bool(head.seq % 2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_any_history_keeps_the_books(
    billing: Billing, switch: Callable[[str, bool], None], seed: int
) -> None:
    rng = random.Random(seed)
    with transaction.atomic():
        billing.source.facts.clear()
        _live(billing, rng)
        check_books()
        for month in (SEPTEMBER, OCTOBER):
            billing.bill(month)
        check_facts(billing)
        check_books()
        transaction.set_rollback(True)


def _live(billing: Billing, rng: random.Random) -> None:
    """Facts come, go, change price, product and payer; runs are issued or dropped; invoices are paid, some twice."""
    from plugins.facturation.models import ProductMapping

    if not ProductMapping.objects.filter(product="panier").exists():
        billing.product("panier", code="7068")
    homes = [billing.household(children=2) for _home in range(2)]
    children = [child for _guardian, mine in homes for child in mine]
    days = [date(2026, 9, 28) + timedelta(days=n) for n in range(8)]
    for _step in range(rng.randrange(4, 14)):
        act = rng.random()
        if act < 0.45:
            child, day = rng.choice(children), rng.choice(days)
            for key in [key for key in billing.source.facts if key[0] == fact(child, homes[0][0], day).key]:
                billing.source.drop(billing.source.facts[key])
            if rng.random() < 0.75:
                product = rng.choice(["repas", "panier"])
                billing.source.put(
                    fact(child, rng.choice(homes)[0], day, (product, rng.choice([0, 100, 240])))
                )
        elif act < 0.75:
            run = billing.draft(rng.choice([SEPTEMBER, OCTOBER]))
            if rng.random() < 0.3:
                runs.cancel_run(run_id=run.pk)
            else:
                billing.issue(run)
        else:
            _pay(homes[rng.randrange(2)][0], rng)


def _pay(guardian: Any, rng: random.Random) -> None:
    open_ids = list(
        Invoice.objects.filter(
            payer=guardian, kind="invoice", settled_cents__lt=F("total_cents")
        ).values_list("pk", flat=True)
    )
    if not open_ids:
        return
    started = []
    for attempt in range(rng.choice([1, 2])):
        paying = Paying(None, guardian, None, None)  # type: ignore[arg-type]
        chosen = Invoice.objects.filter(pk__in=rng.sample(open_ids, rng.randint(1, len(open_ids))))
        try:
            started.append(paying.start(*chosen, now=NOW + timedelta(minutes=30 * attempt)))
        except payments.PaymentRefused:
            continue
    SandboxTransaction.objects.filter(pk__in=[payment.transaction for payment in started]).update(
        decision=rng.choice(["accepted", "accepted", "refused"]), answers_at=NOW
    )
    for payment in started:
        for _again in range(rng.choice([1, 2])):
            payments.refresh_payment(payment_id=payment.pk, now=NOW + timedelta(hours=1))


# The database itself -------------------------------------------------------------------------------------------------


def refused(act: Callable[[], object]) -> bool:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    return True


def test_an_issued_invoice_cannot_be_changed(paying: Paying) -> None:
    mine = Invoice.objects.filter(pk=paying.invoice.pk)
    for column, value in (
        ("total_cents", 1),
        ("number", 9),
        ("debtor_name", "X"),
        ("due_on", date(2027, 1, 1)),
    ):
        assert refused(lambda column=column, value=value: mine.update(**{column: value}))  # type: ignore[misc]
    assert refused(lambda: mine._raw_delete("default"))
    assert refused(lambda: mine.update(settled_cents=F("total_cents") + 1))
    assert refused(lambda: mine.update(settled_cents=-1))
    assert mine.update(settled_cents=10) == 1


def test_issued_lines_cannot_be_changed(paying: Paying) -> None:
    lines = BilledLine.objects.filter(invoice=paying.invoice)
    assert refused(lambda: lines.update(label="X"))
    assert refused(lambda: lines._raw_delete("default"))


def test_the_ledger_is_append_only(paying: Paying) -> None:
    paying.pay()
    for model in (LedgerTransaction, LedgerEntry, Receipt):
        assert refused(lambda model=model: model.objects.all()._raw_delete("default"))  # type: ignore[misc]
    assert refused(lambda: LedgerEntry.objects.update(debit_cents=1))
    assert refused(lambda: LedgerTransaction.objects.update(day=date(2020, 1, 1)))
    assert refused(lambda: Receipt.objects.update(number=7))


def test_an_entry_is_a_debit_or_a_credit(paying: Paying) -> None:
    posted = LedgerTransaction.objects.get()
    for cents in ({"debit_cents": 5, "credit_cents": 5}, {}, {"debit_cents": -5}):
        entry = LedgerEntry(transaction=posted, account="revenue", **cents)
        assert refused(entry.save)


def test_the_guards_are_there(db: None) -> None:
    """SQLite drops the triggers of a table that a migration remakes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'guard_facturation%%'")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_facturation%%'"
            )
        names = {name for (name,) in cursor.fetchall()}
    tables = ("invoice", "billedline", "ledgertransaction", "ledgerentry", "receipt")
    assert names == {f"guard_facturation_{table}_{act}" for table in tables for act in ("update", "delete")}


def test_numbers_go_back_with_a_rollback(billing: Billing) -> None:
    from plugins.facturation.services import numbers

    assert numbers.take(regie=billing.regie.pk, year=2026, series="invoice", count=3) == 1
    with pytest.raises(RuntimeError), transaction.atomic():
        numbers.take(regie=billing.regie.pk, year=2026, series="invoice")
        raise RuntimeError
    assert numbers.take(regie=billing.regie.pk, year=2026, series="invoice") == 4
    assert numbers.take(regie=billing.regie.pk, year=2027, series="invoice") == 1
    assert NumberSequence.objects.count() == 2
