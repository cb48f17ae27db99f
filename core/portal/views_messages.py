"""« Mes messages » : what one wants to be told, at which rhythm, and what was written."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from core.families.access import family_of, family_only
from core.kernel.access import signed_in
from core.notifications import preferences, topics
from core.notifications.models import Message
from core.notifications.selectors import addresses_of, failing, written_to
from core.reminders import digest
from core.reminders.models import Digest

PAGE_SIZE = 20

TONES = {
    Message.State.QUEUED: "info",
    Message.State.SENT: "success",
    Message.State.FAILED: "error",
    Message.State.UNREACHABLE: "error",
    Message.State.UNWANTED: "neutral",
    Message.State.BOUNCED: "error",
}


class PreferencesForm(forms.Form):
    """Rhythm of the message of the day, optional topics, and those that may also go to a telephone."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("Me rappeler ce que j’ai à faire"),
        choices=Digest.Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Un message par jour au plus, et aucun quand vous n’avez rien à faire."),
    )
    by_email = forms.MultipleChoiceField(
        label=gettext_lazy("M’écrire aussi pour"), required=False, widget=forms.CheckboxSelectMultiple
    )
    by_sms = forms.MultipleChoiceField(
        label=gettext_lazy("M’envoyer aussi un SMS pour"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, rhythm: str, chosen: list[preferences.Preference]) -> None:
        by_email = [one for one in chosen if one.may_refuse]
        by_sms = [one for one in chosen if one.may_sms]
        initial = {
            "rhythm": rhythm,
            "by_email": [one.topic.code for one in by_email if one.by_email],
            "by_sms": [one.topic.code for one in by_sms if one.by_sms],
        }
        super().__init__(data, initial=initial)
        for name, offered in (("by_email", by_email), ("by_sms", by_sms)):
            if offered:
                self.fields[name].choices = [(one.topic.code, one.topic.label) for one in offered]  # type: ignore[attr-defined]
            else:
                del self.fields[name]


@never_cache
@family_only
def choices(request: HttpRequest) -> HttpResponse:
    """What one wants to be told; nobody chooses for somebody else."""
    user: Any = request.user
    chosen = preferences.of(user)
    form = PreferencesForm(request.POST or None, rhythm=digest.rhythm_of(user), chosen=chosen)
    if request.method == "POST" and form.is_valid():
        digest.choose(user=user, rhythm=form.cleaned_data["rhythm"])
        preferences.choose(
            user=user,
            by_email=form.cleaned_data.get("by_email", []),
            by_sms=form.cleaned_data.get("by_sms", []),
        )
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("portal:preferences")
    addresses = addresses_of(user)
    data = {
        "family": family_of(request),
        "form": form,
        "always": [one.topic.label for one in chosen if not one.may_refuse],
        "addresses": addresses,
        "failing": failing(addresses),
    }
    return render(request, "portal/preferences.html", data)


@never_cache
@signed_in
def sent(request: HttpRequest) -> HttpResponse:
    """What was written to whoever is signed in, and what became of it."""
    page = Paginator(written_to(request.user), PAGE_SIZE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    labels = {topic.code: topic.label for topic in topics.every()}
    rows = [(message, TONES[Message.State(message.state)], labels.get(message.topic, "")) for message in page]
    return render(request, "portal/messages.html", {"page": page, "rows": rows})
