"""Manifest: pure data, read before Django is set up."""

from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="actualites",
    name="Actualités",
    summary="Les nouvelles de la commune et les documents à télécharger.",
    audience=frozenset({"public", "families"}),
    requires_core=">=1.0,<2",
    owner="Parvis",
    django_apps=("plugins.actualites",),
    personal_data=(),
)
