"""A new member of the communication team, on the first day: from a blank page to an article that is gone.

`redaction` writes with a picture and two documents, schedules, previews on a phone and submits; `validation` asks for a
change, then lets it be published; everybody reads it, then nobody does.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from core.testing.browser import DESKTOP, PHONE, Walk
from core.testing.server import environment
from tests.e2e.conftest import SHOTS

pytestmark = pytest.mark.e2e

TITLE = "La bibliothèque ouvre le samedi"
LATER = "La bibliothèque ouvre aussi le samedi"
SLUG = "la-bibliotheque-ouvre-le-samedi"
ASKED = "Dites « aussi » : elle reste ouverte en semaine."
DOCUMENTS = ("Calendrier scolaire", "Payer la cantine")
SCHEDULED = timedelta(hours=3)


def settle(agent: Walk, path: str) -> None:
    agent.go(path)
    agent.page.wait_for_load_state("networkidle")


def chosen(page: Page, button: str, title: str) -> None:
    """Open a chooser of Wagtail's and take one of its rows."""
    page.get_by_role("button", name=button).last.click()
    page.locator(".modal-content [data-chooser-modal-choice]").filter(has_text=title).first.click()
    page.locator(".modal-content").wait_for(state="detached")


def test_an_article_from_the_blank_page_to_its_end(walk: Callable[..., Walk], tmp_path: Path) -> None:
    writer, editor, reader = walk(DESKTOP), walk(DESKTOP), walk(PHONE)
    writer.sign_in("redaction")
    edit = writes(writer)
    schedules(writer)
    previews_on_a_phone(writer)
    submits(writer)
    editor.sign_in("validation")
    asks_for_a_change(editor)
    changes_and_submits_again(writer, edit)
    lets_it_be_published(editor, edit)
    assert not named(reader), "its hour has not come"
    the_hour_comes(tmp_path / "var")
    assert named(reader) == set(places(reader))
    is_read(reader)
    withdraws(editor, edit)
    assert not named(reader)
    for person in (writer, editor, reader):
        assert person.violations == []


def writes(writer: Walk) -> str:
    """A title, a picture, a text, two documents; returns the address of the editor's page."""
    page = writer.page
    settle(writer, "/gestion/pages/search/?content_type=actualites.newsindexpage&q=Actualit%C3%A9s")
    index = re.search(
        r"/(\d+)/", page.locator("main table a[href*='/edit/']").first.get_attribute("href") or ""
    )
    assert index
    settle(writer, f"/gestion/pages/add/actualites/newspage/{index[1]}/")
    page.locator("#id_title").press_sequentially(TITLE)
    page.locator("#id_lead").fill("De 10 h à 17 h, toute l’année. Le prêt reste gratuit.")
    chosen(page, "Choisir une image", "Les bords de Garonne")
    page.get_by_role("button", name="Insérer un bloc").first.click()
    page.get_by_role("option", name="Texte", exact=True).click()
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type("Romans, bandes dessinées, jeux : venez en famille.")
    for title in DOCUMENTS:
        page.get_by_role("button", name="Ajouter un(e) Document").click()
        chosen(page, "Choisir un document", title)
    page.locator("#id_category").select_option(label="Vie de la commune")
    page.get_by_label("Épinglée").check()
    page.wait_for_url(re.compile(r"/pages/\d+/edit/"))  # what is typed is kept by itself
    expect(page.get_by_text("Enregistré", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    return page.url.removeprefix(writer.base)


def schedules(writer: Walk) -> None:
    page = writer.page
    page.get_by_role("button", name="Afficher/masquer le statut").click()
    page.get_by_role("button", name="Programmer").click()
    hour = datetime.now(ZoneInfo("Europe/Paris")) + SCHEDULED
    page.locator("#id_go_live_at").fill(f"{hour:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Enregistrer la programmation").click()
    expect(page.get_by_text("Une fois publié :")).to_be_visible()
    page.wait_for_load_state("networkidle")


def previews_on_a_phone(writer: Walk) -> None:
    page = writer.page
    page.get_by_role("button", name="Afficher/masquer la prévisualisation").click()
    page.get_by_label("Prévisualiser au format mobile").check(force=True)
    shown = page.frame_locator(
        "iframe[title='Prévisualisation'], [data-preview-iframe], .w-preview__iframe"
    ).first
    expect(shown.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(shown.get_by_role("heading", name="Documents à télécharger")).to_be_attached()
    assert shown.locator("html").evaluate("html => html.clientWidth") <= PHONE["width"]
    writer.shot(SHOTS, "gestion-article-1280", full=False)


def acts(agent: Walk) -> list[str]:
    """What one may do with the page, in the menu of the foot."""
    page = agent.page
    page.get_by_role("button", name="Plus d'actions").click()
    return [
        words.strip()
        for words in page.locator(
            "footer [role=menu] button, footer .w-dropdown__content button"
        ).all_inner_texts()
    ]


def submits(writer: Walk) -> None:
    """Publishing is not offered; the page goes to whoever validates."""
    assert acts(writer) == ["Soumettre à Relecture avant publication"]
    writer.page.get_by_role("button", name="Soumettre à Relecture").click()
    expect(writer.page.get_by_text("a été soumise pour modération")).to_be_visible()


def asks_for_a_change(editor: Walk) -> None:
    page = editor.page
    settle(editor, "/gestion/")
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_load_state("networkidle")
    assert "Approuver" in acts(editor)
    page.get_by_role("button", name="Demander des modifications").click()
    page.locator(".modal-content textarea").fill(ASKED)
    page.locator(".modal-content").get_by_role("button", name="Demander des modifications").click()
    page.locator(".modal-content").wait_for(state="detached")
    page.wait_for_load_state("networkidle")


def changes_and_submits_again(writer: Walk, edit: str) -> None:
    """The word of the editor is on the page; the change is made, and sent."""
    page = writer.page
    settle(writer, edit)
    expect(page.get_by_text(ASKED).first).to_be_attached()
    page.locator("#id_title").fill(LATER)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_text("a été mise à jour")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Plus d'actions").click()
    page.get_by_role("button", name=re.compile("^Resoumettre")).first.click()
    page.wait_for_load_state("networkidle")


def lets_it_be_published(editor: Walk, edit: str) -> None:
    page = editor.page
    settle(editor, edit)
    expect(page.locator("#id_title")).to_have_value(LATER)
    page.get_by_role("button", name="Plus d'actions").click()
    page.get_by_role("button", name="Approuver", exact=True).click()
    expect(page.get_by_text(re.compile("approuvé|programmé")).first).to_be_visible()


def the_hour_comes(var: Path) -> None:
    """The job of `parvis tick`, as if the hour were there."""
    later = datetime.now(ZoneInfo("Europe/Paris")) + SCHEDULED + timedelta(minutes=1)
    code = (
        "import time_machine, django\n"
        f"with time_machine.travel({later.isoformat()!r}):\n"
        "    django.setup()\n"
        "    from django.core.management import call_command\n"
        "    call_command('publish_scheduled')\n"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(var), check=True)


def places(reader: Walk) -> list[str]:
    """Wherever an article of that category is named."""
    return [
        "/",
        "/actualites/",
        "/actualites/?categorie=vie-de-la-commune",
        f"/actualites/{SLUG}/",
        "/actualites/flux.rss",
        "/actualites/flux.atom",
        "/actualites/rubriques/vie-de-la-commune/flux.rss",
        "/espace-famille/",
        "/recherche/?q=bibliotheque",
        "/sitemap.xml",
        "/api/v1/actualites/",
        "/api/v1/actualites/?recherche=bibliotheque",
    ]


def named(reader: Walk) -> set[str]:
    """Where its title or its address is read."""
    found = {place: reader.page.request.get(reader.base + place) for place in places(reader)}
    return {
        place
        for place, answer in found.items()
        if answer.ok and (LATER in answer.text() or SLUG in answer.text())
    }


def is_read(reader: Walk) -> None:
    page = reader.page
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        reader.go("/")
        expect(page.get_by_role("link", name=LATER)).to_be_visible()
        reader.go("/actualites/")
        reader.check()
        reader.shot(SHOTS, f"actualites-{size['width']}", full=size is DESKTOP)
        reader.tap(page.get_by_role("link", name=LATER))
        expect(page.get_by_role("heading", level=1)).to_have_text(LATER)
        expect(page.locator(".files a")).to_have_count(len(DOCUMENTS))
        reader.check()
        reader.shot(SHOTS, f"actualite-{size['width']}", full=size is DESKTOP)
    data = json.loads(page.locator("script[type='application/ld+json']").inner_text())
    assert data["headline"] == LATER


def withdraws(editor: Walk, edit: str) -> None:
    page = editor.page
    settle(editor, edit.replace("/edit/", "/unpublish/"))
    page.get_by_role("button", name="Oui, la dépublier").click()
    page.wait_for_load_state("networkidle")
