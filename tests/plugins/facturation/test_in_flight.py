"""What an agent reads before facturation is switched off."""

from core.contracts.lifecycle import disable_obstacles
from core.kernel.calls import ask
from tests.plugins.facturation.town import Paying


def told() -> list[str]:
    return [obstacle.what for obstacle in ask(disable_obstacles, "facturation")]


def test_invoices_and_payments_are_counted(paying: Paying) -> None:
    owed = "1 facture reste à payer, et la famille ne pourra plus la payer en ligne."
    assert told() == [owed]
    payment = paying.start()
    first, second = told()
    assert first.startswith("1 paiement en ligne n’est pas terminé")
    assert second == owed
    paying.decide(payment)
    paying.refresh(payment)
    assert told() == []


def test_a_run_that_is_not_issued(paying: Paying) -> None:
    paying.billing.draft()
    assert told()[0] == "1 calcul de factures n’est pas émis."
