"""Messages to people: what left and what did not, addresses that give them back, and the words themselves."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.decorators import classonlymethod
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.roles import everywhere_rule
from core.backoffice.reports import Report
from core.backoffice.screens import render_screen
from core.backoffice.tables import Column
from core.backoffice.views_settings import PERMISSION as WORDS
from core.backoffice.views_settings import history, save, sheet_form
from core.contracts.notifications import Topic
from core.kernel import clock, configuration
from core.kernel.access import agent, rule
from core.notifications import bounces, topics, wording
from core.notifications.models import FailingAddress, Message
from core.notifications.services import frame
from core.ui import appearance

READ = "notifications.view_message"
MARK = "notifications.add_failingaddress"
RESTORE = "notifications.delete_failingaddress"


# What left -----------------------------------------------------------------------------------------------------------


def _topics() -> list[tuple[str, str]]:
    named = sorted((str(topic.label), topic.code) for topic in topics.every())
    return [("", _("tous")), *((code, label) for label, code in named)]


class MessageFilters(forms.Form):
    etat = forms.ChoiceField(
        label=gettext_lazy("État"),
        required=False,
        choices=[("", gettext_lazy("tous")), *Message.State.choices],
    )
    sujet = forms.ChoiceField(label=gettext_lazy("Sujet"), required=False, choices=_topics)
    adresse = forms.CharField(
        label=gettext_lazy("Adresse ou téléphone"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class Messages(Report):
    permission = READ
    title = gettext_lazy("Messages envoyés")
    icon = "mail"
    filters = MessageFilters
    note = gettext_lazy(
        "La preuve de chaque envoi : quand, où, et ce qu’il en est advenu. Le texte n’est pas montré ici."
    )
    empty = gettext_lazy("Aucun message ne correspond à ces filtres.")
    columns = (
        Column(gettext_lazy("Écrit"), lambda row: row.created_at),
        Column(gettext_lazy("Sujet"), lambda row: dict(_topics()).get(row.topic, row.topic)),
        Column(gettext_lazy("Voie"), lambda row: row.get_channel_display()),
        Column(gettext_lazy("Adresse"), lambda row: row.address),
        Column(gettext_lazy("État"), lambda row: row.get_state_display()),
        Column(gettext_lazy("Envoyé"), lambda row: row.sent_at),
        Column(gettext_lazy("Essais"), lambda row: row.attempts),
        Column(gettext_lazy("Erreur"), lambda row: row.error),
    )

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # noqa: N805 - as Django's own
        """Messages belong to no site: a role on one is not enough."""
        return rule(everywhere_rule(READ))(super().as_view(**initkwargs))

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[Message]:
        found = Message.objects.defer("text", "html").order_by("-created_at", "pk")
        if asked["etat"]:
            found = found.filter(state=asked["etat"])
        if asked["sujet"]:
            found = found.filter(topic=asked["sujet"])
        if asked["adresse"]:
            found = found.filter(address__icontains=asked["adresse"])
        return found


# Addresses that give them back ---------------------------------------------------------------------------------------


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


@rule(everywhere_rule(MARK))
def addresses(request: HttpRequest) -> HttpResponse:
    """The addresses to which nothing is sent any more; a POST marks one."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        bounces.record(
            address=form.cleaned_data["address"],
            status="",
            now=clock.now(),
            actor=request.user,  # type: ignore[arg-type]
        )
        messages.success(request, _("Plus rien n’est envoyé à cette adresse."))
        return redirect("backoffice:failing_addresses")
    data = {
        "form": form,
        "rows": FailingAddress.objects.select_related("marked_by")[:200],
        "may_restore": request.user.has_perm(RESTORE),
    }
    return render_screen(
        request, "backoffice/failing_addresses.html", data, title=_("Adresses en échec"), icon="warning"
    )


@rule(everywhere_rule(RESTORE))
def restore(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """The address works again."""
    found = get_object_or_404(FailingAddress, pk=address_id)
    if request.method == "POST":
        bounces.restore(failing=found, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Les messages partent de nouveau vers cette adresse."))
    return redirect("backoffice:failing_addresses")


# The words -----------------------------------------------------------------------------------------------------------


@agent(WORDS)
def wordings(request: HttpRequest) -> HttpResponse:
    """The messages that agents may word again, and whether they did."""
    rows = [(topic, wording.is_ours(topic)) for topic in wording.editable()]
    return render_screen(
        request, "backoffice/wordings.html", {"rows": rows}, title=_("Textes des messages"), icon="mail"
    )


@agent(WORDS)
def one_wording(request: HttpRequest, code: str) -> HttpResponse:
    """The words of one message: subject, text, variables, what it would look like, the original beside."""
    topic = _topic(code)
    sheet, commune = wording.sheet_of(topic), appearance.commune()
    form = sheet_form(request, sheet)
    looks = "apercu" in request.POST
    if request.method == "POST" and form.is_valid() and not looks and save(request, form):
        return redirect("backoffice:wording", code)
    chosen: Mapping[str, Any] = sheet.values()
    if request.method == "POST":
        chosen = form.cleaned_data
    subject, text = wording.original(topic, commune=commune)
    data = {
        "form": form,
        "topic": topic,
        "original_subject": subject,
        "original_text": text,
        "ours": wording.is_ours(topic),
        "after": configuration.last_number(sheet.key),
        "preview": wording.preview(
            topic,
            subject=chosen.get("subject") or "",
            text=chosen.get("text") or "",
            commune=commune,
            frame=frame(),
        )
        if not form.errors
        else None,
        **history(request, sheet.key),
    }
    trail = [(_("Textes des messages"), reverse("backoffice:wordings"))]
    return render_screen(
        request, "backoffice/wording.html", data, title=topic.label, icon="mail", trail=trail
    )


def _topic(code: str) -> Topic:
    found = next((topic for topic in wording.editable() if topic.code == code), None)
    if found is None:
        raise Http404
    return found


routes = [
    path("messages/", Messages.as_view(), name="messages"),
    path("messages/adresses/", addresses, name="failing_addresses"),
    path("messages/adresses/<uuid:address_id>/retablir/", restore, name="restore_address"),
    path("messages/textes/", wordings, name="wordings"),
    path("messages/textes/<str:code>/", one_wording, name="wording"),
]
