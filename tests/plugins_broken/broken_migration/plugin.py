from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_migration",
    name="Migration",
    summary="Its only migration raises, so its table is missing.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=("plugins.broken_migration",),
)
