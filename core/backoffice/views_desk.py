"""An agent writes in the record of a household for one of its guardians: traced, and told to the guardians."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from core.backoffice import selectors
from core.backoffice.forms_desk import (
    AdultForm,
    ChildForm,
    ContactForm,
    DeskForm,
    HouseholdForm,
    NewAdultForm,
)
from core.backoffice.screens import render_screen
from core.families.models import Contact, Family, Guardian
from core.families.reach import reached
from core.families.services import desk
from core.kernel import clock
from core.kernel.access import agent
from core.notifications import records

CHANGE = "families.change_family"


def _family(request: HttpRequest, family_id: UUID) -> tuple[Family, list[Guardian]]:
    family = get_object_or_404(reached(request.user, CHANGE), pk=family_id)
    return family, [one for one in selectors.guardians_of(family.pk) if one.merged_into_id is None]


def _answer(
    request: HttpRequest,
    family: Family,
    form: DeskForm,
    title: str,
    write: Callable[[], str],
    *,
    remove: str = "",
) -> HttpResponse:
    """Write what a valid form holds; `write` returns the sentence that is shown, "" when nothing changed."""
    back = reverse("backoffice:family", args=[family.pk])
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                said = write()
        except ValidationError as error:
            form.add_error(None, error.messages[0] if not hasattr(error, "error_dict") else error)
            if isinstance(error, desk.Overtaken):
                form.overtaken()
        else:
            if said:
                messages.success(request, said)
            else:
                messages.info(request, _("Rien n’a changé."))
            return redirect(back)
    return render_screen(
        request,
        "backoffice/desk.html",
        {"form": form, "cancel_url": back, "submit": _("Enregistrer"), "remove": remove},
        title=title,
        icon="edit",
        trail=[(_("Familles"), reverse("backoffice:families")), (family.name, back)],
    )


def _told(guardians: list[Guardian], what: str, *, also: str = "") -> str:
    records.tell(guardians, what, also=also)
    return _("C’est enregistré. Les responsables sont prévenus.")


def _posted(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


@agent(CHANGE)
def household(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Name and address."""
    family, guardians = _family(request, family_id)
    seen = desk.state_of(family, desk.HOUSEHOLD)
    form = HouseholdForm(_posted(request), instance=family, guardians=guardians, seen=seen)

    def write() -> str:
        data = form.cleaned_data
        changed = desk.change_household(
            family=family, values=data, seen=data["seen"], asked=form.asked(request.user)
        )
        return _told(guardians, _("adresse ou nom du foyer")) if changed else ""

    return _answer(request, family, form, _("Changer l’adresse"), write)


@agent(CHANGE)
def adult(request: HttpRequest, family_id: UUID, guardian_id: UUID) -> HttpResponse:
    """Telephones, e-mail, names of one guardian; only he or she is told, at the former address too."""
    family, guardians = _family(request, family_id)
    guardian = next((one for one in guardians if one.pk == guardian_id), None)
    if guardian is None:
        raise Http404
    person, former, seen = guardian.person, guardian.person.email, desk.state_of_adult(guardian)
    initial = {name: getattr(guardian, name) for name in desk.BENEFITS}
    form = AdultForm(_posted(request), instance=person, guardians=guardians, seen=seen, initial=initial)

    def write() -> str:
        data = form.cleaned_data
        changed = desk.change_adult(
            guardian=guardian,
            values=data,
            seen=data["seen"],
            asked=form.asked(request.user),
        )
        also = former if "email" in changed else ""
        return _told([guardian], _("vos coordonnées"), also=also) if changed else ""

    return _answer(
        request, family, form, _("Changer les coordonnées de %(name)s") % {"name": guardian}, write
    )


@agent(CHANGE)
def new_adult(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """One more guardian."""
    family, guardians = _family(request, family_id)
    form = NewAdultForm(_posted(request), guardians=guardians, seen="")

    def write() -> str:
        data = form.cleaned_data
        desk.add_adult(
            family=family, values=data, authority=data["authority"], asked=form.asked(request.user)
        )
        return _told(guardians, _("un responsable ajouté"))

    return _answer(request, family, form, _("Ajouter un responsable"), write)


@agent(CHANGE)
def new_child(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """One more child."""
    family, guardians = _family(request, family_id)
    form = ChildForm(_posted(request), guardians=guardians, seen="", today=clock.today())

    def write() -> str:
        names = ("first_name", "last_name", "birth_date", "birth_place", "school", "level")
        values = {name: form.cleaned_data[name] for name in names}
        desk.add_child(family=family, today=clock.today(), asked=form.asked(request.user), **values)
        return _told(guardians, _("un enfant ajouté"))

    return _answer(request, family, form, _("Ajouter un enfant"), write)


@agent(CHANGE)
def new_contact(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """One more person to call."""
    return _contact(request, family_id, None)


@agent(CHANGE)
def contact(request: HttpRequest, family_id: UUID, contact_id: UUID) -> HttpResponse:
    """Somebody to call, changed or taken away."""
    return _contact(request, family_id, contact_id)


def _contact(request: HttpRequest, family_id: UUID, contact_id: UUID | None) -> HttpResponse:
    family, guardians = _family(request, family_id)
    found = get_object_or_404(Contact, pk=contact_id, family=family) if contact_id else None
    seen = desk.state_of(found, desk.CONTACT)
    initial = {} if found else {"priority": desk.next_priority(family)}
    form = ContactForm(
        _posted(request), instance=found, family=family, guardians=guardians, seen=seen, initial=initial
    )

    def write() -> str:
        data = form.cleaned_data
        asked = form.asked(request.user)
        if found and "retirer" in request.POST:
            desk.remove_contact(contact=Contact.objects.get(pk=found.pk), asked=asked)
            return _told(guardians, _("une personne à prévenir retirée"))
        changed = desk.save_contact(family=family, contact=found, values=data, seen=data["seen"], asked=asked)
        return _told(guardians, _("une personne à prévenir")) if changed else ""

    title = _("Changer une personne à prévenir") if found else _("Ajouter une personne à prévenir")
    return _answer(request, family, form, title, write, remove=_("Retirer cette personne") if found else "")


routes = [
    path("familles/<uuid:family_id>/adresse/", household, name="desk_household"),
    path("familles/<uuid:family_id>/responsables/nouveau/", new_adult, name="desk_new_adult"),
    path("familles/<uuid:family_id>/responsables/<uuid:guardian_id>/", adult, name="desk_adult"),
    path("familles/<uuid:family_id>/enfants/nouveau/", new_child, name="desk_new_child"),
    path("familles/<uuid:family_id>/contacts/nouveau/", new_contact, name="desk_new_contact"),
    path("familles/<uuid:family_id>/contacts/<uuid:contact_id>/", contact, name="desk_contact"),
]
