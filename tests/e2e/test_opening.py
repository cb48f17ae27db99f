"""Opening an account on a phone: with the letter's code, at the desk, and for a family that the town does not know."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from core.testing.browser import DESKTOP, PHONE, Walk
from tests.e2e.conftest import SHOTS

pytestmark = pytest.mark.e2e

SECRET = "Cour!Tilleul7"


def seen(person: Walk, name: str, words: str) -> None:
    """The page is the one expected, without fault, and its picture is kept."""
    expect(person.page.get_by_role("heading", level=1)).to_contain_text(words)
    person.check()
    width = person.page.viewport_size["width"]  # type: ignore[index]
    person.shot(SHOTS, f"{name}-{width}")


def fill(page: Page, typed: dict[str, str]) -> None:
    """Fill fields by their label, « (facultatif) » apart."""
    for label, value in typed.items():
        page.get_by_label(label, exact=True).fill(value)


def test_a_letter_opens_an_account(walk: Callable[..., Walk]) -> None:
    parent = walk(PHONE)
    page = parent.page
    parent.go("/demo/courrier/")
    parent.tap("Votre code d’activation")
    seen(parent, "lettre-demo", "Votre code d’activation")
    paper = page.request.get(
        parent.base + page.get_by_role("link", name="Lire la lettre").get_attribute("href")
    )
    text = PdfReader(BytesIO(paper.body())).pages[0].extract_text()
    code = re.search(r"\b(?:\w{4}-){2}\w{4}\b", text)[0]  # type: ignore[index]
    name = text.splitlines()[1].split()[-1]

    parent.go("/connexion/")
    parent.tap(page.get_by_role("link", name=re.compile("code")).first)
    seen(parent, "activer", "Vous avez un code d’activation")
    parent.tap("Continuer")
    seen(parent, "activer-erreurs", "Vous avez un code d’activation")
    fill(
        page,
        {
            "Code d’activation": code.lower(),
            "Votre nom": name.upper(),
            "Votre date de naissance": "31/02/1985",
        },
    )
    parent.tap("Continuer")
    expect(page.get_by_label("Votre nom", exact=True)).to_have_value(name.upper())
    fill(page, {"Votre date de naissance": "14/07/1985"})
    parent.tap("Continuer")
    seen(parent, "activer-compte", "Bonjour")
    fill(
        page,
        {
            "Identifiant": "samira.b",
            "Adresse électronique": "samira@parvis.example",
            "Mot de passe": "azerty",
        },
    )
    parent.tap("Ouvrir mon compte")
    seen(parent, "activer-compte-erreurs", "Bonjour")
    expect(page.get_by_label("Identifiant", exact=True)).to_have_value("samira.b")
    fill(page, {"Mot de passe": SECRET})
    page.get_by_label("Le même mot de passe, une seconde fois").fill(SECRET)
    parent.tap("Ouvrir mon compte")
    seen(parent, "premiere-visite", "Bonjour")

    parent.go("/demo/courrier/")
    parent.tap("Confirmez votre adresse électronique")
    page.locator('a[href*="/compte/verifier/"]').click()
    seen(parent, "adresse", "Confirmer votre adresse")
    parent.tap("Confirmer cette adresse")
    seen(parent, "adresse-confirmee", "Votre adresse est confirmée")
    parent.sign_out()
    parent.sign_in("samira@parvis.example", SECRET)
    seen(parent, "espace", "Bonjour")


def test_a_new_family_asks_and_is_answered(walk: Callable[..., Walk]) -> None:
    parent, agent = walk(PHONE), walk(DESKTOP)
    page = parent.page
    parent.go("/compte/demander/")
    seen(parent, "demander", "Demander un compte")
    fill(page, {"Votre adresse électronique": "lea.nouvelle@parvis.example"})
    parent.tap("Recevoir le lien")
    seen(parent, "demander-envoye", "Regardez vos messages")
    parent.go("/demo/courrier/")
    parent.tap("Ouvrez votre compte de l’Espace Famille")
    page.locator('a[href*="/compte/demander/"]').click()
    seen(parent, "creer-compte", "Créer mon compte")
    fill(
        page,
        {"Votre prénom": "Léa", "Votre nom": "O’Nouvelle", "Identifiant": "lea.n", "Mot de passe": SECRET},
    )
    page.get_by_label("Le même mot de passe, une seconde fois").fill(SECRET)
    parent.tap("Créer mon compte")
    seen(parent, "sans-famille", "Votre compte n’est pas encore relié à une famille")

    parent.tap("Inscrire ma famille")
    page.get_by_label("Téléphone").fill("06 11 22 33 44")
    page.locator("#id_foyer-birth_date").fill("7-3-1990")
    fill(page, {"Numéro et rue": "3 rue du Port", "Code postal": "33530", "Commune": "Bassens"})
    for rank, (first, born) in enumerate([("Lou", "14092019"), ("Noé", "02/01/2022")]):
        if rank:
            parent.tap("Ajouter un enfant")
        page.locator(f"#id_enfant-{rank}-first_name").fill(first)
        page.locator(f"#id_enfant-{rank}-last_name").fill("O’Nouvelle")
        page.locator(f"#id_enfant-{rank}-birth_date").fill(born)
    seen(parent, "inscrire", "Inscrire ma famille")
    parent.tap("Relire ma demande")
    expect(page.get_by_text("14/09/2019")).to_be_visible()
    seen(parent, "relire", "Inscrire ma famille")
    parent.tap("Envoyer ma demande")
    seen(parent, "suivre", "Inscrire ma famille")

    agent.sign_in("enfance")
    agent.go("/gestion/demandes/")
    expect(agent.page.get_by_role("heading", level=1)).to_contain_text("Demandes")
    agent.check()
    agent.shot(SHOTS, "file-des-demandes-1280")
    row = agent.page.get_by_role("row").filter(has_text="O’Nouvelle")
    row.get_by_role("link").click()
    agent.check()
    agent.shot(SHOTS, "demande-1280")
    agent.page.get_by_label("Ce que vous demandez à la famille").fill("Pour quelle école ?")
    agent.page.get_by_role("button", name="Envoyer à la famille").click()
    expect(agent.page.get_by_text("La famille est prévenue")).to_be_visible()

    page.reload()
    expect(page.get_by_text("La mairie attend votre réponse")).to_be_visible()
    seen(parent, "repondre", "Inscrire ma famille")
    page.get_by_label("Votre message").fill("Villon, si possible.")
    parent.tap("Envoyer ma réponse")
    agent.page.reload()
    expect(agent.page.get_by_text("Villon, si possible.")).to_be_visible()
    agent.page.get_by_role("button", name="Accepter la demande").click()
    expect(agent.page.get_by_text("La demande est acceptée")).to_be_visible()
    agent.page.reload()  # Wagtail's message fades in: halfway its contrast is nobody's
    agent.check()

    parent.go("/espace-famille/")
    seen(parent, "famille-nouvelle", "Bonjour Léa")
    parent.go("/espace-famille/mon-espace/")
    expect(page.get_by_text("Noé O’Nouvelle")).to_be_visible()
    parent.go("/demo/courrier/")
    expect(page.get_by_text(re.compile("est acceptée"))).to_be_visible()
