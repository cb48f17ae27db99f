from plugins.broken_import.nowhere import Plugin

plugin = Plugin(
    slug="broken_import",
    name="Import",
    summary="Its manifest needs a module that is not there.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=(),
)
