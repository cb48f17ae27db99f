"""Manifest: pure data, read before Django is set up."""

from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="facturation",
    name="Facturation",
    summary="Factures du mois, paiement en ligne, reçus.",
    audience=frozenset({"families", "agents"}),
    requires_core=">=1.0,<2",
    owner="Parvis",
    django_apps=("plugins.facturation",),
    personal_data=("factures et paiements des responsables légaux",),
)
