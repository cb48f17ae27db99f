"""What somebody was sending when their session ended: kept for whoever signs in again with the same account.

Nothing is sent on their behalf: they read where it was going, and choose. Passwords and files are never kept.
"""

import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

KEY = "accounts.kept"
LONGEST = 15 * 60
LARGEST = 50_000
"""Characters: the longest form of the house, many times over."""

_LEFT_OUT = ("password", "csrfmiddlewaretoken", "credential", "code")
_NEVER = ("/compte/", "/connexion/", "/deconnexion/", "/api/")


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was not sent. `fields` are (name, value) pairs in their order; `files`: some were left out."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool


def capture(request: HttpRequest) -> dict[str, Any] | None:
    """What to keep of a request, as JSON; None when it was no form of ours, or too large. Reads its body."""
    if request.method != "POST" or request.path.startswith(_NEVER) or not _is_ours(request):
        return None
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in _LEFT_OUT)
        for value in values
    ]
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return None
    return {
        "path": request.get_full_path(),
        "fields": fields,
        "files": bool(request.FILES),
        "user": str(request.user.pk),
        "at": time.time(),
    }


def _is_ours(request: HttpRequest) -> bool:
    """Did our own page send it? Otherwise a stranger's form would wait to be sent by hand."""
    check = CsrfViewMiddleware(lambda request: None)  # type: ignore[arg-type]
    return check.process_view(request, _plain, (), {}) is None


def _plain(request: HttpRequest) -> HttpResponse:
    """A view that asks for the usual proof; it is never called."""
    raise NotImplementedError


def waiting(request: HttpRequest) -> Kept | None:
    """What waits for whoever is signed in; what is somebody else's, or too old, is forgotten."""
    found = request.session.get(KEY)
    if not found:
        return None
    if found["user"] != str(request.user.pk) or time.time() - found["at"] > LONGEST:
        forget(request)
        return None
    return Kept(found["path"], tuple((name, value) for name, value in found["fields"]), found["files"])


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
