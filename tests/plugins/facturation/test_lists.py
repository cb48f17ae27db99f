"""Lists of the biller and of the cashier: what is left to pay, and what they take away."""

from datetime import date

import pytest
from django.test import Client

from core.contracts.access import Trade
from core.testing.factories import AgentFactory
from plugins.facturation.reports import late
from tests.plugins.facturation.town import Paying

UNPAID, INVOICES, PAYMENTS = (
    "/gestion/facturation/restes-a-payer/", "/gestion/facturation/factures/", "/gestion/regie/paiements/",
)  # fmt: skip


@pytest.fixture
def biller(client: Client, paying: Paying) -> Client:
    client.force_login(AgentFactory(trades=[Trade.BILLING]))
    return client


def csv(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]


def test_what_is_late(biller: Client, paying: Paying, on_day) -> None:
    assert "Rien n’est dû" in biller.get(UNPAID).content.decode()
    page = biller.get(f"{UNPAID}?echeance=toutes").content.decode()
    assert paying.invoice.reference in page
    assert "Familles" in page
    on_day(date(2027, 2, 1))
    (_head, line) = csv(biller, f"{UNPAID}?export=csv")
    assert line.split(";")[1] == paying.invoice.reference
    assert line.endswith(";4,80;0,00;4,80")
    assert len(csv(biller, f"{UNPAID}?echeance=30&regie={paying.invoice.regie.code}&export=csv")) == 2
    paying.pay()
    assert "Rien n’est dû" in biller.get(f"{UNPAID}?echeance=toutes").content.decode()


def test_days_late() -> None:
    assert late(date(2026, 12, 1), date(2026, 12, 3)) == 2
    assert late(date(2026, 12, 3), date(2026, 12, 3)) == late(date(2026, 12, 9), date(2026, 12, 3)) == 0


def test_invoices_are_found_whatever_the_accents(biller: Client, paying: Paying) -> None:
    name = paying.guardian.person.last_name
    for typed in (name.upper(), paying.invoice.reference.lower(), f"{name} {paying.invoice.reference[-3:]}"):
        assert paying.invoice.reference in biller.get(INVOICES, {"q": typed}).content.decode(), typed
    assert "Aucune facture" in biller.get(INVOICES, {"q": "zzz"}).content.decode()
    assert len(csv(biller, f"{INVOICES}?mois=2026-10&etat=a-payer&export=csv")) == 2


def test_the_cashier_takes_the_payments_away(client: Client, paying: Paying) -> None:
    paying.pay()
    client.force_login(AgentFactory(trades=[Trade.CASHIER]))
    (_head, line) = csv(client, f"{PAYMENTS}?export=csv")
    assert ";4,80;" in line
    assert "Exporter (XLSX)" in client.get(PAYMENTS).content.decode()
