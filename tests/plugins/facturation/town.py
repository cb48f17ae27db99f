"""A town that bills: a régie, a household, and a source whose facts the test writes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

from core.accounts.models import User
from core.contracts.billing import BillableLine, LineComponent, Period, Scope
from core.contracts.money import ZERO, Money
from core.families.models import Child, Guardian
from core.families.services import touch_billing
from core.testing.factories import ChildFactory, GuardianFactory
from plugins.facturation import sandbox
from plugins.facturation.models import (
    BilledLine,
    Invoice,
    Payment,
    ProductMapping,
    Regie,
    Run,
    SandboxTransaction,
)
from plugins.facturation.services import issuing, payments, runs

SOURCE = "cantine-test"
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
OCTOBER = Period(date(2026, 10, 1))
SEPTEMBER = Period(date(2026, 9, 1))


def fact(
    child: Child | None,
    payer: Guardian,
    day: date,
    *parts: tuple[str, int],
    activity: str = "cantine",
    label: str = "Restauration scolaire",
    quantity: int = 1,
) -> BillableLine:
    """A line as a source gives it; `parts` are (product, cents)."""
    components = tuple(
        LineComponent("care", product, Money(cents)) for product, cents in parts or (("repas", 240),)
    )
    return BillableLine(
        source=SOURCE,
        key=f"{child.pk if child else payer.family_id}:{activity}:meal:{day}",
        payer=payer.pk,
        share=Fraction(1),
        beneficiary=child.pk if child else None,
        service="restauration",
        site=None,
        service_date=day,
        label=label,
        quantity=quantity,
        unit="meal",
        components=components,
        amount=sum((part.amount for part in components), ZERO),
        explanation="",
    )


@dataclass
class Source:
    """A plugin's facts, by (key, payer). Each change marks the child and month, as a real source does."""

    facts: dict[tuple[str, UUID], BillableLine] = field(default_factory=dict)
    asked: list[Scope] = field(default_factory=list)

    def put(self, *lines: BillableLine) -> None:
        for line in lines:
            self.facts[line.key, line.payer] = line
        self.touch(*lines)

    def drop(self, *lines: BillableLine) -> None:
        for line in lines:
            del self.facts[line.key, line.payer]
        self.touch(*lines)

    def touch(self, *lines: BillableLine) -> None:
        touch_billing(facts=[(line.beneficiary, line.service_date) for line in lines if line.beneficiary])

    def billable_lines(self, scope: Scope) -> Iterator[BillableLine]:
        self.asked.append(scope)
        for line in list(self.facts.values()):
            if line.service_date not in scope.period:
                continue
            if scope.beneficiaries is None or (
                line.beneficiary in scope.beneficiaries if scope.beneficiaries else line.beneficiary is None
            ):
                yield line


@dataclass
class Billing:
    """The fixture `billing`: everything that a test of runs needs."""

    regie: Regie
    source: Source

    def household(self, children: int = 1, share: int = 100) -> tuple[Guardian, list[Child]]:
        guardian = GuardianFactory(payer_share=share)
        return guardian, [ChildFactory(families=[guardian.family]) for _number in range(children)]

    def product(self, name: str, regie: Regie | None = None, code: str = "7067") -> ProductMapping:
        return ProductMapping.objects.create(
            product=name, label=name.capitalize(), regie=regie or self.regie, accounting_code=code
        )

    def create(self, period: Period = OCTOBER, excluded: list[str] | None = None, today: date = TODAY) -> Run:
        return runs.create_run(
            period=period, excluded_sources=excluded or [], actor=None, now=NOW, today=today
        )

    def draft(self, period: Period = OCTOBER, excluded: list[str] | None = None) -> Run:
        return runs.draft_run(run_id=self.create(period, excluded).pk, now=NOW)

    def issue(self, run: Run, confirmed: bool = True, today: date = TODAY) -> Run:
        issuing.start_issue(run_id=run.pk, today=today, confirmed=confirmed)
        return issuing.issue_run(run_id=run.pk, now=NOW)

    def bill(self, period: Period = OCTOBER, excluded: list[str] | None = None) -> Run:
        return self.issue(self.draft(period, excluded))


def lines_of(run: Run) -> list[tuple[str, int, int]]:
    """(product, quantity, cents) of a run, reversals first."""
    return sorted(
        BilledLine.objects.filter(run=run).values_list("product", "quantity", "amount_cents"),
        key=lambda line: (line[2], line[0]),
    )


def other(line: BillableLine, **changes: object) -> BillableLine:
    return replace(line, **changes)  # type: ignore[arg-type]


@dataclass
class Paying:
    """The fixture `paying`."""

    billing: Billing
    guardian: Guardian
    child: Child
    invoice: Invoice

    @property
    def user(self) -> User:
        return self.guardian.person.user  # type: ignore[return-value]

    def start(self, *invoices: Invoice, now: datetime = NOW) -> Payment:
        return payments.start_payment(
            invoices=[invoice.pk for invoice in invoices or (self.invoice,)],
            family=self.guardian.family_id,
            payer=self.guardian.pk,
            provider=sandbox.CODE,
            account=self.user,
            email="",
            base_url="http://testserver",
            now=now,
        )

    def decide(self, payment: Payment, decision: str = "accepted", late: bool = False) -> None:
        """What the payer does in front of the bank; nobody tells us yet."""
        sandbox.decide(
            transaction_id=UUID(payment.transaction),
            decision=SandboxTransaction.Decision(decision),
            late=late,
        )

    def refresh(self, payment: Payment, now: datetime = NOW) -> Payment:
        return payments.refresh_payment(payment_id=payment.pk, now=now)

    def pay(self, *invoices: Invoice) -> Payment:
        payment = self.start(*invoices)
        self.decide(payment)
        return self.refresh(payment)

    def due(self) -> int:
        self.invoice.refresh_from_db()
        return self.invoice.due_cents
