"""The door in a real browser: a second factor and a passkey, from nothing to signing in."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from core.testing.browser import DESKTOP, PHONE, Walk
from tests.e2e.conftest import SHOTS

pytestmark = pytest.mark.e2e

PASSWORD = "parvis-demo-2026"


def by_name(person: Walk) -> Walk:
    """Passkeys belong to a name: the same server, not by its number."""
    person.base = person.base.replace("127.0.0.1", "localhost")
    return person


def authenticator(person: Walk) -> None:
    """A telephone that keeps passkeys and always recognises its owner."""
    session = person.page.context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def seen(person: Walk, name: str) -> None:
    person.check()
    person.shot(SHOTS / "door", name)


def test_pages_before_the_door(walk: Callable[..., Walk]) -> None:
    for size, width in ((PHONE, 390), (DESKTOP, 1280)):
        person = walk(size)
        for path, name in (
            ("/connexion/", "connexion"),
            ("/connexion/mot-de-passe-oublie/", "mot-de-passe-oublie"),
            ("/connexion/identifiant-oublie/", "identifiant-oublie"),
        ):
            person.go(path)
            seen(person, f"{name}-{width}")
        person.page.get_by_label("Adresse électronique de votre compte").fill("parent@example.org")
        person.tap("Recevoir mon identifiant")
        person.tap("Lire le courrier de la démonstration")
        assert "Votre identifiant" in person.page.content()


def test_a_second_factor_from_nothing(walk: Callable[..., Walk]) -> None:
    person = by_name(walk(PHONE))
    authenticator(person)
    person.sign_in("parent")
    person.go("/compte/")
    seen(person, "securite-390")

    person.tap("Ajouter une application")
    seen(person, "confirmer-390")
    person.page.get_by_label("Mot de passe").fill(PASSWORD)
    person.tap("Continuer")
    seen(person, "application-390")
    secret = person.page.locator("code.spell").inner_text()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    person.page.get_by_label("Code").fill(code)
    person.tap("Ajouter cette application")
    seen(person, "codes-390")
    assert person.page.locator(".codes li").count() == 10

    person.go("/compte/cles/ajouter/")
    seen(person, "cle-390")
    person.page.get_by_label("Nom de cette clé").fill("Mon téléphone")
    person.tap("Créer la clé sur cet appareil")
    person.page.wait_for_url(re.compile("/compte/$"))
    assert "Mon téléphone" in person.page.content()
    seen(person, "securite-complete-390")
    person.page.set_viewport_size(DESKTOP)
    seen(person, "securite-complete-1280")

    person.tap("Appareils connectés")
    seen(person, "appareils-1280")
    person.page.set_viewport_size({"width": 320, "height": 640})
    person.go("/compte/")
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 320
    person.page.set_viewport_size(PHONE)

    person.sign_out()
    person.go("/connexion/?next=/espace-famille/ma-famille/")
    person.tap("Entrer avec une clé d’accès")
    person.page.wait_for_url(re.compile(r"^[^?]*/espace-famille/"))

    person.sign_out()
    person.sign_in("parent")
    assert "/connexion/second-facteur/" in person.page.url
    seen(person, "second-facteur-390")
    person.tap("Utiliser ma clé d’accès")
    person.page.wait_for_url(re.compile(r"^[^?]*/espace-famille/"))
    assert person.violations == []


def test_a_key_by_a_number_is_refused_in_words(walk: Callable[..., Walk]) -> None:
    person = walk(PHONE)
    authenticator(person)
    person.sign_in("enfance")
    person.go("/compte/cles/ajouter/")
    person.page.get_by_label("Mot de passe").fill(PASSWORD)
    person.tap("Continuer")
    assert "adresse en chiffres" in person.page.content()
    person.tap("Créer la clé sur cet appareil")
    person.page.get_by_text("Le navigateur refuse les clés d’accès à cette adresse.").wait_for()
    person.check()


def test_without_script_one_still_signs_in(walk: Callable[..., Walk]) -> None:
    person = walk(PHONE, java_script_enabled=False)
    person.sign_in("parent")
    assert "/espace-famille/" in person.page.url
    person.go("/connexion/")
    person.sign_out()
    person.go("/connexion/")
    assert not person.page.get_by_role("button", name="Entrer avec une clé d’accès").is_visible()
