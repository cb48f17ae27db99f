"""A payer who closes the window has paid all the same: the bank is asked until the payment has ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.kernel import jobs
from plugins.facturation.models import Payment
from plugins.facturation.services.follow_up import follow_open_payments
from tests.plugins.facturation.town import NOW, Paying

KEY = "facturation.paiements"


def test_a_payment_that_nobody_came_back_from_is_settled(paying: Paying) -> None:
    payment = paying.start()
    follow_open_payments(NOW)
    payment.refresh_from_db()
    assert payment.state in Payment.OPEN
    paying.decide(payment)
    follow_open_payments(NOW)
    follow_open_payments(NOW)
    payment.refresh_from_db()
    assert payment.state == Payment.State.PAID
    assert paying.due() == 0


def test_it_ends_by_expiring(paying: Paying) -> None:
    payment = paying.start()
    follow_open_payments(NOW + timedelta(hours=3))
    payment.refresh_from_db()
    assert payment.state == Payment.State.EXPIRED


def test_it_goes_on_while_the_plugin_is_off(paying: Paying, switch: Callable[[str, bool], None]) -> None:
    payment = paying.start()
    paying.decide(payment)
    switch("facturation", False)
    assert [outcome.error for outcome in jobs.run_due(now=NOW) if outcome.entry.key == KEY] == [""]
    payment.refresh_from_db()
    assert payment.state == Payment.State.PAID


@pytest.mark.django_db
def test_without_any_payment_it_asks_once(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        follow_open_payments(NOW)
