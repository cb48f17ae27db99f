from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_version",
    name="Version",
    summary="It asks for a core that does not exist yet.",
    audience=frozenset({"public"}),
    requires_core=">=99",
    owner="Tests",
    django_apps=(),
)
