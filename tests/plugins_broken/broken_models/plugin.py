from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_models",
    name="Modèles",
    summary="Its models raise: Django itself cannot start with it.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=("plugins.broken_models",),
)
