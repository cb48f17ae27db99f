"""Fixtures of facturation: a town that bills, with a source of its own."""

from collections.abc import Iterator

import pytest

from core.testing.hooks import fake_plugin
from plugins.facturation.models import Regie
from tests.plugins.facturation.town import SOURCE, Billing, Source


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
