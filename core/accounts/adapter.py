"""What this house decides about allauth's doors."""

import base64
from email.utils import formataddr, parseaddr
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.factors import is_last_needed
from core.ui.appearance import commune


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Ce compte est fermé."),
        "cannot_remove_primary_email": _(
            "Cette adresse est celle de votre compte : donnez-en une autre avant."
        ),
        "duplicate_email": _("C’est déjà l’adresse de votre compte."),
        "email_password_mismatch": _("L’identifiant ou le mot de passe ne correspond à aucun compte."),
        "username_password_mismatch": _("L’identifiant ou le mot de passe ne correspond à aucun compte."),
        "email_taken": _("Cette adresse ne peut pas servir ici. Prenez-en une autre, ou appelez la mairie."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _("Ce code ne va pas, ou il a déjà servi. Attendez le suivant."),
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
        "invalid_or_expired_key": _("Ce lien ne sert plus."),
        "invalid_login": _("L’identifiant ou le mot de passe ne correspond à aucun compte."),
        "invalid_password_reset": _("Ce lien ne sert plus : il a déjà servi, ou il est trop ancien."),
        "max_email_addresses": _("Un compte a %d adresses au plus."),
        "too_many_login_attempts": _("Trop d’essais. Attendez cinq minutes, puis recommencez."),
        "unknown_email": _("Aucun compte n’a cette adresse."),
        "unverified_primary_email": _("Confirmez d’abord votre adresse."),
        "username_blacklisted": _("Cet identifiant est pris : choisissez-en un autre."),
        "username_taken": _("Cet identifiant est pris : choisissez-en un autre."),
        "select_only_one": _("Choisissez une seule réponse."),
        "same_as_current": _("C’est déjà l’adresse de votre compte."),
        "rate_limited": _("Trop d’essais. Attendez quelques minutes, puis recommencez."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An account is opened by the town hall: nobody is linked to a family on the strength of an e-mail."""
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject.strip()

    def get_from_email(self) -> str:
        """The town's name before the address, so that one knows who writes."""
        return formataddr((commune().name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        told = {"commune_name": commune().name, "security_url": self._absolute("accounts:security")}
        return super().render_mail(template_prefix, email, told | context, headers)

    def _absolute(self, name: str) -> str:
        return current.request.build_absolute_uri(reverse(name))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor proves it: a password that was seen must not take the factor away."""
        methods = super().get_reauthentication_methods(user)
        by_factor = [method for method in methods if method["id"] != "reauthenticate"]
        words = {
            "reauthenticate": _("Par mon mot de passe"),
            "mfa_reauthenticate": _("Par un code"),
            "mfa_reauthenticate:webauthn": _("Par une clé d’accès"),
        }
        return [method | {"description": words[method["id"]]} for method in by_factor or methods]


def _cipher() -> MultiFernet:
    """Made of the secret key; an old one (SECRET_KEY_FALLBACKS) still reads."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = (sha256(f"parvis.second-factor:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Retirez le second facteur avant de changer d’adresse."),
        "cannot_delete_authenticator": _(
            "Votre métier demande un second facteur : ajoutez-en un autre avant de retirer celui-ci."
        ),
        "cannot_generate_recovery_codes": _("Ajoutez d’abord un second facteur."),
        "incorrect_code": _("Ce code ne va pas, ou il a déjà servi. Attendez le suivant."),
        "unverified_email": _("Confirmez d’abord votre adresse électronique."),
    }

    def encrypt(self, text: str) -> str:
        """A copy of the database is not enough to make codes."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return commune().name

    def _get_site_name(self) -> str:
        return commune().name

    def _get_user_identifier(self, user: Any) -> str:
        return user.get_username()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_last_needed(authenticator)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's own name
        return str(_("Ma clé d’accès"))
