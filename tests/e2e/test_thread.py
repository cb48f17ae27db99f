"""The thread of the town: news → sign in → household → canteen → the month's invoice → payment → receipt.

Walked at 390 and 1280 px; the pictures of the README and of the docs are taken here (`make pictures` writes them).
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.testing.browser import DESKTOP, PHONE, Walk
from tests.e2e.conftest import SHOTS

pytestmark = pytest.mark.e2e


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def looked_at(person: Walk, name: str, words: str) -> None:
    """The page is the one expected, without fault, and its picture is kept."""
    title(person.page, words)
    person.check()
    width = person.page.viewport_size["width"]  # type: ignore[index]
    person.page.evaluate("scrollTo(0, 0)")
    person.shot(SHOTS, f"{name}-{width}", full=width > PHONE["width"])  # a phone: what is seen at once


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["390", "1280"])
def test_the_whole_thread(walk: Callable[..., Walk], size: dict[str, int]) -> None:
    parent = walk(size)
    reads_the_news(parent)
    signs_in_and_reads_the_household(parent)
    days = books_the_holidays(parent)
    books_the_canteen_and_changes(parent)
    bills_the_month(walk(size))
    pays_and_keeps_the_receipt(parent)
    assert days == 2
    assert len(parent.checked) >= 12


def reads_the_news(person: Walk) -> None:
    person.go("/")
    looked_at(person, "accueil", "Bassens")
    person.tap(person.page.get_by_role("link", name="Vacances de Noël").first)
    looked_at(person, "article", "Vacances de Noël")
    person.go("/espace-famille/")
    looked_at(person, "reception", "Espace Famille")


def signs_in_and_reads_the_household(person: Walk) -> None:
    person.go("/connexion/")
    looked_at(person, "connexion", "Se connecter")
    person.sign_in("parent")
    looked_at(person, "espace-famille", "Bonjour Nora")
    person.go("/espace-famille/mon-espace/")
    expect(person.page.get_by_text("Sami Lacaze")).to_be_visible()
    looked_at(person, "mon-espace", "Mon espace")


def books_the_holidays(person: Walk) -> int:
    """Two days of the leisure centre, for one child; returns how many were confirmed."""
    page = person.page
    person.go("/espace-famille/")
    person.tap(page.get_by_role("link", name="Réserver", exact=True))
    looked_at(person, "reservations", "Réserver")
    person.tap(page.get_by_role("link", name="Vacances de Noël"))
    free = page.get_by_role("checkbox", name=re.compile("Léa"), checked=False, disabled=False)
    for _ in range(2):
        person.tap(free.first)
    expect(page.locator("[data-change]")).to_be_visible()
    looked_at(person, "reservations-vacances", "Réserver")
    person.tap("Voir le récapitulatif")
    looked_at(person, "recapitulatif", "Vérifier et confirmer")
    confirm = page.get_by_role("button", name=re.compile(r"Confirmer 2 réservations — .*€"))
    person.tap(confirm)
    expect(page.get_by_text(re.compile("2 réservations|enregistré"))).not_to_have_count(0)
    person.check()
    return 2


def books_the_canteen_and_changes(person: Walk) -> None:
    """Two meals of December, then one less."""
    page = person.page
    person.go("/espace-famille/reservations/")
    person.tap(page.get_by_role("link", name="Décembre 2026"))
    name = re.compile("Cantine.*Sami")
    free = page.get_by_role("checkbox", name=name, checked=False, disabled=False)
    booked = page.get_by_role("checkbox", name=name, checked=True, disabled=False)
    for expected in (2, 1):
        for _ in range(expected):
            person.tap((free if expected == 2 else booked).first)
        person.tap("Voir le récapitulatif")
        person.tap(page.get_by_role("button", name=re.compile("Confirmer")))
        title(page, "Réserver")
        expect(booked).to_have_count(expected)


def bills_the_month(agent: Walk) -> None:
    """Facturation bills October, the last finished month."""
    page = agent.page
    agent.sign_in("facturation")
    agent.go("/gestion/facturation/calculs/nouveau/")
    agent.check("light")
    page.get_by_label("Mois").select_option(label="octobre 2026")
    page.locator("form").get_by_role("button", name=re.compile("calcul", re.IGNORECASE)).click()
    issue = page.get_by_role("button", name=re.compile("Émettre — "))
    expect(issue).to_be_visible(timeout=60_000)
    agent.check("light")
    agent.shot(SHOTS, f"calcul-{page.viewport_size['width']}")  # type: ignore[index]
    issue.click()
    expect(page.get_by_role("link", name="Voir les factures")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Voir les factures").click()
    expect(page).to_have_url(re.compile(r"/factures/\?mois=2026-10"))
    agent.check("light")


def pays_and_keeps_the_receipt(person: Walk) -> None:
    page = person.page
    person.go("/espace-famille/")
    person.tap(page.get_by_role("link", name="Factures", exact=True))
    looked_at(person, "factures", "Mes factures")
    person.tap(page.get_by_role("link", name=re.compile("octobre 2026")).first)
    looked_at(person, "facture", "Facture d’octobre 2026")
    address = page.get_by_role("link", name=re.compile("PDF")).get_attribute("href")
    assert page.context.request.get(f"{person.base}{address}").body().startswith(b"%PDF")
    person.tap(page.get_by_role("button", name=re.compile(r"Payer .*€")).first)
    looked_at(person, "banque", "Banque de démonstration")
    person.tap("Accepter le paiement")
    looked_at(person, "paiement", "votre paiement est enregistré")
    person.tap("Voir mon reçu")
    looked_at(person, "recu", "Reçu")
