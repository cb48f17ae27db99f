"""Runs compare facts, not amounts (design §3)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from core.contracts.billing import BillableLine, Scope
from core.contracts.money import Money
from core.families.models import BillingTouch
from core.kernel.calls import ContributionFailed
from core.kernel.models import PluginSwitch
from core.testing.hooks import fake_plugin
from plugins.facturation.errors import ConfirmationNeeded, RunRefused, SourceOff, UnknownProducts
from plugins.facturation.facts import SourceMisbehaves
from plugins.facturation.models import BilledHead, BilledLine, Invoice, LedgerEntry, Run
from plugins.facturation.services import runs
from tests.plugins.facturation.town import (
    NOW,
    OCTOBER,
    SEPTEMBER,
    SOURCE,
    Billing,
    fact,
    lines_of,
    other,
)

DAY = date(2026, 10, 5)


def test_a_month_is_billed_once(billing: Billing) -> None:
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY), fact(child, payer, date(2026, 10, 6)))
    first = billing.bill()
    second = billing.bill()
    assert lines_of(first) == [("repas", 1, 240), ("repas", 1, 240)]
    assert lines_of(second) == []
    invoice = Invoice.objects.get()
    assert (invoice.reference, invoice.total_cents, invoice.payer) == ("REST-2026-F00001", 480, payer)
    assert invoice.debtor_name == str(payer.person)
    assert invoice.due_on == date(2026, 12, 13)


def test_a_month_that_is_not_over_is_not_billed(billing: Billing) -> None:
    with pytest.raises(RunRefused):
        billing.create(OCTOBER.next)


def test_drafts_count(billing: Billing) -> None:
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY))
    first, second = billing.draft(), billing.draft()
    assert len(lines_of(first)) == 1
    assert lines_of(second) == []
    billing.issue(second)
    assert BillingTouch.objects.exists()  # what the first run holds, the second has not read
    billing.issue(first)
    assert not BillingTouch.objects.exists()
    assert Invoice.objects.count() == 1


def test_a_fact_that_is_gone_is_reversed_once(billing: Billing) -> None:
    payer, (child,) = billing.household()
    kept, gone = fact(child, payer, DAY), fact(child, payer, date(2026, 10, 6))
    billing.source.put(kept, gone)
    billing.bill()
    billing.source.drop(gone)
    assert lines_of(billing.bill()) == [("repas", -1, -240)]
    assert lines_of(billing.bill()) == []
    note = Invoice.objects.get(kind="credit_note")
    assert (note.reference, note.total_cents) == ("REST-2026-A00001", -240)
    assert BilledLine.objects.get(amount_cents=-240).reverses.service_date == gone.service_date


def test_ticked_again_is_billed_again(billing: Billing) -> None:
    payer, (child,) = billing.household()
    line = fact(child, payer, DAY)
    billing.source.put(line)
    billing.bill()
    billing.source.drop(line)
    billing.bill()
    billing.source.put(line)
    assert lines_of(billing.bill()) == [("repas", 1, 240)]
    assert BilledHead.objects.get().seq == 3


def test_another_payer_at_the_same_amount(billing: Billing) -> None:
    payer, (child,) = billing.household()
    newcomer, _children = billing.household()
    line = fact(child, payer, DAY)
    billing.source.put(line)
    billing.bill()
    billing.source.drop(line)
    billing.source.put(other(line, payer=newcomer.pk))
    run = billing.bill()
    assert lines_of(run) == [("repas", -1, -240), ("repas", 1, 240)]
    assert {(i.payer, i.total_cents) for i in run.invoices.all()} == {(payer, -240), (newcomer, 240)}


def test_another_product_at_the_same_amount(billing: Billing) -> None:
    billing.product("panier", code="7068")
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY, ("repas", 240)))
    billing.bill()
    billing.source.put(fact(child, payer, DAY, ("panier", 240)))
    run = billing.bill()
    assert lines_of(run) == [("repas", -1, -240), ("panier", 1, 240)]
    # Nothing to pay: no document, but the ledger moved between products.
    assert not run.invoices.exists()
    moves = LedgerEntry.objects.filter(transaction__invoice=None).values_list(
        "code", "debit_cents", "credit_cents"
    )
    assert set(moves) == {("7067", 240, 0), ("7068", 0, 240)}


@pytest.mark.parametrize(
    "changes", [{"label": "Cantine"}, {"explanation": "f" * 64}], ids=["label", "explanation"]
)
def test_words_never_bill(billing: Billing, changes: dict[str, str]) -> None:
    payer, (child,) = billing.household()
    line = fact(child, payer, DAY)
    billing.source.put(line)
    billing.bill()
    billing.source.put(other(line, **changes))
    assert lines_of(billing.bill()) == []


def test_a_reversal_keeps_regie_code_and_price(billing: Billing) -> None:
    payer, (child,) = billing.household()
    line = fact(child, payer, DAY)
    billing.source.put(line)
    billing.bill()
    mapping = billing.product("autre", code="9999")
    type(mapping).objects.filter(product="repas").update(accounting_code="0000")
    billing.source.drop(line)
    billing.bill()
    assert BilledLine.objects.get(amount_cents=-240).accounting_code == "7067"


def test_a_switched_off_source_is_named(billing: Billing, switch: Callable[[str, bool], None]) -> None:
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY))
    billing.bill()
    switch(SOURCE, False)
    with pytest.raises(SourceOff, match=f"module {SOURCE} est désactivé"):
        billing.create()
    run = billing.bill(excluded=[SOURCE])
    assert lines_of(run) == []  # its keys are left as they are
    assert BilledHead.objects.get().digest
    switch(SOURCE, True)
    assert lines_of(billing.bill()) == []


def test_a_source_that_is_gone_is_named_until_it_is_retired(billing: Billing) -> None:
    payer, (child,) = billing.household()
    line = replace(fact(child, payer, DAY), source="parti")

    def answer(scope: Scope) -> Iterator[BillableLine]:
        asked = scope.beneficiaries is None or child.pk in scope.beneficiaries
        return iter([line] if asked and DAY in scope.period else [])

    with fake_plugin("parti", billable_lines=answer):
        assert len(lines_of(billing.bill())) == 1
    with pytest.raises(SourceOff, match="parti"):
        billing.create()
    PluginSwitch.objects.create(slug="parti", enabled=False, retired=True, actor="anne", at=NOW)
    assert lines_of(billing.bill()) == []  # what was billed stands


def test_a_run_refuses_at_issue_a_source_switched_off_since(
    billing: Billing, switch: Callable[[str, bool], None]
) -> None:
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY))
    run = billing.draft()
    switch(SOURCE, False)
    with pytest.raises(SourceOff):
        billing.issue(run)


def test_an_excluded_source_keeps_its_touches(billing: Billing, switch: Callable[[str, bool], None]) -> None:
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY))
    switch(SOURCE, False)
    billing.bill(excluded=[SOURCE])
    assert BillingTouch.objects.count() == 1


def test_earlier_months_are_collected_when_touched_and_stand_apart(billing: Billing) -> None:
    payer, (child, sibling) = billing.household(children=2)
    early = fact(child, payer, date(2026, 9, 3))
    untouched = fact(sibling, payer, date(2026, 9, 3))
    billing.source.put(early, untouched, fact(child, payer, DAY))
    billing.bill(SEPTEMBER)
    billing.source.drop(early)
    run = billing.bill()
    lines = BilledLine.objects.filter(run=run)
    assert sorted(lines.values_list("earlier", "amount_cents")) == [(False, 240), (True, -240)]
    asked = [scope for scope in billing.source.asked if scope.period == SEPTEMBER][-1]
    assert asked.beneficiaries == {child.pk}


def test_a_touch_is_cleared_only_if_nothing_came_since(billing: Billing) -> None:
    payer, (child, sibling) = billing.household(children=2)
    line, quiet = fact(child, payer, DAY), fact(sibling, payer, DAY)
    billing.source.put(line, quiet)
    run = billing.draft()
    billing.source.touch(line)
    billing.issue(run)
    assert BillingTouch.objects.get().child == child


def test_corrections_above_the_threshold_ask_twice(billing: Billing) -> None:
    billing.regie.correction_alert_cents = 100
    billing.regie.save()
    payer, (child,) = billing.household()
    early = fact(child, payer, date(2026, 9, 3))
    billing.source.put(early)
    billing.bill(SEPTEMBER)
    billing.source.drop(early)
    run = billing.draft()
    with pytest.raises(ConfirmationNeeded):
        billing.issue(run, confirmed=False)
    assert billing.issue(run).state == Run.State.ISSUED


def test_a_cancelled_run_leaves_nothing(billing: Billing) -> None:
    payer, (child,) = billing.household()
    kept, gone = fact(child, payer, DAY), fact(child, payer, date(2026, 10, 6))
    billing.source.put(kept, gone)
    billing.bill()
    heads = BilledHead.objects.order_by("pk").values_list("pk", "seq", "digest", "run")
    before = list(heads)
    billing.source.drop(gone)
    billing.source.put(fact(child, payer, DAY, ("repas", 300)), fact(child, payer, date(2026, 10, 8)))
    run = billing.draft()
    assert len(lines_of(run)) == 4
    assert runs.cancel_run(run_id=run.pk).state == Run.State.CANCELLED
    assert list(heads) == before
    assert lines_of(billing.bill()) == [
        ("repas", -1, -240),
        ("repas", -1, -240),
        ("repas", 1, 240),
        ("repas", 1, 300),
    ]


def test_a_run_is_computed_again_from_scratch(billing: Billing) -> None:
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY))
    run = billing.draft()
    billing.source.put(fact(child, payer, date(2026, 10, 6)))
    runs.take_back(run_id=run.pk)
    assert len(lines_of(runs.draft_run(run_id=run.pk, now=NOW))) == 2


def test_an_issued_run_is_not_cancelled(billing: Billing) -> None:
    run = billing.bill()
    with pytest.raises(RunRefused):
        runs.cancel_run(run_id=run.pk)


def test_a_batch_that_is_done_is_not_redone(billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "CHILDREN_PER_BATCH", 2)
    payer, children = billing.household(children=5)
    billing.source.put(*(fact(child, payer, DAY) for child in children))
    run = billing.create()
    for _step in range(2):
        assert runs._draft_next_batch(run.pk, NOW).state == Run.State.DRAFT
    done = BilledLine.objects.count()
    asked = len(billing.source.asked)
    assert done == 4
    runs.draft_run(run_id=run.pk, now=NOW)
    assert BilledLine.objects.count() == 5
    assert len(billing.source.asked) == asked + 2  # the last child, and the lines without a child


def test_a_line_without_child(billing: Billing) -> None:
    payer, _children = billing.household(children=0)
    fee = fact(None, payer, DAY)
    billing.source.put(fee)
    assert lines_of(billing.bill()) == [("repas", 1, 240)]
    assert lines_of(billing.bill()) == []
    billing.source.drop(fee)
    assert lines_of(billing.bill()) == [("repas", -1, -240)]


def test_two_products_of_one_price_go_to_their_regies(billing: Billing) -> None:
    care = type(billing.regie).objects.create(code="alsh", name="Accueil de loisirs", issuer="Mairie")
    billing.product("accueil", care)
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY, ("accueil", 500), ("repas", 240)))
    billing.bill()
    assert set(Invoice.objects.values_list("reference", "total_cents")) == {
        ("ALSH-2026-F00001", 500),
        ("REST-2026-F00001", 240),
    }


def test_a_product_without_regie_stops_the_run(billing: Billing) -> None:
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY, ("inconnu", 100)))
    with pytest.raises(UnknownProducts, match="inconnu"):
        billing.draft()
    assert not BilledLine.objects.exists()


def _raises(scope: Scope) -> Iterator[BillableLine]:
    yield from ()
    raise RuntimeError("half way")


def test_a_source_that_fails_stops_the_run(billing: Billing) -> None:
    payer, (child,) = billing.household()
    billing.source.put(fact(child, payer, DAY))

    with fake_plugin("panne", billable_lines=lambda scope: iter([])):
        run = billing.create()
    assert {SOURCE, "panne"} <= set(run.sources)
    with fake_plugin("panne", billable_lines=_raises), pytest.raises(ContributionFailed):
        runs.draft_run(run_id=run.pk, now=NOW)
    assert not BilledLine.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"service_date": date(2026, 9, 30)}, {"amount": Money(999)}, {"source": "autre"}],
    ids=["month", "sum", "source"],
)
def test_a_source_that_breaks_its_contract_is_named(
    billing: Billing, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    payer, (child,) = billing.household()
    line = other(fact(child, payer, DAY), **changes)
    monkeypatch.setattr(billing.source, "billable_lines", lambda scope: iter([line]))
    with pytest.raises(SourceMisbehaves):
        billing.draft()
