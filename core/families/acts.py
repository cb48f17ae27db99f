"""What the journal writes about families, in the words that families and agents read."""

from django.utils.translation import gettext_lazy as _

from core.contracts.journal import Act

ACTS = [
    Act(code, label)  # type: ignore[arg-type]
    for code, label in (
        ("families.authorisation_said", _("Autorisation donnée ou retirée")),
        ("families.change_proposed", _("Changement proposé aux deux foyers")),
        ("families.change_contested", _("Changement contesté")),
        ("families.change_applied", _("Changement appliqué")),
        ("families.change_rejected", _("Changement refusé")),
        ("families.change_withdrawn", _("Proposition de changement retirée")),
        ("families.court_decision_recorded", _("Décision de justice enregistrée")),
        ("families.court_decision_read", _("Décision de justice lue")),
        ("families.custody_rule_set", _("Règle de garde enregistrée")),
        ("families.custody_exception_proposed", _("Exception de garde demandée")),
        ("families.custody_exception_agreed", _("Exception de garde acceptée")),
        ("families.custody_exception_refused", _("Exception de garde refusée")),
        ("families.custody_exception_withdrawn", _("Demande d’exception de garde retirée")),
        ("families.household_changed", _("Adresse ou nom du foyer changés par la mairie")),
        ("families.guardian_changed", _("Coordonnées d’un responsable changées par la mairie")),
        ("families.guardian_added", _("Responsable ajouté par la mairie")),
        ("families.child_added", _("Enfant ajouté par la mairie")),
        ("families.contact_added", _("Personne à prévenir ajoutée par la mairie")),
        ("families.contact_changed", _("Personne à prévenir changée par la mairie")),
        ("families.contact_removed", _("Personne à prévenir retirée par la mairie")),
        ("families.families_imported", _("Fichier de familles importé")),
        ("families.families_merged", _("Familles réunies")),
        ("families.mandate_proposed", _("Délégation proposée")),
        ("families.mandate_accepted", _("Délégation acceptée")),
        ("families.mandate_revoked", _("Délégation retirée")),
        ("families.quotient_recorded", _("Quotient familial enregistré")),
        ("families.rights_set", _("Autorité parentale ou droits d’un responsable changés")),
        ("families.shares_set", _("Parts des payeurs changées")),
    )
]
