"""allauth's forms in the town's words. Labels stand above the fields: a placeholder vanishes as one types."""

from collections.abc import Mapping
from typing import Any

from allauth.account import forms as account
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from core.accounts.passwords import RULE

LONGEST_PASSWORD = 1024
"""Characters. Slow hashes of megabytes would be a way to stop the site."""

_NEW = _("Nouveau mot de passe")
_AGAIN = _("Le même, une seconde fois")
_CODE_HELP = _("Les six chiffres que montre votre application, ou un de vos codes de secours.")


class Worded(forms.Form):
    """Puts our labels and hints on the fields of a form of allauth."""

    labels: Mapping[str, Any] = {}
    hints: Mapping[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if isinstance(field.widget, forms.PasswordInput):
                _bound(field, LONGEST_PASSWORD)


def _bound(field: forms.Field, length: int) -> None:
    field.validators.append(MaxLengthValidator(length))
    field.widget.attrs["maxlength"] = length


class SignInForm(Worded, account.LoginForm):
    """Identifier or e-mail, then password."""

    labels = {"login": _("Identifiant ou adresse électronique"), "password": _("Mot de passe")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "autocapitalize": "none"}
        _bound(self.fields["login"], 254)


class ForgottenPasswordForm(Worded, account.ResetPasswordForm):
    labels = {"email": _("Adresse électronique de votre compte")}


class ForgottenIdentifierForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse électronique de votre compte"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    """After the link of « mot de passe oublié »."""

    labels = {"password1": _NEW, "password2": _AGAIN}
    hints = {"password1": _(RULE)}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    labels = {"oldpassword": _("Mot de passe actuel"), "password1": _NEW, "password2": _AGAIN}
    hints = {"password1": _(RULE)}


class SetPasswordForm(Worded, account.SetPasswordForm):
    labels = {"password1": _NEW, "password2": _AGAIN}
    hints = {"password1": _(RULE)}


class AddressForm(Worded, account.AddEmailForm):
    labels = {"email": _("Nouvelle adresse électronique")}
    hints = {"email": _("Un message y part. L’adresse ne change qu’une fois le lien de ce message ouvert.")}


class ConfirmPasswordForm(Worded, account.ReauthenticateForm):
    labels = {"password": _("Mot de passe")}


class _Once(Worded):
    """A code of an application serves once, for as long as it is valid: allauth forgets it a little too early."""

    labels = {"code": _("Code")}
    hints = {"code": _CODE_HELP}
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _bound(self.fields["code"], 20)
        self.fields["code"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            valid = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
            digits = "".join(filter(str.isdigit, code))
            if not cache.add(f"accounts.code:{self.authenticator.pk}:{digits}", True, valid):
                raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_Once, mfa.AuthenticateForm):
    pass


class ConfirmCodeForm(_Once, mfa.ReauthenticateForm):
    pass


class ActivateApplicationForm(Worded, totp.ActivateTOTPForm):
    labels = {"code": _("Code")}
    hints = {"code": _("Les six chiffres que l’application montre maintenant.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}


class GenerateCodesForm(Worded, recovery.GenerateRecoveryCodesForm):
    pass


class AddKeyForm(Worded, webauthn.AddWebAuthnForm):
    """Each key we add signs in by itself: whoever keeps it verifies its owner (finger, face, PIN)."""

    labels = {"name": _("Nom de cette clé")}
    hints = {"name": _("Pour la reconnaître : « mon téléphone », « la clé du bureau ».")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _bound(self.fields["name"], 60)
        del self.fields["passwordless"]

    def clean(self) -> dict[str, Any] | None:
        self.cleaned_data["passwordless"] = True
        return super().clean()


class RenameKeyForm(Worded, webauthn.EditWebAuthnForm):
    labels = {"name": _("Nom de cette clé")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _bound(self.fields["name"], 60)
