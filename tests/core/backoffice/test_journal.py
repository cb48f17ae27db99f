"""The journal as agents with the right read it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from core.contracts.access import Trade
from core.kernel import journal
from core.kernel.models import JournalEntry
from core.testing.factories import AgentFactory, FamilyFactory

pytestmark = pytest.mark.django_db

QUOTIENT, READ = "families.quotient_recorded", "families.court_decision_read"


def rows(client: Client, query: str = "") -> int:
    """Rows of the page."""
    answer = client.get(f"/gestion/journal/?{query}")
    assert answer.status_code == 200
    return answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>")


def test_all_of_it_is_read_filtered_and_taken_away(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    boss = AgentFactory(username="anne", trades=[Trade.ADMIN])
    family, other = FamilyFactory(), FamilyFactory()
    client.force_login(boss)
    assert "Aucune entrée" in client.get("/gestion/journal/").content.decode()
    for rank in range(3):
        changes = {"value_cents": [None, rank], "yes": [True, False]}
        journal.record(
            actor=boss, act=QUOTIENT, object=family, concerning=[family], changes=changes, reason="r"
        )
    journal.read(actor=None, act=READ, object=other, concerning=[other])
    with django_assert_max_num_queries(14):
        page = client.get("/gestion/journal/").content.decode()
    assert "Quotient familial enregistré" in page
    assert "value_cents : — → 2" in page
    assert "yes : oui → non" in page
    assert "traitement automatique" in page
    assert rows(client) == 4
    assert rows(client, f"objet={other.pk}") == 1
    assert rows(client, "agent=ANNE") == 3
    assert rows(client, "nature=consultations") == 1
    assert rows(client, f"acte={QUOTIENT}") == 3
    assert rows(client, "du=2026-11-23&au=2026-11-23") == 4
    assert rows(client, "au=2026-11-22") == 0
    assert "Saisissez" in client.get("/gestion/journal/?objet=zzz").content.decode()
    file = client.get("/gestion/journal/?export=csv")
    assert b"Quotient familial" in b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert JournalEntry.objects.filter(act="backoffice.list_exported").count() == 1


def test_taking_it_away_is_a_right_of_its_own(client: Client) -> None:
    agent = AgentFactory(trades=[Trade.KITCHEN])
    agent.user_permissions.add(Permission.objects.get(codename="view_journalentry"))
    client.force_login(agent)
    assert "export=csv" not in client.get("/gestion/journal/").content.decode()
    assert client.get("/gestion/journal/?export=csv").status_code == 404
