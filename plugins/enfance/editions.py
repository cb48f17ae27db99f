"""The certificate of enrolment: which activities the children attend, where and until when."""

from django.utils.translation import gettext as _

from core.contracts.editions import Body, IssuableDocument, Part
from core.contracts.family import FamilyContext
from plugins.enfance.models import Enrolment
from plugins.enfance.selectors import enrolled_now


def documents(context: FamilyContext) -> list[IssuableDocument]:
    """Offered to a family whose children are enrolled. One statement."""
    found = enrolled_now(context)
    if not found:
        return []
    return [
        IssuableDocument(
            code="enfance.inscriptions",
            title=_("Attestation d’inscription"),
            description=_("Les activités de vos enfants, pour un employeur ou un comité d’entreprise."),
            write=lambda: _certificate(found),
            weight=30,
        )
    ]


def _certificate(enrolments: list[Enrolment]) -> Body:
    rows = tuple(
        (
            str(row.child.person),
            row.activity.name,
            row.site.name,
            _("du %(first)s au %(last)s")
            % {"first": f"{row.valid_from:%d/%m/%Y}", "last": f"{row.valid_to:%d/%m/%Y}"},
        )
        for row in enrolments
    )
    head = (_("Enfant"), _("Activité"), _("Lieu"), _("Inscription"))
    return Body(
        _("La mairie atteste que ces enfants sont inscrits aux activités suivantes."),
        (Part(_("Inscriptions"), rows, head),),
    )
