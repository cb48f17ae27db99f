"""In /gestion/: who writes submits, who validates publishes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import WorkflowState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from core.contracts.access import Trade
from core.pages.library import LibraryDocument
from core.testing.factories import AgentFactory
from plugins.actualites.models import NewsIndexPage, NewsPage

pytestmark = pytest.mark.django_db


def as_(trade: Trade) -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[trade]))
    return client


def form(title: str, **act: str) -> dict[str, Any]:
    return nested_form_data(
        {
            "title": title,
            "slug": "la-rentree",
            "lead": "Tout ce qu’il faut savoir.",
            "date": "2026-11-23",
            "author_service": "",
            "picture": "",
            "body": streamfield([("text", rich_text("<p>Bonjour.</p>"))]),
            "documents": inline_formset([]),
            "comments": inline_formset([]),
            **act,
        }
    )


@pytest.fixture
def written(news_index: NewsIndexPage) -> NewsPage:
    """An article that who writes has just begun."""
    add = reverse("wagtailadmin_pages:add", args=["actualites", "newspage", news_index.pk])
    response = as_(Trade.WRITER).post(add, form("La rentrée"))
    assert response.status_code == 302, response.context["form"].errors
    return NewsPage.objects.get(slug="la-rentree")


def test_who_writes_has_the_screen_in_french(news_index: NewsIndexPage) -> None:
    add = reverse("wagtailadmin_pages:add", args=["actualites", "newspage", news_index.pk])
    page = as_(Trade.WRITER).get(add).content.decode()
    for words in ("Chapô", "Service auteur", "Documents à télécharger", "Intertitre", "Encadr"):
        assert words.lower() in page.lower(), words
    assert "Soumettre à Relecture avant publication" in page.replace("&#x27;", "’")
    assert 'name="action-publish"' not in page


def test_who_writes_cannot_publish(written: NewsPage) -> None:
    assert not written.live
    edit = reverse("wagtailadmin_pages:edit", args=[written.pk])
    as_(Trade.WRITER).post(edit, form("La rentrée", **{"action-publish": "1"}))
    written.refresh_from_db()
    assert not written.live
    assert Client().get("/actualites/la-rentree/").status_code == 404


def test_what_is_submitted_is_approved_and_read_by_everybody(written: NewsPage, client: Client) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[written.pk])
    as_(Trade.WRITER).post(edit, form("La rentrée est là", **{"action-submit": "1"}))
    workflow = WorkflowState.objects.get()
    assert workflow.status == WorkflowState.STATUS_IN_PROGRESS
    approve = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[written.pk, "approve", workflow.current_task_state.pk],
    )
    as_(Trade.WRITER).post(approve, {"comment": ""})
    written.refresh_from_db()
    assert not written.live, "who writes does not approve"
    as_(Trade.EDITOR).post(approve, {"comment": ""})
    assert "La rentrée est là" in client.get("/actualites/la-rentree/").content.decode()


def test_who_validates_publishes_and_withdraws(written: NewsPage, client: Client) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[written.pk])
    editor = as_(Trade.EDITOR)
    editor.post(edit, form("La rentrée", **{"action-publish": "1"}))
    assert client.get("/actualites/la-rentree/").status_code == 200
    editor.post(reverse("wagtailadmin_pages:unpublish", args=[written.pk]))
    assert client.get("/actualites/la-rentree/").status_code == 404


def test_the_same_document_twice_is_an_error_of_the_form(written: NewsPage) -> None:
    document = LibraryDocument.objects.create(title="Menus", file="documents/m.pdf", file_size=1000)
    joined = [{"document": str(document.pk)}, {"document": str(document.pk)}]
    edit = reverse("wagtailadmin_pages:edit", args=[written.pk])
    twice = nested_form_data({"documents": inline_formset(joined)})
    response = as_(Trade.EDITOR).post(edit, form("La rentrée", **{"action-publish": "1"}) | twice)
    assert response.status_code == 200
    assert response.context["form"].formsets["documents"].errors


def test_other_trades_edit_nothing(written: NewsPage) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[written.pk])
    assert as_(Trade.BILLING).get(edit).status_code in (302, 403, 404)


def test_the_preview_shows_what_is_not_saved(written: NewsPage) -> None:
    writer = as_(Trade.WRITER)
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[written.pk])
    assert writer.post(preview, form("Titre à l’essai")).json()["is_valid"]
    assert "Titre à l’essai" in writer.get(preview).content.decode()


def test_the_preview_stands_in_a_frame_of_the_editor_under_the_policy_of_visitors(written: NewsPage) -> None:
    writer = as_(Trade.WRITER)
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[written.pk])
    writer.post(preview, form("Titre à l’essai"))
    policy = writer.get(preview)["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in Client().get("/")["Content-Security-Policy"]
