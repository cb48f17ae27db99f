"""Who works here and may do what: agents, their trades, and what each trade may do."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.accounts import roles, roles_matrix, roles_services
from core.accounts.models import Assignment, User
from core.backoffice.forms import NativeDate
from core.backoffice.overtaken import overtaken, watch
from core.backoffice.reports import Report
from core.backoffice.screens import render_screen
from core.backoffice.search import found_by
from core.backoffice.tables import Column
from core.contracts.access import Trade
from core.kernel import clock
from core.kernel.access import agent
from core.town.models import Service, Site

TRADES = [trade.value for trade in Trade]
ORDER = {name: rank for rank, name in enumerate(TRADES)}


def agents() -> QuerySet[User]:
    """The accounts of agents, with their roles: two statements a page."""
    given = Assignment.objects.select_related("trade", "site", "service")
    held = Exists(Assignment.objects.filter(user=OuterRef("pk")))
    return (
        User.objects.filter(Q(is_staff=True) | held)
        .prefetch_related(Prefetch("assignments", given, to_attr="roles"))
        .order_by("last_name", "first_name", "username")
    )


class AgentFilters(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Nom, identifiant ou adresse électronique"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    metier = forms.ChoiceField(
        label=gettext_lazy("Métier"),
        required=False,
        choices=[("", gettext_lazy("tous")), *((trade.name.lower(), trade.value) for trade in Trade)],
    )
    lieu = forms.ModelChoiceField(
        Site.objects.all(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Lieu"),
        empty_label=gettext_lazy("tous"),
    )
    etat = forms.ChoiceField(
        label=gettext_lazy("Compte"),
        required=False,
        initial="ouvert",
        choices=[
            ("tous", gettext_lazy("tous")),
            ("ouvert", gettext_lazy("ouverts")),
            ("ferme", gettext_lazy("désactivés")),
        ],
    )


class Agents(Report):
    permission = "accounts.view_user"
    title = gettext_lazy("Agents")
    icon = "user"
    filters = AgentFilters
    empty = gettext_lazy("Aucun agent ne correspond. Changez les filtres, ou créez le compte.")
    template_name = "backoffice/agents.html"
    columns = (
        Column(
            gettext_lazy("Nom"),
            lambda row: str(row),
            url=lambda row: reverse("backoffice:agent", args=[row.pk]),
        ),
        Column(gettext_lazy("Identifiant"), lambda row: row.username),
        Column(gettext_lazy("Adresse électronique"), lambda row: row.email),
        Column(gettext_lazy("Métiers"), lambda row: " · ".join(str(role) for role in row.roles)),
        Column(gettext_lazy("Dernière connexion"), lambda row: row.last_login),
        Column(
            gettext_lazy("Compte"),
            lambda row: _("ouvert") if row.is_active else _("désactivé"),
            tone=lambda row: "success" if row.is_active else "attention",
        ),
    )

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[User]:
        found = agents()
        if asked["q"]:
            found = found_by(found, asked["q"], ("first_name", "last_name", "username", "email"))
        if asked["metier"]:
            name = Trade[asked["metier"].upper()].value
            found = found.filter(Exists(Assignment.objects.filter(user=OuterRef("pk"), trade__name=name)))
        if asked["lieu"]:
            there = Assignment.objects.filter(user=OuterRef("pk"), site=asked["lieu"])
            found = found.filter(Exists(there))
        if asked["etat"] in ("ouvert", "ferme"):
            found = found.filter(is_active=asked["etat"] == "ouvert")
        return found


# One agent -----------------------------------------------------------------------------------------------------------


class AgentForm(forms.Form):
    first_name = forms.CharField(label=gettext_lazy("Prénom"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Nom"), max_length=150)
    username = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        help_text=gettext_lazy("Le lien pour choisir un mot de passe y est envoyé."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class RoleForm(forms.Form):
    trade = forms.ModelChoiceField(
        Group.objects.none(), label=gettext_lazy("Métier"), empty_label=gettext_lazy("Choisissez un métier")
    )
    site = forms.ModelChoiceField(
        Site.objects.none(),
        label=gettext_lazy("Lieu"),
        required=False,
        empty_label=gettext_lazy("toute la commune"),
    )
    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=gettext_lazy("Service"),
        required=False,
        empty_label=gettext_lazy("tous les services"),
    )
    until = forms.DateField(
        label=gettext_lazy("Jusqu’au (compris)"),
        required=False,
        widget=NativeDate,
        help_text=gettext_lazy("Sans date : sans fin."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trade"].queryset = Group.objects.filter(name__in=TRADES)  # type: ignore[attr-defined]
        self.fields["site"].queryset = Site.objects.all()  # type: ignore[attr-defined]
        self.fields["service"].queryset = Service.objects.all()  # type: ignore[attr-defined]

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until < clock.today():
            raise ValidationError(_("Ce jour est déjà passé."))
        return until


def _trail() -> list[tuple[str, str]]:
    return [(_("Agents"), reverse("backoffice:agents"))]


@agent("accounts.add_user")
def new_agent(request: HttpRequest) -> HttpResponse:
    """Open an account without a password: the agent chooses it by the link that is sent."""
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = roles_services.create_agent(**form.cleaned_data, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            request_password_reset(request, made.email, [made], default_token_generator)
            messages.success(
                request,
                _("Le compte est ouvert. Un lien pour choisir un mot de passe est parti à %(email)s.")
                % {"email": made.email},
            )
            return redirect("backoffice:agent", made.pk)
    context = {"form": form, "submit": _("Ouvrir le compte"), "cancel_url": reverse("backoffice:agents")}
    return render_screen(
        request, "backoffice/agent_form.html", context, title=_("Nouvel agent"), icon="user", trail=_trail()
    )


@agent("accounts.view_user")
def one_agent(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """An agent's account and roles; a POST gives one more role."""
    shown = get_object_or_404(agents(), pk=user_id)
    may_give = request.user.has_perm("accounts.add_assignment")
    form = RoleForm(request.POST or None) if may_give else None
    if request.method == "POST" and form is None:
        return redirect("backoffice:agent", user_id)
    if form and request.method == "POST" and form.is_valid():
        try:
            roles_services.give_role(user=shown, **form.cleaned_data, actor=request.user, today=clock.today())
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Le métier est donné. Il compte dès la prochaine page."))
            _tell_both_sides(request, User.objects.get(pk=user_id))
            return redirect("backoffice:agent", user_id)
    rights = roles.rights_of(shown)
    context = {
        "agent": shown,
        "form": form,
        "today": clock.today(),
        "both_sides": rights.everything or roles_matrix.both_sides(rights.held),
        "itself": shown.pk == request.user.pk,
    }
    return render_screen(
        request, "backoffice/agent.html", context, title=str(shown), icon="user", trail=_trail()
    )


def _tell_both_sides(request: HttpRequest, user: User) -> None:
    if roles_matrix.both_sides(roles.rights_of(user).held):
        messages.warning(
            request,
            _("Cette personne est maintenant des deux côtés : elle calcule ce qui est dû, et l’encaisse."),
        )


@agent("accounts.change_user")
def change_agent(request: HttpRequest, user_id: UUID) -> HttpResponse:
    shown = get_object_or_404(agents(), pk=user_id)
    initial = {name: getattr(shown, name) for name in AgentForm.base_fields}
    form = AgentForm(request.POST or None, initial=initial)
    watch(form, shown)
    if request.method == "POST" and form.is_valid() and not overtaken(form):
        try:
            roles_services.change_agent(user=shown, **form.cleaned_data, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Le compte est modifié."))
            return redirect("backoffice:agent", user_id)
    here = reverse("backoffice:agent", args=[user_id])
    context = {"form": form, "submit": _("Enregistrer"), "cancel_url": here}
    return render_screen(
        request,
        "backoffice/agent_form.html",
        context,
        title=_("Modifier le compte"),
        icon="user",
        trail=[*_trail(), (str(User.objects.get(pk=user_id)), here)],
    )


@agent("accounts.delete_assignment")
def withdraw_role(request: HttpRequest, user_id: UUID, role_id: UUID) -> HttpResponse:
    """Ask, then take a trade back."""
    found = Assignment.objects.select_related("user", "trade", "site", "service")
    role = get_object_or_404(found, pk=role_id, user=user_id)
    here = reverse("backoffice:agent", args=[user_id])
    if request.method == "POST":
        try:
            roles_services.withdraw_role(role=role, actor=request.user, today=clock.today())
        except roles_services.LastAdministrator:
            messages.error(request, LAST)
        else:
            messages.success(request, _("Le métier est retiré."))
        return redirect(here)
    data = {
        "message": _("%(agent)s n’aura plus le métier « %(role)s ».") % {"agent": role.user, "role": role},
        "details": [_("Ce qui a été fait reste dans le journal.")],
        "submit": _("Retirer le métier"),
        "danger": True,
        "cancel_url": here,
    }
    return render_screen(
        request,
        "backoffice/confirm.html",
        data,
        title=_("Retirer ce métier ?"),
        icon="user",
        trail=[*_trail(), (str(role.user), here)],
    )


LAST = gettext_lazy(
    "Il faut au moins une personne dans l’administration : donnez d’abord ce métier à quelqu’un."
)


@agent("accounts.change_user")
def set_active(request: HttpRequest, user_id: UUID, active: bool) -> HttpResponse:
    """Ask, then close or reopen an account."""
    shown = get_object_or_404(agents(), pk=user_id)
    here = reverse("backoffice:agent", args=[user_id])
    if request.method == "POST":
        try:
            roles_services.set_active(user=shown, active=active, actor=request.user, today=clock.today())
        except roles_services.LastAdministrator:
            messages.error(request, LAST)
        else:
            done = _("Le compte est de nouveau ouvert.") if active else _("Le compte est désactivé.")
            messages.success(request, done)
        return redirect(here)
    data = {
        "message": (
            _("%(agent)s pourra de nouveau se connecter, avec ses métiers.")
            if active
            else _(
                "%(agent)s ne pourra plus se connecter, et ses connexions en cours s’arrêtent tout de suite."
            )
        )
        % {"agent": shown},
        "details": [] if active else [_("Ses métiers et ce qui a été fait restent.")],
        "submit": _("Rouvrir le compte") if active else _("Désactiver le compte"),
        "danger": not active,
        "cancel_url": here,
    }
    title = _("Rouvrir ce compte ?") if active else _("Désactiver ce compte ?")
    return render_screen(
        request,
        "backoffice/confirm.html",
        data,
        title=title,
        icon="user",
        trail=[*_trail(), (str(shown), here)],
    )


@agent("accounts.change_user")
@require_POST
def send_password_link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Send again the link by which an agent chooses a password."""
    shown = get_object_or_404(agents().filter(is_active=True), pk=user_id)
    request_password_reset(request, shown.email, [shown], default_token_generator)
    messages.success(request, _("Un lien est parti à %(email)s.") % {"email": shown.email})
    return redirect("backoffice:agent", user_id)


# Trades --------------------------------------------------------------------------------------------------------------


@agent("auth.change_group")
def trades(request: HttpRequest) -> HttpResponse:
    """What each trade may do: one box for each act and trade. Administration holds everything."""
    shown = roles_matrix.matrix()
    ticked = shown.held
    if request.method == "POST":
        before, ticked = _posted(request, "avant", shown.names), _posted(request, "droit", shown.names)
        before[Trade.ADMIN.value] = ticked[Trade.ADMIN.value] = shown.held[Trade.ADMIN.value]
        try:
            changed = roles_services.change_trades(before=before, after=ticked, actor=request.user)
        except roles_services.Stale:
            messages.error(
                request,
                _(
                    "Quelqu’un a changé ces droits entre-temps. Vos cases sont gardées : relisez, puis enregistrez."
                ),
            )
        else:
            messages.success(
                request,
                _("%(count)d droits changés.") % {"count": changed} if changed else _("Rien n’a changé."),
            )
            return redirect("backoffice:trades")
    return render_screen(
        request,
        "backoffice/trades.html",
        {
            "trades": [(Trade(name), name) for name in TRADES],
            "sections": [
                (heading, [(action, _boxes(action, ticked, shown.held)) for action in actions])
                for heading, actions in shown.sections
            ],
            "both_sides": [
                name
                for name in TRADES
                if name != Trade.ADMIN.value and roles_matrix.both_sides(shown.held[name])
            ],
            "before": [
                (Trade(name).name, item)
                for name in TRADES
                if name != Trade.ADMIN.value
                for item in sorted(shown.held[name])
            ],
        },
        title=_("Métiers et droits"),
        icon="group",
    )


def _posted(request: HttpRequest, prefix: str, known: frozenset[str]) -> dict[str, frozenset[str]]:
    return {trade.value: frozenset(request.POST.getlist(f"{prefix}-{trade.name}")) & known for trade in Trade}


def _boxes(
    action: roles_matrix.Action, ticked: Mapping[str, frozenset[str]], held: Mapping[str, frozenset[str]]
) -> list[tuple[str, str, bool, bool]]:
    """(field, trade, ticked, locked) for each trade."""
    return [
        (
            f"droit-{trade.name}",
            trade.value,
            trade is Trade.ADMIN or action.name in ticked[trade.value],
            trade is Trade.ADMIN or (action.reserved and action.name not in held[trade.value]),
        )
        for trade in Trade
    ]
