from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_type",
    name="Mauvais type",
    summary="It answers with something else than what is asked.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=(),
)
