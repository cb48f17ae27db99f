"""Every page and every message of the door: in our frame, in French."""

import gettext
import re
from pathlib import Path
from typing import Any

import allauth
import django
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.utils.html import strip_tags

from core.accounts.adapter import Adapter, MFAAdapter
from core.contracts.access import Trade
from core.testing.factories import PASSWORD, AgentFactory, UserFactory

pytestmark = pytest.mark.django_db

ALLAUTH = Path(allauth.__file__).parent


def english() -> set[str]:
    """Sentences of allauth and of Django's authentication in their own language."""
    found = set()
    for folder in (ALLAUTH, Path(django.__file__).parent / "contrib" / "auth"):
        catalogue = folder / "locale" / "fr" / "LC_MESSAGES" / "django.mo"
        with catalogue.open("rb") as file:
            messages = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        for key, translated in messages.items():
            source = key[0] if isinstance(key, tuple) else key
            plain = re.split(r"[%{]", source)[0].strip()
            if len(plain) > 8 and plain not in translated and plain != "Mot de passe":
                found.add(plain)
    return found | {"Sign In", "Sign Out", "email address", "password", "recovery codes", "security key"}


ENGLISH = english()


def said_in_english(text: str) -> list[str]:
    plain = re.sub(r"\s+", " ", strip_tags(re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)))
    return [words for words in ENGLISH if re.search(rf"\b{re.escape(words)}", plain)]


def test_the_search_for_english_finds_some() -> None:
    assert len(ENGLISH) > 100
    assert said_in_english("<p>Please confirm that x. Sign In</p>")


def owner() -> Any:
    """Somebody with everything: an application, a key, codes, a confirmed address."""
    user = UserFactory(username="nora")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def with_factor(user: Any) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "Ma clé d’accès", "credential": {}}
    )


def confirmed(client: Client, user: Any) -> None:
    """As after « Confirmez que c’est vous »."""
    import time

    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time(), "reauthenticated": True, "type": "totp"}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


NAMES = sorted(
    name
    for name in get_resolver().reverse_dict
    if isinstance(name, str) and name.startswith(("account_", "mfa_", "usersessions_"))
)


def pages(user: Any) -> dict[str, str]:
    from allauth.account.models import EmailConfirmationHMAC

    key = Authenticator.objects.filter(user=user, type="webauthn").first()
    awaited = user.emailaddress_set.create(email="autre@example.org")
    arguments: dict[str, dict[str, Any]] = {
        "account_reset_password_from_key": {"uidb36": "abc", "key": "set-password"},
        "account_confirm_email": {"key": EmailConfirmationHMAC.create(awaited).key},
        "mfa_edit_webauthn": {"pk": key.pk if key else 1},
        "mfa_remove_webauthn": {"pk": key.pk if key else 1},
    }
    return {name: reverse(name, kwargs=arguments.get(name)) for name in NAMES}


IN_TEXT = {"mfa_download_recovery_codes"}
ELSEWHERE = {
    "account_login",  # for somebody who is in: leads home
    "account_signup",
    "account_reauthenticate",  # a factor is asked instead
    "account_set_password",  # there is one already
    "mfa_activate_totp",  # there is one already
    "mfa_authenticate",  # needs a sign-in that is half done
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
}
"""What only redirects somebody with everything; most are opened by other walks below."""


def look(client: Client, name: str, address: str) -> bool:
    answer = client.get(address)
    if answer.status_code == 302:
        return False
    assert answer.status_code == 200, name
    text = answer.content.decode()
    assert said_in_english(text) == [], name
    if name not in IN_TEXT:
        assert '<html lang="fr"' in text and 'id="contenu"' in text, name
        assert text.count("<h1") == 1, name
        assert "style=" not in text and "onclick" not in text, name
        assert "<script>" not in text, name
    return True


class TestPages:
    def test_somebody_who_has_everything(self, client: Client) -> None:
        user = owner()
        with_factor(user)
        client.force_login(user)
        confirmed(client, user)
        # The key above is no real one: its page of proof asks allauth to read it.
        unreal = {"mfa_add_webauthn", "mfa_reauthenticate_webauthn"}
        found = {
            name: look(client, name, address) for name, address in pages(user).items() if name not in unreal
        }
        assert {name for name, opened in found.items() if not opened} == ELSEWHERE
        assert len(found) == len(NAMES) - 2 >= 24

    def test_somebody_who_has_nothing_yet(self, client: Client) -> None:
        user = owner()
        client.force_login(user)
        look(client, "account_reauthenticate", reverse("account_reauthenticate"))
        confirmed(client, user)
        for name in ("mfa_activate_totp", "mfa_add_webauthn"):
            assert look(client, name, reverse(name))
        user.set_unusable_password()
        user.save()
        client.force_login(user)
        assert look(client, "account_set_password", reverse("account_set_password"))

    @pytest.mark.parametrize(
        "name",
        [
            "account_login",
            "account_signup",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "account_inactive",
            "account_email_verification_sent",
            "accounts:forgotten_identifier",
            "accounts:identifier_sent",
        ],
    )
    def test_a_visitor(self, client: Client, name: str) -> None:
        assert look(client, name, reverse(name))

    def test_links_that_no_longer_serve(self, client: Client) -> None:
        assert "Ce lien ne sert plus" in client.get("/connexion/nouveau-mot-de-passe/1-a/").content.decode()
        assert "Ce lien ne sert plus" in client.get("/compte/adresse/faux/").content.decode()

    def test_nothing_else_of_allauth_is_open(self, client: Client) -> None:
        for address in ("/compte/login/", "/compte/signup/", "/compte/login/code/confirm/", "/compte/2fa/"):
            assert client.get(address).status_code == 404, address

    def test_the_safety_page_counts_its_statements(
        self, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        user = owner()
        with_factor(user)
        client.force_login(user)
        with django_assert_max_num_queries(12):
            page = client.get("/compte/").content.decode()
        assert "Il reste 10 codes" in page
        assert "Ma clé d’accès" in page


class TestWords:
    @pytest.mark.parametrize(
        ("ours", "theirs"), [(Adapter, DefaultAccountAdapter), (MFAAdapter, DefaultMFAAdapter)]
    )
    def test_every_error_is_ours(self, ours: Any, theirs: Any) -> None:
        not_used = {key for key in theirs.error_messages if "phone" in key}
        same = {key for key, value in theirs.error_messages.items() if value == ours.error_messages[key]}
        assert same == not_used

    def test_every_message_is_ours(self) -> None:
        swept = 0
        for path in ALLAUTH.glob("templates/*/messages/*.txt"):
            if (
                path.parent.parent.name == "socialaccount"
                or "phone" in path.name
                or "login_code" in path.name
            ):
                continue
            swept += 1
            name = f"{path.parent.parent.name}/messages/{path.name}"
            assert said_in_english(render_to_string(name, {"email": "x@y.fr"})) == [], name
        assert swept >= 15

    def test_every_mail_is_ours(self) -> None:
        swept = 0
        context = {"commune_name": "Bassens", "ip": "::1", "email": "x@y.fr", "timestamp": timezone.now()}
        for path in ALLAUTH.glob("templates/*/email/*.txt"):
            # By code, by telephone, by self-service or without MFA: these ways are closed.
            if path.parent.parent.name in ("socialaccount", "usersessions") or re.search(
                r"_code_|already_exists|base_", path.name
            ):
                continue
            swept += 1
            name = f"{path.parent.parent.name}/email/{path.name}"
            text = render_to_string(name, context)
            assert said_in_english(text) == [], name
            assert "Bassens" in text or "_subject" in name, name
        assert swept >= 28

    def test_a_refused_form_speaks_french(self, client: Client) -> None:
        user = owner()
        client.force_login(user)
        page = client.post(
            "/compte/mot-de-passe/", {"oldpassword": "faux", "password1": "court", "password2": "autre"}
        )
        text = page.content.decode()
        assert "Ce n’est pas votre mot de passe actuel." in text
        assert "se devine trop vite" in text
        assert said_in_english(text) == []

    def test_mail_comes_from_the_town(self, client: Client) -> None:
        owner()
        client.post("/connexion/mot-de-passe-oublie/", {"email": "nora@example.org"})
        message = mail.outbox[0]
        assert message.from_email.startswith("Bassens <")
        assert message.body.rstrip().endswith("Bassens")
        assert message.subject == "Choisir un nouveau mot de passe"


def test_an_agent_is_led_back_to_the_back_office(client: Client) -> None:
    client.force_login(AgentFactory(trades=[Trade.BILLING]))
    assert 'href="/gestion/"' in client.get("/compte/").content.decode()


def test_a_password_is_changed(client: Client) -> None:
    user = owner()
    client.force_login(user)
    data = {"oldpassword": PASSWORD, "password1": "Tilleul-Garonne-9", "password2": "Tilleul-Garonne-9"}
    assert client.post("/compte/mot-de-passe/", data).url == "/compte/"  # type: ignore[attr-defined]
    user.refresh_from_db()
    assert user.check_password("Tilleul-Garonne-9")
    assert mail.outbox[-1].subject == "Votre mot de passe vient de changer"
