"""The documents of core: the composition of the household, the summary of its record."""

from django.utils.translation import gettext as _

from core.contracts.editions import Body, IssuableDocument, Part
from core.contracts.family import Act, FamilyContext, GuardianRef
from core.families.models import Family, Person
from core.families.selectors import contacts_of
from core.ui.formats import day, euros, month


def documents(context: FamilyContext) -> list[IssuableDocument]:
    """Both are for guardians; no statement until one is made."""
    return [
        IssuableDocument(
            code="core.composition",
            title=_("Composition du foyer"),
            description=_("Les adultes et les enfants de votre foyer, à votre adresse."),
            write=lambda: composition(context),
            weight=10,
        ),
        IssuableDocument(
            code="core.recapitulatif",
            title=_("Récapitulatif du dossier"),
            description=_("Ce que la mairie sait de votre foyer : à relire, ou à garder."),
            write=lambda: summary(context),
            weight=20,
        ),
    ]


def _name(guardian: GuardianRef) -> str:
    return f"{guardian.first_name} {guardian.last_name}"


def _household(context: FamilyContext) -> tuple[Part, Part, Part]:
    """Where it lives, its adults, its children. One statement."""
    family = Family.objects.get(pk=context.id)
    place = " ".join(filter(None, [family.postcode, family.city]))
    where = ", ".join(filter(None, [family.address, place])) or _("adresse inconnue")
    children = tuple(
        (
            f"{child.first_name} {child.last_name}",
            day(child.birth_date, year=True) if child.birth_date else "—",
        )
        for child in context.children
    )
    return (
        Part(_("Foyer"), ((_("Nom"), family.name), (_("Adresse"), where))),
        Part(_("Adultes"), tuple((_name(one), _("responsable légal")) for one in context.guardians)),
        Part(_("Enfants"), children, (_("Enfant"), _("Né le")), _("Aucun enfant n’est rattaché à ce foyer.")),
    )


def composition(context: FamilyContext) -> Body:
    return Body(_("Voici la composition de ce foyer, telle que la mairie la connaît."), _household(context))


def summary(context: FamilyContext) -> Body:
    """The whole record of the household: contact details are only those of whoever asks. Three statements."""
    person = Person.objects.get(pk=context.guardian.person_id)
    mine = (
        (_("Nom"), _name(context.guardian)),
        (_("Téléphone"), str(person.phone.as_national if person.phone else "") or "—"),
        (_("Adresse électronique"), person.email or "—"),
    )
    schools = tuple(
        (child.first_name, child.site_name or "—", child.level or "—") for child in context.children
    )
    parts = [
        *_household(context),
        Part(_("Vos coordonnées"), mine),
        Part(
            _("École"),
            schools,
            (_("Enfant"), _("École"), _("Classe")),
            _("Aucun enfant n’est rattaché à ce foyer."),
        ),
    ]
    if context.may(Act.CONTACTS):
        parts.append(_contacts(context))
    if context.may(Act.MONEY):
        parts.append(_quotient(context))
    return Body(
        _("Voici ce que la mairie sait de votre foyer. Signalez-lui ce qui n’est plus juste."), tuple(parts)
    )


def _contacts(context: FamilyContext) -> Part:
    rows = tuple(
        (
            " ".join(filter(None, [contact.name, f"({contact.relation})" if contact.relation else ""])),
            str(contact.phone.as_national or contact.phone) if contact.phone else "—",
            _("oui") if contact.may_pick_up else _("non"),
        )
        for contact in contacts_of(context.id)
    )
    head = (_("Personne à prévenir"), _("Téléphone"), _("Vient chercher les enfants"))
    return Part(_("Personnes à prévenir"), rows, head, _("Aucune personne n’est indiquée."))


def _quotient(context: FamilyContext) -> Part:
    found = context.quotient
    rows = ((_("Quotient"), euros(int(found.value * 100))), (_("Mois"), month(found.month))) if found else ()
    return Part(
        _("Quotient familial"), rows, (), _("Aucun quotient n’est connu : le prix le plus haut s’applique.")
    )
