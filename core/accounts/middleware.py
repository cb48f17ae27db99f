"""What is asked of a session on each request: not to have slept for too long, and of agents a second factor."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.accounts import factors, idle, kept

GUARDED = ("/gestion/", "/pointage/", "/api/", "/compte/jetons/")
"""Where an agent without a second factor goes no further. A token of the API is no session: it is not asked."""

Answer = Callable[[HttpRequest], HttpResponse]


class IdleMiddleware:
    """Signs out whoever was away for longer than their trade allows, keeping the form that they were sending."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and SESSION_KEY in request.session and (away := idle.follow(request)):
            return self._end(request, away)
        return self.get_response(request)

    def _end(self, request: HttpRequest, away: idle.Away) -> HttpResponse:
        form = kept.capture(request) if request.user.is_authenticated else None
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
        request.session[idle.EXPIRED] = away.minutes
        if form is None:
            return self.get_response(
                request
            )  # a visitor from now on: private addresses lead to the sign-in page
        request.session[kept.KEY] = form
        return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('accounts:resume')})}")


class SecondFactorMiddleware:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._refusal(request) or self.get_response(request)

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        path = request.path if request.path.endswith("/") else f"{request.path}/"
        if not path.startswith(GUARDED) or not request.user.is_authenticated:
            return None
        if factors.proved(request) or not factors.must_have(request.user):
            return None
        if path.startswith("/api/"):
            return _problem()
        if not factors.has_factor(request.user):
            return redirect(f"{reverse('accounts:security')}?{urlencode({'suite': request.path})}")
        methods: list[dict[str, Any]] = get_adapter().get_reauthentication_methods(request.user)
        return redirect(f"{methods[0]['url']}?{urlencode({'next': request.get_full_path()})}")


def _problem() -> HttpResponse:
    return JsonResponse(
        {
            "type": "about:blank",
            "title": _("Second facteur demandé"),
            "status": 403,
            "detail": _(
                "Votre métier demande un second facteur : ouvrez d’abord la gestion dans ce navigateur."
            ),
        },
        status=403,
        content_type="application/problem+json",
    )
