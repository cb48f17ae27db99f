"""Taking a second factor away from an agent who lost theirs: somebody recognised them, and says how."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts import factors
from core.backoffice.screens import render_screen
from core.backoffice.views_roles import agents
from core.kernel.access import agent


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Comment avez-vous reconnu cette personne ?"),
        help_text=gettext_lazy("Par exemple : venue au bureau, carte d’agent. Le journal le garde."),
        max_length=300,
    )


@agent("accounts.change_user")
def reset(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Ask how they were recognised, then take every factor away. Nobody does it for themselves."""
    if user_id == request.user.pk:
        raise Http404
    shown = get_object_or_404(agents(), pk=user_id)
    here = reverse("backoffice:agent", args=[user_id])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        taken = factors.reset(user=shown, actor=request.user, reason=form.cleaned_data["reason"])
        said = (
            _("C’est fait. %(agent)s en ajoutera un autre à sa prochaine connexion.")
            if taken
            else _("%(agent)s n’avait pas de second facteur. Ses connexions sont fermées.")
        )
        messages.success(request, said % {"agent": shown})
        return redirect(here)
    title = _("Retirer le second facteur de %(agent)s ?") % {"agent": shown}
    trail = [(_("Agents"), reverse("backoffice:agents")), (str(shown), here)]
    return render_screen(
        request, "backoffice/factors.html", {"form": form}, title=title, icon="user", trail=trail
    )
