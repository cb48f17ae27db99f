"""The demo's part: told through the services, twice like once, also without any source."""

from datetime import date

import pytest

from core.contracts.billing import BillableLine
from core.contracts.demo import Demo
from plugins.facturation import demo
from plugins.facturation.models import Invoice, Payment, ProductMapping, Regie, Run
from tests.plugins.facturation.test_ledger import check_books
from tests.plugins.facturation.town import Billing, fact, other

TODAY = date(2026, 11, 23)


@pytest.fixture
def lively(billing: Billing, monkeypatch: pytest.MonkeyPatch) -> Billing:
    """Some families eat at school each month."""
    lines: list[BillableLine] = []
    for guardian, (child,) in [billing.household() for _home in range(6)]:
        for month in range(1, 11):
            line = fact(child, guardian, date(2026, month, 6), ("restauration-repas", 285))
            lines.append(other(line, beneficiary=child.pk))
    for line in lines:
        billing.source.facts[line.key, line.payer] = line
    return billing


def test_history(lively: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "ON_TIME", 0)
    demo.load(Demo(today=TODAY))
    assert Regie.objects.get(code="rsal").name == "Restauration scolaire et accueils de loisirs"
    assert Run.objects.filter(state=Run.State.ISSUED).count() == demo.MONTHS
    billed = set(Invoice.objects.values_list("period", flat=True))
    assert max(billed) == date(2026, 9, 1)  # the last finished month waits for an agent
    assert Payment.objects.filter(state="paid").exists()
    assert any(invoice.due_cents for invoice in Invoice.objects.all())


def test_twice_is_once(lively: Billing) -> None:
    demo.load(Demo(today=TODAY))
    counts = [model.objects.count() for model in (Regie, ProductMapping, Run, Invoice, Payment)]
    demo.load(Demo(today=TODAY))
    assert [model.objects.count() for model in (Regie, ProductMapping, Run, Invoice, Payment)] == counts


def test_without_any_source(db: None) -> None:
    assert demo.load(Demo(today=TODAY))
    assert Regie.objects.count() == 1
    assert not Invoice.objects.exists()


def test_the_books_of_the_demo(lively: Billing) -> None:
    demo.load(Demo(today=date(2026, 7, 20)))
    check_books()
