from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="broken_slow",
    name="Lenteur",
    summary="It takes its time.",
    audience=frozenset({"public"}),
    requires_core=">=1.0,<2",
    owner="Tests",
    django_apps=(),
)
