"""Whoever computes what is due does not collect it (ordonnateur and comptable are apart): said, never hidden."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from core.contracts.access import Trade
from core.testing.factories import AgentFactory

pytestmark = pytest.mark.django_db


def test_whoever_is_on_both_sides_of_public_money_is_told(client: Client) -> None:
    client.force_login(AgentFactory(trades=[Trade.ADMIN]))
    agent = AgentFactory(trades=[Trade.BILLING])
    here = f"/gestion/agents/{agent.pk}/"
    assert "l’ordonnateur et le régisseur" not in client.get(here).content.decode()
    group = Group.objects.get(name=Trade.CASHIER.value)
    page = client.post(here, {"trade": group.pk}, follow=True).content.decode()
    assert "maintenant des deux côtés" in page
    assert "l’ordonnateur et le régisseur" in page
