"""What the journal says of accounts that are opened and given back."""

from django.utils.translation import gettext_lazy as _

from core.contracts.journal import Act

CODE_ISSUED = "opening.code_issued"
CODE_REVOKED = "opening.code_revoked"
CODE_LOCKED = "opening.code_locked"
ACCOUNT_OPENED = "opening.account_opened"
ACCOUNT_LINKED = "opening.account_linked"
ACCOUNT_RECOVERED = "opening.account_recovered"
ADDRESS_CONFIRMED = "opening.address_confirmed"
FAMILY_CREATED = "opening.family_created"

ACTS = (
    Act(CODE_ISSUED, _("Code d’activation donné")),  # type: ignore[arg-type]
    Act(CODE_REVOKED, _("Code d’activation annulé")),  # type: ignore[arg-type]
    Act(CODE_LOCKED, _("Code d’activation bloqué après trop d’essais")),  # type: ignore[arg-type]
    Act(ACCOUNT_OPENED, _("Compte ouvert avec un code d’activation")),  # type: ignore[arg-type]
    Act(ACCOUNT_LINKED, _("Compte relié à une personne")),  # type: ignore[arg-type]
    Act(ACCOUNT_RECOVERED, _("Compte rendu à son titulaire")),  # type: ignore[arg-type]
    Act(ADDRESS_CONFIRMED, _("Adresse électronique confirmée")),  # type: ignore[arg-type]
    Act(FAMILY_CREATED, _("Famille créée à partir d’une demande")),  # type: ignore[arg-type]
)
