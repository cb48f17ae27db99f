"""One door: allauth's views under French addresses; Wagtail's own doors lead to it."""

from allauth.account import views as account
from django.urls import include, path
from django.views.generic import RedirectView

from core.accounts.views import after_sign_in

_door = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("gestion/login/", _door),
    path("_util/login/", _door),
    path("compte/", include("allauth.urls")),
    path("compte/", include(([path("entree/", after_sign_in, name="after_sign_in")], "accounts"))),
    # Last of their name, so that `reverse` gives these.
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
]
