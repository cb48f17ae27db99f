"""Manifest: pure data, read before Django is set up."""

from core.contracts.plugin import PersonalData, Plugin

plugin = Plugin(
    slug="facturation",
    name="Facturation",
    summary="Factures du mois, paiement en ligne, reçus.",
    audience=frozenset({"families", "agents"}),
    requires_core=">=1.0,<2",
    owner="Parvis",
    django_apps=("plugins.facturation",),
    personal_data=(
        PersonalData("faits facturés aux responsables légaux", ("RunTouch", "BilledHead", "BilledLine")),
        PersonalData("factures et avoirs des responsables légaux", ("Invoice",)),
        PersonalData(
            "paiements et reçus des responsables légaux", ("Payment", "PaymentItem", "Allocation", "Receipt")
        ),
        PersonalData("écritures de leurs comptes", ("LedgerTransaction", "LedgerEntry")),
    ),
)
