from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_sql",
    name="SQL",
    summary="It reads a table that does not exist.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=(),
)
