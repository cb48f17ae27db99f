from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_late",
    name="Générateur",
    summary="Its first answers are good, the next one raises.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=(),
)
