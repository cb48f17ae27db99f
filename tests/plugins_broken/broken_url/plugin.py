from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_url",
    name="Adresses",
    summary="The module of its addresses cannot be imported.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=(),
)
