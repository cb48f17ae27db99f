"""What a service asks a family to pay, as facts that billing compares (design §3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from core.contracts.markers import notify_hook, strict_hook
from core.contracts.money import Money


@dataclass(frozen=True, slots=True)
class Period:
    """A civil month, named by its first day."""

    first_day: date

    def __post_init__(self) -> None:
        if self.first_day.day != 1:
            raise ValueError(f"a period is named by the first day of its month, not {self.first_day}")

    @classmethod
    def of(cls, day: date) -> "Period":
        return cls(day.replace(day=1))

    @property
    def next(self) -> "Period":
        year, month = divmod(self.first_day.year * 12 + self.first_day.month, 12)
        return Period(date(year, month + 1, 1))

    @property
    def previous(self) -> "Period":
        year, month = divmod(self.first_day.year * 12 + self.first_day.month - 2, 12)
        return Period(date(year, month + 1, 1))

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day < self.next.first_day


@dataclass(frozen=True, slots=True)
class Scope:
    """Period × beneficiaries: what one call must answer completely.

    `beneficiaries` is None for every child; an empty set asks for the lines that name no child.
    """

    period: Period
    beneficiaries: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class LineComponent:
    """A part of a price: care, meal…; `product` leads billing to the régie, the accounting code and CESU."""

    kind: str
    product: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BillableLine:
    """One fact that one payer owes for.

    `key` names the fact (child · activity · unit · date), never a row: the same fact ticked again has the same key.
    `payer` is a guardian, `beneficiary` a child. `share` is the payer's part of the fact; the components and the amount
    are already that part. `explanation` is the digest of a stored explanation. Amounts are in cents.
    """

    source: str
    key: str
    payer: UUID
    share: Fraction
    beneficiary: UUID | None
    service: str
    site: UUID | None
    service_date: date
    label: str
    quantity: int
    unit: str
    components: tuple[LineComponent, ...]
    amount: Money
    explanation: str


@strict_hook
def billable_lines(scope: Scope) -> Iterator[BillableLine]:  # type: ignore[empty-body]
    """All that a service bills for a scope, streamed.

    When: a billing run, by beneficiary batch. Returns: every line of the scope; a fact that is absent is worth
    zero, only there and only once the iterator is exhausted.
    On failure: the run stops and names the plugin. Since: 1.0.
    """


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """An invoice has got its number; `payer` is the guardian who owes it."""

    invoice: UUID
    payer: UUID
    family: UUID


@notify_hook
def on_invoice_issued(event: InvoiceIssued) -> None:
    """A family has a new invoice to pay. Credit notes are not told.

    When: after the batch of a run that issued it. Returns: nothing; may be told twice.
    On failure: told again, later each time, for about two days; then agents relaunch it. Since: 1.0.
    """
