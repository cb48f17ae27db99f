"""Who is told what while an article is read before its publication; what one compares and takes up again."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import WorkflowState

from core.contracts.access import Trade
from core.testing.factories import AgentFactory
from plugins.actualites.models import NewsPage
from tests.plugins.actualites.test_publishing import form

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> dict[Trade, Any]:
    return {
        trade: AgentFactory(trades=[trade], email=f"{trade.name.lower()}@example.org")
        for trade in (Trade.WRITER, Trade.EDITOR)
    }


def of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent() -> list[tuple[list[str], str]]:
    found = [(message.to, message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return found


def test_each_is_told_in_french_what_to_do(team: dict[Trade, Any], publish: Any) -> None:
    news = publish("La rentrée", live=False)
    writer, editor = of(team[Trade.WRITER]), of(team[Trade.EDITOR])
    edit = reverse("wagtailadmin_pages:edit", args=[news.pk])
    writer.post(edit, form("La rentrée", **{"action-submit": "1"}))
    ((to, subject),) = sent()
    assert to == ["editor@example.org"]
    assert "La rentrée" in subject
    assert "soumise" in subject
    state = WorkflowState.objects.get()
    reject = reverse(
        "wagtailadmin_pages:workflow_action", args=[news.pk, "reject", state.current_task_state.pk]
    )
    editor.post(reject, {"comment": "Ajoutez la date."})
    ((to, subject),) = sent()
    assert to == ["writer@example.org"]
    assert "La rentrée" in subject
    assert not {"rejected", "submitted", "approved"} & set(subject.split())
    news.refresh_from_db()
    assert not news.live
    assert "Ajoutez la date." in writer.get(edit).content.decode()


def test_two_versions_are_compared_and_the_first_comes_back(team: dict[Trade, Any], publish: Any) -> None:
    news = publish("Horaires d’hiver", live=False)
    editor = of(team[Trade.EDITOR])
    edit = reverse("wagtailadmin_pages:edit", args=[news.pk])
    editor.post(edit, form("Horaires d’hiver"))
    editor.post(edit, form("Horaires de printemps", readers="families"))
    first, second = news.revisions.order_by("created_at")
    compared = editor.get(
        reverse("wagtailadmin_pages:revisions_compare", args=[news.pk, first.pk, second.pk])
    ).content.decode()
    assert "Réservé à" in compared
    assert "Toutes les familles, une fois connectées" in compared
    assert "Tout le monde" in compared
    editor.post(edit, form("Horaires d’hiver", **{"action-publish": "1", "revision": str(first.pk)}))
    assert NewsPage.objects.get(pk=news.pk).title == "Horaires d’hiver"
    assert NewsPage.objects.get(pk=news.pk).readers == ""
