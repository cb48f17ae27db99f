from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_misspelt",
    name="Faute de frappe",
    summary="One of its hooks has a name that nobody calls.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=(),
)
