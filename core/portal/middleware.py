"""Private addresses: a visitor gets the sign-in page whether the address exists or not, so that nothing is told."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.kernel import state
from core.kernel.access import sign_in

SPACE = "/espace-famille/"
PRIVATE_PREFIXES = (SPACE, "/gestion/", "/pointage/")
OPEN_ADDRESSES = frozenset({SPACE, "/gestion/login/"})
OPEN_PREFIXES = ("/espace-famille/tarifs/", "/espace-famille/agenda/")
"""Public pages within: what things cost; calendars that a secret opens."""


def is_private(path: str) -> bool:
    opened = path in OPEN_ADDRESSES or path.startswith(OPEN_PREFIXES)
    return path.startswith(PRIVATE_PREFIXES) and not opened


class PrivateAddressMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path if request.path.endswith("/") else f"{request.path}/"
        if is_private(path) and not request.user.is_authenticated and _exists(path):
            return sign_in(request)
        return self.get_response(request)


def _exists(path: str) -> bool:
    """Without a plugin for families there is no Espace Famille to sign in to."""
    return not path.startswith(SPACE) or state.serves("families")
