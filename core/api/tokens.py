"""The page where somebody makes, reads and revokes tokens of the API."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from core.api.models import ApiToken, Scope
from core.api.services import create_token, revoke_token
from core.kernel import clock
from core.kernel.access import signed_in


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("À quoi servira ce jeton ?"),
        max_length=100,
        help_text=gettext_lazy("Par exemple : mon agenda."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qu’il permet"),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Durée"),
        coerce=int,
        initial=90,
        choices=[(30, gettext_lazy("30 jours")), (90, gettext_lazy("3 mois")), (365, gettext_lazy("1 an"))],
    )


def _own(user: Any) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user)


@never_cache
@signed_in
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and the form that makes one more. The secret is in the answer to the POST, and nowhere else."""
    form = TokenForm(request.POST or None)
    made: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        token, secret = create_token(
            user=request.user,
            name=form.cleaned_data["name"],
            scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
            now=clock.now(),
            lifetime=timedelta(days=form.cleaned_data["days"]),
        )
        made = {"made": token, "secret": secret}
        form = TokenForm()
    found = [(token, token.works(clock.now())) for token in _own(request.user)]
    return render(request, "api/tokens.html", {"form": form, "tokens": found, **made})


@signed_in
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    if request.method != "POST" or not revoke_token(token_id=token_id, user=request.user, now=clock.now()):
        raise Http404
    messages.success(request, _("Le jeton est révoqué : plus rien ne peut s’en servir."))
    return redirect("tokens:list")
