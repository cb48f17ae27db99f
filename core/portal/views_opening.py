"""Opening an account: with a code, or without one. Pages for somebody who is nobody here yet."""

from typing import Any
from uuid import UUID, uuid4

from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.families.access import current
from core.kernel import clock
from core.kernel.access import public, signed_in
from core.opening import registration as registrations
from core.opening import services, tokens
from core.opening.codes import State, state_at
from core.opening.errors import CodeRefused, OpeningError
from core.opening.forms import (
    AccountForm,
    AddressForm,
    CodeForm,
    Household,
    RecoveryForm,
    SignUpForm,
    identifier_error,
)
from core.opening.models import ActivationCode
from core.requests.errors import RequestError
from core.requests.states import State as RequestState
from core.requests.submissions import submission_of
from core.town.selectors import help_contacts

RATES = {
    "activation": "30/h/ip",
    "account": "30/h/ip",
    "sign_up": "20/h/ip,3/h/key",
}
_CARRY = "opening.carry"
"""In the session: identifier and address typed on a second step that had lasted too long."""


def _limited(request: HttpRequest, action: str, key: str | None = None) -> bool:
    """Whether too many came from there; counted in the cache that all processes share."""
    return not ratelimit.consume(request, app="core.opening", action=action, config=RATES, key=key)


def _too_many(request: HttpRequest, template: str, form: Any) -> HttpResponse:
    form.add_error(None, _("Trop d’essais depuis votre connexion. Attendez une heure, ou appelez la mairie."))
    return render(request, template, {"form": form, **_help()}, status=429)


def _help() -> dict[str, Any]:
    return {"help_contacts": help_contacts(today=clock.today())}


# With a code -----------------------------------------------------------------------------------------------------


@public
def activate(request: HttpRequest) -> HttpResponse:
    """First step: the code, a name, a birth date. One answer for every code that is not the right one."""
    form = CodeForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        if _limited(request, "activation"):
            return _too_many(request, "portal/opening/activate.html", form)
        typed = form.cleaned_data
        row = services.present(
            code=typed["code"],
            last_name=typed["last_name"],
            birth_date=typed["birth_date"],
            now=clock.now(),
        )
        if row is not None:
            return redirect("opening:account", tokens.for_step(row.pk))
        form.add_error(None, str(CodeRefused()))
    return render(request, "portal/opening/activate.html", {"form": form, **_help()})


@public
def account(request: HttpRequest, token: str) -> HttpResponse:
    """Second step: a new account, an account given back, or the link of the account that is signed in."""
    row = _presented(token)
    if row is None:
        return _begin_again(request)
    if request.user.is_authenticated:
        return _link(request, row)
    person = row.person
    if person.user_id and row.channel != ActivationCode.Channel.DESK:
        messages.info(request, _("Vous avez déjà un compte : connectez-vous."))
        return redirect("account_login")
    recovering = person.user_id is not None
    if recovering:
        form: Any = RecoveryForm(request.POST or None)
    else:
        form = AccountForm(request.POST or None, initial=request.session.get(_CARRY))
    context = {"form": form, "person": person, "recovering": recovering}
    if request.method == "POST" and form.is_valid():
        if _limited(request, "account"):
            return _too_many(request, "portal/opening/account.html", form)
        try:
            user = _use(row, form.cleaned_data, recovering)
        except OpeningError as error:
            messages.error(request, str(error))
            return redirect("opening:activate")
        except IntegrityError:
            form.add_error(
                "username", identifier_error(form.cleaned_data["username"]) or _("Choisissez-en un autre.")
            )
        else:
            request.session.pop(_CARRY, None)
            return _enter(request, user)
    return render(request, "portal/opening/account.html", context)


def _presented(token: str) -> ActivationCode | None:
    code_id = tokens.read_step(token)
    row = (
        ActivationCode.objects.select_related("person__user").filter(pk=code_id).first() if code_id else None
    )
    if row is None or state_at(row.state, row.expires_at, clock.now()) != State.ISSUED:
        return None
    return row


def _begin_again(request: HttpRequest) -> HttpResponse:
    """The step lasted too long, or the code has served: what was typed is kept, passwords apart."""
    if request.method == "POST":
        request.session[_CARRY] = {name: request.POST.get(name, "")[:254] for name in ("username", "email")}
    messages.info(
        request,
        _(
            "Cette étape est finie, ou elle a duré trop longtemps. Écrivez de nouveau votre code : le reste est gardé."
        ),
    )
    return redirect("opening:activate")


def _use(row: ActivationCode, typed: dict[str, Any], recovering: bool) -> User:
    if recovering:
        return services.recover_account(code_id=row.pk, password=typed["password"], now=clock.now())
    return services.open_account(
        code_id=row.pk,
        username=typed["username"],
        email=typed["email"],
        password=typed["password"],
        now=clock.now(),
    )


def _link(request: HttpRequest, row: ActivationCode) -> HttpResponse:
    """Somebody who is signed in links their account to the person of the code."""
    if request.method == "POST":
        try:
            services.link_account(code_id=row.pk, user=request.user, now=clock.now())  # type: ignore[arg-type]
        except OpeningError as error:
            messages.error(request, str(error))
            return redirect("opening:activate")
        messages.success(request, _("Votre compte est relié à votre famille."))
        return redirect("portal:home")
    return render(request, "portal/opening/link.html", {"person": row.person})


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    messages.success(
        request, _("Votre compte est prêt. Votre identifiant : %(name)s.") % {"name": user.username}
    )
    answer: HttpResponse = perform_login(request, user, email_verification="none")
    return answer


# Without a code --------------------------------------------------------------------------------------------------


@public
def ask(request: HttpRequest) -> HttpResponse:
    """An address, to which a link is sent. The answer is the same whether it has an account or not."""
    if request.user.is_authenticated:
        return redirect("portal:home" if current(request) else "portal:registration")
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if _limited(request, "sign_up", key=email.lower()):
            return _too_many(request, "portal/opening/ask.html", form)
        services.ask_to_sign_up(email=email)
        return render(request, "portal/opening/asked.html", {"email": email})
    return render(request, "portal/opening/ask.html", {"form": form, **_help()})


@public
def sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """The link was opened, so the address is theirs: an account without a family."""
    email = tokens.read_sign_up(token)
    if email is None:
        messages.info(request, _("Ce lien ne sert plus : il est trop ancien. Demandez-en un autre."))
        return redirect("opening:ask")
    if User.objects.filter(email__iexact=email).exists():
        messages.info(request, _("Votre compte est déjà ouvert : connectez-vous."))
        return redirect("account_login")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _limited(request, "account"):
            return _too_many(request, "portal/opening/sign_up.html", form)
        typed = {
            name: form.cleaned_data[name] for name in ("username", "password", "first_name", "last_name")
        }
        try:
            user = services.sign_up(email=email, **typed)
        except IntegrityError:
            form.add_error("username", identifier_error(typed["username"]) or _("Choisissez-en un autre."))
        else:
            return _enter(request, user)
    return render(request, "portal/opening/sign_up.html", {"form": form, "email": email})


@public
def address(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address. A button, since some mailboxes open links before their owner does."""
    found = tokens.read_address(token)
    done = None
    if found and request.method == "POST":
        user_id, email = found
        done = services.confirm_address(user_id=user_id, email=email)
    context = {"email": found[1] if found else "", "done": done}
    return render(request, "portal/opening/address.html", context)


@signed_in
def registration(request: HttpRequest) -> HttpResponse:
    """Ask for a household: what is typed becomes a draft, which is read again before it is sent."""
    if current(request):
        return redirect("portal:requests")
    user: User = request.user  # type: ignore[assignment]
    held = registrations.pending(user)
    if held and held.state != RequestState.DRAFT:
        return redirect("portal:request", held.pk)
    today = clock.today()
    if request.method != "POST":
        data = held.data if held else None
        household = Household(today=today, data=data) if data else Household(today=today, data=None)
        if not data:
            household.family.initial = {"first_name": user.first_name, "last_name": user.last_name}
        return _household(request, household, uuid4())
    if "ajouter" in request.POST:
        return _household(
            request, Household(today=today, posted=request.POST, typed_only=True, more=1), uuid4()
        )
    household = Household(today=today, posted=request.POST)
    submission = submission_of(request.POST)
    if household.is_valid():
        try:
            written = registrations.write(
                user=user, data=household.data(email=user.email), now=clock.now(), submission=submission
            )
        except RequestError as error:
            messages.error(request, str(error))
            return redirect("portal:requests")
        return redirect("portal:request", written.pk)
    return _household(request, household, submission)


def _household(request: HttpRequest, household: Household, submission: UUID) -> HttpResponse:
    return render(request, "portal/opening/registration.html", {"form": household, "submission": submission})
