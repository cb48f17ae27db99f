"""Three photographs sent from a phone without a script, one of them wrong; an agent looks, the parent reads the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from core.testing.browser import DESKTOP, PHONE, Walk
from tests.core.documents.files import pdf, photo
from tests.e2e.conftest import SHOTS

pytestmark = pytest.mark.e2e


def named(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def seen(person: Walk, name: str, words: str) -> None:
    """The page is the one expected, without fault, and its picture is kept."""
    expect(person.page.get_by_role("heading", level=1)).to_contain_text(words)
    person.check()
    width = person.page.viewport_size["width"]  # type: ignore[index]
    person.shot(SHOTS, f"{name}-{width}")


def test_papers_from_a_phone_to_their_end(walk: Callable[..., Walk]) -> None:
    parent = walk(PHONE, java_script_enabled=False)
    page = parent.page
    parent.sign_in("parent")
    parent.go("/espace-famille/documents/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mes documents")
    parent.tap("Attestation d’assurance scolaire, Sami")
    expect(page.get_by_label("Sami")).to_be_checked()
    page.get_by_label("Précision pour la mairie").fill("Deux pages")
    parent.tap("Envoyer le document")
    expect(page.get_by_text("Choisissez au moins un fichier, ou prenez une photo.").first).to_be_visible()
    expect(page.get_by_label("Précision pour la mairie")).to_have_value("Deux pages")
    page.get_by_label("Choisir des photos ou des PDF").set_input_files(
        [
            named("IMG_1.HEIC", "image/heic", photo((900, 1200), "HEIF")),
            named("IMG_2.jpg", "image/jpeg", photo((1200, 900))),
            named("contrat.pdf", "application/pdf", pdf(password="secret")),
        ]
    )
    parent.tap("Envoyer le document")
    expect(page.get_by_text("Votre document est envoyé.")).to_be_visible()
    expect(page.get_by_text("protégé par un mot de passe")).to_be_visible()
    expect(page.get_by_role("link", name="IMG_1.jpg")).to_be_visible()
    address = page.url.removeprefix(parent.base)

    agent = walk(DESKTOP)
    agent.sign_in("enfance")
    agent.go(address.replace("/espace-famille/documents/", "/gestion/pieces/"))
    expect(agent.page.get_by_role("img", name="Page 1 : IMG_1.jpg")).to_be_visible()
    agent.tap("Ce document convient")
    expect(agent.page.get_by_text("Le document est vérifié.")).to_be_visible()

    reader = walk(PHONE)
    reader.sign_in("parent")
    reader.go(address)
    expect(reader.page.get_by_text("Vérifié par la mairie")).to_be_visible()
    seen(reader, "document-verifie", "Attestation d’assurance scolaire")
    reader.go("/espace-famille/documents/envoyer/vaccinations/")
    seen(reader, "document-envoyer", "Certificat de vaccinations")
    reader.go("/espace-famille/documents/")
    seen(reader, "documents", "Mes documents")
    reader.go("/espace-famille/mon-espace/journal/")
    expect(reader.page.get_by_text("Fichier d’un document lu").first).to_be_visible()
