"""« Inscrire ma famille »: somebody whom the town does not know yet asks for a household.

The data of the request: {"adult": {civility, first_name, last_name, birth_date, phone}, "home": {address, postcode,
city}, "children": [{first_name, last_name, birth_date}], "note"}; days are written AAAA-MM-JJ.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import PhoneNumber

from core.accounts.models import User
from core.contracts.pages import Panel
from core.contracts.requests import Acceptance, Obstacle, RequestKind, RequestRef, Section
from core.families.models import Child, ChildInFamily, Family, Guardian, Person
from core.kernel import journal
from core.opening import acts, duplicates
from core.opening.errors import HasAPerson
from core.opening.identity import fold
from core.opening.links import link
from core.requests import services as requests
from core.requests.models import ServiceRequest
from core.requests.states import CLOSED
from core.ui import appearance

CODE = "core.inscription-famille"
NEW = "nouvelle"
"""The choice of an agent for what the town does not know yet; otherwise the identifier of a person or of a child."""

Data = Mapping[str, Any]


def title_of(data: Data) -> str:
    adult = data["adult"]
    return _("Inscrire ma famille : %(first)s %(last)s") % {
        "first": adult["first_name"],
        "last": adult["last_name"],
    }


def phone_words(number: str) -> str:
    """« 06 12 34 56 78 », as one says it; what is no number comes back as it is."""
    found = PhoneNumber.from_string(number, region="FR") if number else None
    return found.as_national if found and found.is_valid() else number


def _day(written: str) -> str:
    return date.fromisoformat(written).strftime("%d/%m/%Y") if written else ""


def sections(data: Data) -> Sequence[Section]:
    """What was asked, in words."""
    adult, home = data["adult"], data["home"]
    found = [
        Section(
            "adult",
            _("La personne qui demande"),
            (
                (_("Prénom"), adult["first_name"]),
                (_("Nom"), adult["last_name"]),
                (_("Date de naissance"), _day(adult["birth_date"])),
                (_("Téléphone"), phone_words(adult["phone"])),
            ),
        ),
        Section(
            "home",
            _("Adresse"),
            ((_("Adresse"), home["address"]), (_("Commune"), f"{home['postcode']} {home['city']}")),
        ),
    ]
    found += [
        Section(
            f"child-{rank}",
            child["first_name"],
            (
                (_("Nom"), child["last_name"]),
                (_("Date de naissance"), _day(child["birth_date"])),
            ),
        )
        for rank, child in enumerate(data["children"])
    ]
    if data.get("note"):
        found.append(Section("note", _("Précisions"), ((_("Ce qui est ajouté"), data["note"]),)))
    return found


# What an agent decides -------------------------------------------------------------------------------------------


def _decision(request: RequestRef, posted: Mapping[str, Any] | None) -> Any:
    from core.opening.forms import DecisionForm  # forms read matches: only when an agent looks

    return DecisionForm(request, posted)


def _panel(request: RequestRef) -> Panel | None:
    """The request beside those who may be the same people. Three statements."""
    return Panel(
        title=_("Déjà connus ?"),
        template="opening/agents/matches.html",
        context={
            "adults": duplicates.adults_like(request.data),
            "children": duplicates.children_like(request.data),
            "typed": request.data,
            "born": date.fromisoformat(request.data["adult"]["birth_date"]),
            "phone": phone_words(request.data["adult"]["phone"]),
        },
    )


def accept(acceptance: Acceptance) -> str:
    """Create the family, or link the account to the person whom the agent recognised. Raises Obstacle."""
    request = acceptance.request
    user = User.objects.select_for_update().filter(pk=request.user_id, is_active=True).first()  # type: ignore[misc]
    if user is None:
        raise Obstacle(_("Ce compte n’existe plus."))
    if Person.objects.filter(user=user).exists():
        raise Obstacle(HasAPerson().args[0])
    if acceptance.choices["adult"] == NEW:
        return _create(user, acceptance)
    return _recognise(user, acceptance)


def _recognise(user: User, acceptance: Acceptance) -> str:
    person = Person.objects.select_for_update().filter(pk=acceptance.choices["adult"]).first()
    if person is None or not Guardian.objects.filter(person=person, merged_into=None).exists():
        raise Obstacle(_("Cette personne n’est plus responsable d’une famille. Relisez les ressemblances."))
    if person.user_id:
        raise Obstacle(_("Cette personne a déjà un compte."))
    document = acceptance.choices["identity_document"]
    if not document:
        raise Obstacle(_("Avant de relier un compte à une famille connue, voyez une pièce d’identité."))
    link(person=person, user=user)
    journal.record(
        actor=acceptance.actor_id,
        act=acts.ACCOUNT_LINKED,
        object=user,
        concerning=[person],
        changes={"piece": document, "demande": acceptance.request.reference},
    )
    return _("Votre compte est relié à votre famille.")


def _create(user: User, acceptance: Acceptance) -> str:
    data = acceptance.request.data
    adult, home = data["adult"], data["home"]
    person = Person.objects.create(
        user=user,
        civility=adult.get("civility", ""),
        first_name=adult["first_name"],
        last_name=adult["last_name"],
        birth_date=adult["birth_date"] or None,
        email=user.email,
        phone=adult["phone"],
    )
    family = Family.objects.create(
        name=_("Famille %s") % adult["last_name"],
        resident=fold(home["city"]) == fold(appearance.commune().name),
        **home,
    )
    Guardian.objects.create(family=family, person=person, position=1)
    for rank, child in enumerate(data["children"]):
        _put(family, child, acceptance.choices.get(f"child_{rank}", NEW))
    if not user.first_name and not user.last_name:
        user.first_name, user.last_name = person.first_name[:150], person.last_name[:150]
        user.save(update_fields=["first_name", "last_name"])
    journal.record(
        actor=acceptance.actor_id,
        act=acts.FAMILY_CREATED,
        object=family,
        concerning=[family, person],
        changes={"demande": acceptance.request.reference},
    )
    return _("Votre famille est créée : vous retrouvez vos enfants dans l’Espace Famille.")


def _put(family: Family, child: Data, choice: str) -> None:
    """A new child, or one that another home of the town has already."""
    if choice == NEW:
        person = Person.objects.create(
            first_name=child["first_name"], last_name=child["last_name"], birth_date=child["birth_date"]
        )
        ChildInFamily.objects.create(family=family, child=Child.objects.create(person=person))
        return
    known = Child.objects.select_for_update().filter(pk=UUID(choice)).first()
    homes = ChildInFamily.objects.filter(child_id=UUID(choice)).count()
    if known is None or homes > 1:
        raise Obstacle(
            _("%(name)s vit déjà dans deux foyers : voyez d’abord la fiche de l’enfant.")
            % {"name": child["first_name"]}
        )
    ChildInFamily.objects.create(family=family, child=known, position=homes + 1)


# The family's side -----------------------------------------------------------------------------------------------


def pending(user: Any) -> ServiceRequest | None:
    """The request that an account has under way, draft included."""
    return ServiceRequest.objects.filter(kind=CODE, user=user.pk).exclude(state__in=CLOSED).first()


def write(*, user: User, data: Data, now: datetime, submission: UUID) -> ServiceRequest:
    """Keep what was typed as the draft of the account: one at a time, which is written over."""
    if (held := pending(user)) is not None:
        return requests.rewrite(request_id=held.pk, title=title_of(data)[:200], data=data)
    return requests.draft(
        kind=CODE, user=user, title=title_of(data)[:200], data=data, now=now, submission=submission
    )


def settle(*, user: User, now: datetime) -> None:
    """The account was linked by a code: what it had asked has happened."""
    if (held := pending(user)) is not None:
        requests.settle(
            request_id=held.pk,
            actor=user,
            outcome=_("Vous avez relié votre compte avec un code d’activation."),
            now=now,
        )


KIND = RequestKind(
    code=CODE,
    label=gettext_lazy("Inscription d’une famille"),  # type: ignore[arg-type]
    service="enfance",
    delay_days=8,
    permission="families.change_family",
    sections=sections,
    accept=accept,
    decision=_decision,
    panel=_panel,
    edit_url=lambda request: reverse("portal:registration"),
)
