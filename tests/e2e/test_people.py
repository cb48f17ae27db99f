"""Families and the town as agents and parents see them, on a phone and on a desk: no fault of axe, nothing cut."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.testing.browser import DESKTOP, PHONE, Walk
from tests.e2e.conftest import SHOTS

pytestmark = pytest.mark.e2e

SIZES = (PHONE, DESKTOP)
FILE = (
    "Référence de la famille;Nom de la famille;Adresse;Code postal;Commune;Prénom 1;Nom 1;Courriel 1\n"
    "E2E-1;Famille Lafargue;1 rue du Port;33530;Bassens;Inès;Lafargue;ines@example.org\n"
    "E2E-2;Famille Ducasse;2 rue du Port;33530;Bassens;;Ducasse;\n"
)
CUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def seen(person: Walk, name: str, *schemes: str) -> None:
    """In both sizes: nothing wider than the screen, no fault of axe, its picture kept."""
    page = person.page
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.wait_for_load_state("networkidle")
        person.check(*schemes)
        assert page.evaluate(CUT) <= 0, f"{page.url} is cut at {size['width']}"
        person.shot(SHOTS, f"{name}-{size['width']}")


def visited(person: Walk, pages: dict[str, str], *schemes: str) -> None:
    for name, path in pages.items():
        person.go(path)
        seen(person, name, *schemes)


def test_an_agent_brings_families_and_writes_at_the_desk(walk: Callable[..., Walk]) -> None:
    agent = walk(DESKTOP)
    page = agent.page
    agent.sign_in("enfance")
    agent.go("/gestion/imports/familles/")
    seen(agent, "import", "light")
    page.set_input_files(
        "input[type=file]", {"name": "familles.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    agent.tap(page.locator("main form button[type=submit]").first)
    expect(page.get_by_text("3", exact=True).first).to_be_visible()
    seen(agent, "import-lu", "light")

    agent.go("/gestion/familles/")
    agent.tap(page.locator(".g-table tbody a").first)
    sheet = re.sub(r"^https?://[^/]+", "", page.url)
    seen(agent, "fiche", "light")
    desk = {"adresse": "adresse", "responsable": "responsables/nouveau", "enfant": "enfants/nouveau"}
    visited(agent, {f"guichet-{name}": f"{sheet}{path}/" for name, path in desk.items()}, "light")
    agent.go(f"{sheet}contacts/nouveau/")
    agent.tap(page.locator("main form button[type=submit]").first)
    expect(page.get_by_text("Ce champ est obligatoire.").first).to_be_visible()
    seen(agent, "guichet-contact-vide", "light")
    visited(agent, {"parts-et-droits": f"{sheet}parts-et-droits/"}, "light")
    assert agent.violations == []


def test_an_agent_closes_a_day_and_reads_what_stands_on_it(walk: Callable[..., Walk]) -> None:
    admin = walk(DESKTOP)
    page = admin.page
    admin.sign_in("admin")
    tables = ("fermetures", "vacances", "lieux", "contacts", "horaires")
    visited(admin, {f"commune-{name}": f"/gestion/commune/{name}/" for name in tables}, "light")
    admin.go("/gestion/commune/fermetures/nouveau/")
    seen(admin, "fermeture", "light")
    page.get_by_label(re.compile("Premier jour")).fill("2026-12-03")
    page.get_by_label(re.compile("Dernier jour")).fill("2026-12-03")
    page.get_by_label(re.compile("Raison")).fill("Neige")
    admin.tap(page.locator("main form button[type=submit]").first)
    admin.go("/gestion/commune/changements/")
    seen(admin, "changements", "light")
    admin.tap(page.locator("main a").filter(has_text="03/12/2026").first)
    expect(page.get_by_role("link", name=re.compile("Restauration scolaire")).first).to_be_visible()
    seen(admin, "changement", "light")
    assert admin.violations == []


def test_a_parent_asks_and_an_agent_answers(walk: Callable[..., Walk]) -> None:
    parent = walk(PHONE)
    page = parent.page
    parent.sign_in("voisin")
    parent.go("/espace-famille/factures/")
    parent.tap(page.locator("main a[href*='/factures/']").filter(has_text="Facture").first)
    seen(parent, "facture")
    parent.tap("Poser une question sur cette facture")
    parent.tap("Envoyer ma question")
    seen(parent, "question-vide")
    page.get_by_label("Un jour facturé par erreur").check()
    page.get_by_label(re.compile("Votre question")).last.fill("Léa n’est pas venue le 6 octobre.")
    parent.tap("Envoyer ma question")
    expect(page.get_by_text("Votre question est envoyée")).to_be_visible()
    seen(parent, "question-envoyee")
    reference = re.search(r"D\d\d-\w{6}", page.locator("main").inner_text())[0]  # type: ignore[index]

    agent = walk(DESKTOP)
    agent.sign_in("facturation")
    agent.go("/gestion/demandes/")
    seen(agent, "demandes", "light")
    agent.tap(agent.page.get_by_role("link", name=re.compile(reference)).first)
    seen(agent, "demande", "light")
    agent.page.get_by_label(re.compile("Votre réponse")).fill("Le 6 octobre est annulé.")
    agent.tap("Accepter la demande")
    expect(agent.page.get_by_text("la famille est prévenue")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Le 6 octobre est annulé.")).to_be_visible()
    assert parent.violations + agent.violations == []
