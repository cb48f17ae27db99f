"""Our own pages beside allauth's: where one goes after signing in, what one forgot, the safety of one's account."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as keys
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.accounts import factors, kept, selectors
from core.accounts.forms import ForgottenIdentifierForm
from core.kernel import state
from core.kernel.access import is_agent, public, signed_in

NEXT = "accounts.next"


@signed_in
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """An agent to the back office, a parent to the Espace Famille, or to the town's site when there is none."""
    return redirect(_home(request.user))


def _home(user: Any) -> str:
    if is_agent(user):
        return reverse("wagtailadmin_home")
    return reverse("portal:home") if state.serves("families") else "/"


# What one forgot -----------------------------------------------------------------------------------------------------


@public
@never_cache
def forgotten_identifier(request: HttpRequest) -> HttpResponse:
    """A message goes to the address that was typed, whether an account has it or not: the answer tells nothing."""
    form = ForgottenIdentifierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if refusal := ratelimit.consume_or_429(request, action="forgotten_identifier", key=email.lower()):
            return refusal
        context = {"identifiers": selectors.identifiers(email), "sign_in_url": _absolute(request)}
        get_adapter(request).send_mail("accounts/email/identifiers", email, context)
        return redirect("accounts:identifier_sent")
    return render(request, "accounts/forgotten_identifier.html", {"form": form})


def _absolute(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("account_login"))


@public
def identifier_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/identifier_sent.html")


# A form that was not sent --------------------------------------------------------------------------------------------


@signed_in
@never_cache
def resume(request: HttpRequest) -> HttpResponse:
    """What one was sending when the session ended: read again, then sent or given up. A POST gives it up."""
    form = kept.waiting(request)
    if request.method == "POST" or form is None:
        kept.forget(request)
        return redirect(form.path if form else _home(request.user))
    return render(request, "accounts/resume.html", {"kept": form})


# The safety of one's account -----------------------------------------------------------------------------------------


@signed_in
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """One page that says everything and leads to each act. `suite`: where an agent was going without a factor."""
    wanted = request.GET.get("suite", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        request.session[NEXT] = wanted
    safety = selectors.safety(request.user)  # type: ignore[arg-type]
    needed = not safety.has_factor and factors.must_have(request.user)
    return render(
        request,
        "accounts/security.html",
        {
            "safety": safety,
            "factor_needed": needed,
            "next_url": request.session.get(NEXT, "") if safety.has_factor else "",
            "home_url": _home(request.user),
            "is_agent": is_agent(request.user),
            "sessions": len(_sessions(request)),
        },
    )


def _sessions(request: HttpRequest) -> list[selectors.OpenSession]:
    current = request.session.session_key or ""
    return selectors.open_sessions(request.user, current=current, now=timezone.now())  # type: ignore[arg-type]


@signed_in
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; a POST signs out of everywhere else."""
    if request.method == "POST":
        ended = factors.end_sessions(user=request.user, but=request.session.session_key or "")  # type: ignore[arg-type]
        messages.success(
            request,
            _("Vous n’êtes plus connecté qu’ici.")
            if ended
            else _("Vous n’étiez connecté nulle part ailleurs."),
        )
        return redirect("usersessions_list")
    return render(request, "usersessions/usersession_list.html", {"sessions": _sessions(request)})


@signed_in
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out of one other place, named in the form."""
    identifier = request.POST.get("session", "")
    own = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    found = get_object_or_404(own, pk=identifier if identifier.isdecimal() else 0)
    Session.objects.filter(session_key=found.session_key).delete()
    found.delete()
    messages.success(request, _("Cet appareil est déconnecté."))
    return redirect("usersessions_list")


def _by_name(request: HttpRequest) -> bool:
    """Passkeys belong to a name: a browser refuses them on an address made of digits."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return not host.replace(".", "").isdigit() and "[" not in host


class AddKey(webauthn.AddWebAuthnView):
    """A passkey that signs in by itself; allauth would begin with one that only seconds a password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        data = super().get_context_data(**kwargs)
        if "form" in kwargs:
            data["form"] = kwargs["form"]  # allauth loses what was refused
        data["js_data"] = {"creation_options": keys.begin_registration(self.request.user, True)}
        return data | {"by_name": _by_name(self.request)}


class RemoveKey(webauthn.RemoveWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        if factors.is_last_needed(self.get_object()):
            messages.error(self.request, str(get_mfa_adapter().error_messages["cannot_delete_authenticator"]))
            return redirect("accounts:security")
        return super().form_valid(form)


add_key = signed_in(AddKey.as_view())
remove_key = signed_in(RemoveKey.as_view())
