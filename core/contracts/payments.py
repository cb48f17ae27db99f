"""A provider of on-line payments, and what it tells. The state of a payment is never decided by the browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from core.contracts.markers import boot_hook
from core.contracts.money import Money


class Outcome(StrEnum):
    """What a provider answers about a payment when it is asked."""

    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """What is asked of a provider: our reference, the amount, who pays, and where the browser comes back."""

    reference: str
    amount: Money
    label: str
    email: str
    return_url: str
    notify_url: str


@dataclass(frozen=True, slots=True)
class Start:
    """The provider's own identifier of the payment, stored before the browser is sent to `redirect_url`."""

    transaction: str
    redirect_url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The provider's own word on a payment; amount and reference are compared with ours before a settlement."""

    outcome: Outcome
    reference: str = ""
    amount: Money | None = None


class ProviderUnavailable(Exception):
    """The provider did not answer; nothing is known and it will be asked again."""


@runtime_checkable
class PaymentProvider(Protocol):
    """One way to pay on line. A notification or a return only says *ask again*: `query` is the proof."""

    code: str
    name: str

    def start(self, order: PaymentOrder) -> Start: ...

    def query(self, transaction: str) -> Answer: ...

    def transaction_of(self, notification: Mapping[str, str]) -> str | None:
        """The provider's identifier named by a notification or a return, or None if it names none."""


@boot_hook
def payment_providers() -> list[PaymentProvider]:  # type: ignore[empty-body]
    """The providers that a plugin brings, each with its own code; a duplicate code is a check error.

    When: start-up. Returns: the providers. On failure: the plugin is quarantined. Since: 1.0.
    """
