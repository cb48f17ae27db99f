"""Writing to a service from the site: a form without a script, sent by e-mail, kept nowhere."""

from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.notifications import Choice, Topic
from core.kernel import clock
from core.kernel.addresses import absolute
from core.notifications.services import notify
from core.town.selectors import ContactCard, ContactGroup, HelpContacts
from core.ui.formats import day, hour

RATES = {"write": "20/h/ip,5/h/key"}

WRITTEN = Topic(
    code="core.contact",
    label=gettext_lazy("Message d’un visiteur"),  # type: ignore[arg-type]
    template="pages/mail/message",
    keeps_text=False,
    choice=Choice.ELSEWHERE,
)
RECEIVED = Topic(
    code="core.contact-recu",
    label=gettext_lazy("Votre message est arrivé"),  # type: ignore[arg-type]
    template="pages/mail/recu",
    keeps_text=False,
    choice=Choice.ELSEWHERE,
)
TOPICS = (WRITTEN, RECEIVED)


class WriteForm(forms.Form):
    """A subject, which is a contact with an e-mail; who writes; what. `website` is a trap: nobody sees it."""

    to = forms.ChoiceField(label=gettext_lazy("Sujet"))
    name = forms.CharField(
        label=gettext_lazy("Votre nom"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse électronique"),
        help_text=gettext_lazy("Le service vous répond à cette adresse."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Votre téléphone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    message = forms.CharField(
        label=gettext_lazy("Votre message"),
        max_length=4000,
        help_text=gettext_lazy("N’écrivez rien sur la santé d’un enfant : appelez plutôt le service."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, helpers: HelpContacts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = {str(card.id): (group, card) for group, card in helpers.with_email}
        choices = [(key, _subject(group, card)) for key, (group, card) in self.ways.items()]
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)  # noqa: S101
        to.choices = [("", _("Choisissez un sujet")), *choices]

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "website"]


def _subject(group: ContactGroup, card: ContactCard) -> str:
    return f"{card.label} – {group.name}"


def too_many(request: HttpRequest, email: str) -> bool:
    """Whether too many messages came from there, or in that name; counted in the cache that all processes share."""
    return not ratelimit.consume(request, app="core.pages", action="write", config=RATES, key=email.lower())


def send(form: WriteForm) -> None:
    """Send a valid form to the service, and tell who wrote that it arrived. A trap that was filled sends nothing."""
    typed = form.cleaned_data
    if typed["website"]:
        return
    group, card = form.ways[typed["to"]]
    now = clock.now().astimezone(clock.PARIS)
    words = {
        "subject": card.label,
        "service": group.name,
        "sender": " ".join(typed["name"].split()),
        "email": typed["email"],
        "phone": typed["phone"],
        "message": typed["message"],
        "day": day(now.date(), year=True),
        "hour": hour(now),
    }
    notify(to=card.email, topic=WRITTEN.code, context=words)
    contact = {"url": absolute(reverse("contacts")), "button": _("Voir les contacts"), "phone_of": card.phone}
    notify(to=typed["email"], topic=RECEIVED.code, context={**words, **contact})
