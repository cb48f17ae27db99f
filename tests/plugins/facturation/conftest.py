"""Fixtures of facturation: a town that bills, with a source of its own."""

from collections.abc import Iterator
from datetime import date

import pytest

from core.testing.hooks import fake_plugin
from plugins.facturation.models import Invoice, Regie
from tests.plugins.facturation.town import SOURCE, Billing, Paying, Source, fact


@pytest.fixture
def billing(db: None) -> Iterator[Billing]:
    """One régie, the product « repas », and a source that is on."""
    regie = Regie.objects.create(
        code="rest",
        name="Restauration scolaire",
        issuer="Mairie de Bassens\n42 avenue Jean-Jaurès\n33530 Bassens",
        payment_means="En ligne, par chèque ou en espèces à la régie.",
        contact="facturation.eej@ville-bassens.fr",
        unpaid_notice="Une facture impayée est transmise au Trésor public.",
        vat_notice="TVA non applicable.",
    )
    source = Source()
    town = Billing(regie, source)
    town.product("repas")
    with fake_plugin(SOURCE, billable_lines=lambda scope: source.billable_lines(scope)):
        yield town


@pytest.fixture
def paying(billing: Billing) -> Paying:
    """A household that owes 4,80 € for October: `paying.invoice`, its guardian signed in as `paying.user`."""
    guardian, (child,) = billing.household()
    billing.source.put(fact(child, guardian, date(2026, 10, 5)), fact(child, guardian, date(2026, 10, 6)))
    billing.bill()
    return Paying(billing, guardian, child, Invoice.objects.get())
