"""One door: what allauth may show, address by address, and nothing else of it; Wagtail's own doors lead to it."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from core.accounts import views

_door = RedirectView.as_view(pattern_name="account_login", query_string=True)
_security = RedirectView.as_view(pattern_name="accounts:security")

_ours = [
    path("compte/", views.security, name="security"),
    path("compte/entree/", views.after_sign_in, name="after_sign_in"),
    path("compte/reprendre/", views.resume, name="resume"),
    path("compte/connexions/fermer/", views.end_session, name="end_session"),
    path("connexion/identifiant-oublie/", views.forgotten_identifier, name="forgotten_identifier"),
    path("connexion/identifiant-oublie/envoye/", views.identifier_sent, name="identifier_sent"),
]

_entrance = [
    path("", account.login, name="account_login"),
    path("second-facteur/", mfa.authenticate, name="mfa_authenticate"),
    path("cle/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("compte-ferme/", account.account_inactive, name="account_inactive"),
    path("ouvrir-un-compte/", account.signup, name="account_signup"),
    path("mot-de-passe-oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe-oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "nouveau-mot-de-passe/fait/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^nouveau-mot-de-passe/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

_account = [
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("adresse/", account.email, name="account_email"),
    path("adresse/envoyee/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^adresse/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("confirmer/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirmer/cle/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("second-facteur/", _security, name="mfa_index"),
    path("application/", totp.activate_totp, name="mfa_activate_totp"),
    path("application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes/telecharger/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("cles/", _security, name="mfa_list_webauthn"),
    path("cles/ajouter/", views.add_key, name="mfa_add_webauthn"),
    path("cles/<int:pk>/retirer/", views.remove_key, name="mfa_remove_webauthn"),
    path("cles/<int:pk>/renommer/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("connexions/", views.sessions, name="usersessions_list"),
]

urlpatterns = [
    path("gestion/login/", _door),
    path("_util/login/", _door),
    path("", include((_ours, "accounts"))),
    path("connexion/", include(_entrance)),
    path("compte/", include(_account)),
    path("deconnexion/", account.logout, name="account_logout"),
]
