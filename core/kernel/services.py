"""Acts of the kernel."""

from datetime import datetime

from django.db import transaction

from core.kernel import discovery
from core.kernel.models import PluginState, PluginSwitch


class UnknownPlugin(LookupError):
    """No such plugin is installed."""


class PluginNeeded(Exception):
    """The plugin cannot be switched while others need it, or while one that it needs is off."""

    def __init__(self, slugs: list[str]) -> None:
        super().__init__(", ".join(slugs))
        self.slugs = slugs


@transaction.atomic
def switch_plugin(*, slug: str, enabled: bool, actor: str, at: datetime) -> bool:
    """Switch a plugin on or off and log who did it. Returns whether anything changed."""
    from core.kernel import state

    plugins = {plugin.slug: plugin for plugin in discovery.installed().plugins}
    if slug not in plugins:
        raise UnknownPlugin(slug)
    with state.snapshot():
        on = state.enabled_slugs()
    if enabled:
        needed = [name for name in plugins[slug].depends_on if name not in on]
    else:
        needed = [
            plugin.slug for plugin in plugins.values() if slug in plugin.depends_on and plugin.slug in on
        ]
    if needed:
        raise PluginNeeded(needed)
    if (slug in on) == enabled:
        return False
    PluginState.objects.update_or_create(slug=slug, defaults={"enabled": enabled})
    PluginSwitch.objects.create(slug=slug, enabled=enabled, actor=actor, at=at)
    return True
