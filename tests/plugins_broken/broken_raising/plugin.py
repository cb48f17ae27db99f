from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_raising",
    name="Exception",
    summary="Whatever it is asked, it raises.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=(),
)
