"""Two ways in: the session of the browser, or a token in `Authorization: Bearer …`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from core.api.models import ApiToken, Scope
from core.api.services import note_use
from core.kernel import clock


class TokenAuthentication(authentication.BaseAuthentication):
    """The owner of the token, within its scopes: a write with one that only reads is refused here."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        keyword, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != self.keyword.lower():
            return None
        now = clock.now()
        token = (
            ApiToken.objects.select_related("user").filter(digest=ApiToken.digest_of(secret.strip())).first()
        )
        if token is None or not token.works(now) or not token.user.is_active:
            raise AuthenticationFailed(_("Ce jeton n’est pas valable : il est inconnu, expiré ou révoqué."))
        needed = Scope.READ if request.method in SAFE_METHODS else Scope.WRITE
        if needed not in token.scopes:
            raise PermissionDenied(_("Ce jeton n’a pas le droit « %(scope)s ».") % {"scope": needed.value})
        note_use(token=token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return f'{self.keyword} realm="api"'


class SessionAuthentication(authentication.SessionAuthentication):
    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(
                _("La preuve contre les requêtes d’un autre site manque (en-tête X-CSRFToken).")
            ) from error


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.TokenAuthentication"
    name = "jeton"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": str(_("Jeton créé sur /compte/jetons/."))}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
