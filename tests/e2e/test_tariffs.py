"""Tariffs in a browser: an agent encodes the one of a town's page, a parent finds why a price is what it is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.testing.browser import DESKTOP, PHONE, Walk
from tests.e2e.conftest import SHOTS

pytestmark = pytest.mark.e2e

WAGTAIL = ("#wagtail-sidebar", "#header", ".w-slim-header", ".messages")

# https://trois-bassins.re/restauration-scolaire: the page as it is printed.
PRINTED = (
    ("moins de 228,67", "0,60"),
    ("de 228,83 à 381,12", "0,90"),
    ("de 381,27 à 647,91", "1,15"),
    ("plus de 647,91", "1,80"),
)


def seen(agent: Walk, name: str, shots: Path) -> None:
    """One more screen, without fault; its picture is what the tutorial shows."""
    agent.screen()
    agent.check("light", exclude=WAGTAIL)
    agent.page.evaluate("scrollTo(0, 0)")
    agent.shot(shots, f"tarif-{agent.screens:02d}-{name}-1280")


def compose(agent: Walk, shots: Path) -> None:
    """The canteen of Trois-Bassins, from a blank page to its publication."""
    page = agent.page
    agent.go("/gestion/tarifs/")
    agent.tap("Composer un tarif")
    page.get_by_label("Nom du tarif").fill("Restauration au quotient")
    page.get_by_label("Pour quelle activité").select_option(label="Une autre activité")
    page.get_by_label("Valable à partir du").fill("2027-01-04")
    seen(agent, "commencer", shots)
    agent.tap("Commencer")

    agent.tap("Modifier : dates, délibération, coût, arrondi")
    page.get_by_label("Numéro de la délibération").fill("2026-11-07")
    page.get_by_label("Date de la délibération").fill("2026-11-19")
    pdf = {"name": "deliberation.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 essai"}
    page.get_by_label("Texte de la délibération").set_input_files(pdf)  # type: ignore[arg-type]
    page.get_by_label("Coût de revient").fill("9,40")
    seen(agent, "deliberation", shots)
    agent.tap("Enregistrer")

    agent.tap("Modifier les critères")
    page.get_by_label("Critère", exact=True).first.fill("justificatif")
    page.get_by_label("Nature").first.select_option(label="oui ou non")
    page.get_by_label("Valeurs, une par ligne").first.fill("reçu après la facturation\nreçu à temps")
    page.get_by_label("Valeur habituelle").first.fill("reçu à temps")
    seen(agent, "criteres", shots)
    agent.tap("Enregistrer les critères")

    agent.tap("Ajouter le premier élément du prix")
    page.get_by_label("Ce que la facture dit").fill("Repas")
    page.get_by_label("Nature").select_option(label="repas")
    page.get_by_label("Code de facturation").fill("restauration-repas")
    seen(agent, "element", shots)
    agent.tap("Enregistrer cet élément")

    agent.tap("Un prix par tranche de quotient familial")
    for rank, (bounds, amount) in enumerate(PRINTED, start=1):
        page.get_by_label(f"Tranche, ligne {rank}").fill(bounds)
        page.get_by_label(f"Prix (€), ligne {rank}").fill(amount)
    agent.tap("Enregistrer cette étape")
    expect(page.get_by_role("alert")).to_contain_text("228,67")  # what the printed page leaves out
    page.get_by_label("Dans un trou entre deux tranches").select_option(label="le prix le plus élevé")
    seen(agent, "tranches", shots)
    agent.tap("Enregistrer cette étape")

    for words, case, name in (
        ("hors commune", "Hors commune", "hors-commune"),
        ("reçu après la facturation", "Justificatif reçu après la facturation", "retard"),
    ):
        agent.tap(page.get_by_text("Ajouter une étape", exact=True))
        agent.tap(page.locator(".g-kinds").first.get_by_role("link", name="Un prix fixe"))
        page.get_by_label("Prix (€)").fill("1,80")
        page.get_by_label("Mots de l’explication").fill(case)
        agent.tap(page.get_by_text("Seulement dans certains cas"))
        agent.tap(page.get_by_label(words))
        seen(agent, name, shots)
        agent.tap("Enregistrer cette étape")

    agent.tap("Donner des exemples")
    examples = (
        ("Deuxième tranche", "300", {}, "0,90"),
        ("Sans justificatif", "", {}, "1,80"),
        ("Hors commune", "200", {"Commune": "hors commune"}, "1,80"),
        ("Reçu trop tard", "300", {"Justificatif": "reçu après la facturation"}, "1,80"),
        ("Dans un trou", "228,70", {}, "1,80"),
    )
    for rank, (name, quotient, facts, expected) in enumerate(examples, start=1):
        page.get_by_label(f"Le cas, ligne {rank}").fill(name)
        page.get_by_label(f"QF, ligne {rank}").fill(quotient)
        for fact, words in facts.items():
            page.get_by_label(f"{fact}, ligne {rank}").select_option(label=words)
        page.get_by_label(f"Prix attendu (€), ligne {rank}").fill(expected)
    seen(agent, "exemples", shots)
    agent.tap("Enregistrer les exemples")

    expect(page.get_by_text("Tous ses exemples passent")).to_be_visible()
    seen(agent, "ensemble", shots)
    agent.tap("Enregistrer le brouillon")
    expect(page.get_by_text("passe", exact=True)).to_have_count(5)
    seen(agent, "publier", shots)
    agent.tap("Publier ce tarif")
    expect(page.get_by_text("Le tarif est publié")).to_be_visible()


def test_a_tariff_of_a_town_page_takes_twelve_screens_at_most(walk: Callable[..., Walk]) -> None:
    agent = walk(DESKTOP)
    agent.sign_in("facturation")
    compose(agent, SHOTS)
    assert agent.screens <= 12
    assert len(agent.checked) == agent.screens


def explained(parent: Walk, question: str) -> None:
    """A price is in front of the parent: how many taps to the sentences that make it."""
    parent.taps = 0
    expect(parent.page.locator(".amount").filter(visible=True).first).to_be_visible()
    parent.tap(parent.page.get_by_text(question).filter(visible=True).first)
    reason = parent.page.get_by_text(re.compile("^Tarif «.+en vigueur")).filter(visible=True).first
    expect(reason).to_be_visible()
    assert parent.taps <= 2


def test_from_a_price_to_its_reason_in_two_taps(walk: Callable[..., Walk]) -> None:
    parent = walk(PHONE)
    parent.sign_in("parent")
    parent.go("/espace-famille/reservations/")
    explained(parent, "Pourquoi ces prix pour")
    parent.tap("Calculer mon tarif, voir les grilles")
    explained(parent, "Pourquoi ce prix")
    parent.check("light")
    parent.go("/espace-famille/factures/")
    parent.tap(parent.page.locator("main a[href*='/factures/']").first)
    explained(parent, "Pourquoi ce prix")


def test_a_visitor_finds_prices_from_the_reception(walk: Callable[..., Walk]) -> None:
    visitor = walk(PHONE)
    visitor.go("/espace-famille/")
    visitor.tap("Calculer mon tarif, sans compte")
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Calculer mon tarif")
