"""Acts of the kernel."""

from collections.abc import Container
from datetime import datetime

from django.db import transaction

from core.contracts.lifecycle import Obstacle
from core.kernel import discovery
from core.kernel.models import PluginState, PluginSwitch


class UnknownPlugin(LookupError):
    """No such plugin is installed."""


class PluginNeeded(Exception):
    """The plugin cannot be switched while others need it, or while one that it needs is off."""

    def __init__(self, slugs: list[str]) -> None:
        super().__init__(", ".join(slugs))
        self.slugs = slugs


class InFlight(Exception):
    """Something has begun in the plugin that whoever switches it off has not read."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(" ".join(obstacle.what for obstacle in obstacles))
        self.obstacles = obstacles


@transaction.atomic
def switch_plugin(
    *, slug: str, enabled: bool, actor: str, at: datetime, despite: Container[str] = ()
) -> bool:
    """Switch a plugin on or off and log who did it. Returns whether anything changed.

    `despite` are the sentences of the obstacles that were read. Raises UnknownPlugin, PluginNeeded, InFlight.
    """
    from core.kernel import state
    from core.kernel.obstacles import obstacles

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
    if not enabled:
        in_flight = obstacles(slug)
        if any(obstacle.what not in despite for obstacle in in_flight):
            raise InFlight(in_flight)
    PluginState.objects.update_or_create(slug=slug, defaults={"enabled": enabled})
    PluginSwitch.objects.create(slug=slug, enabled=enabled, actor=actor, at=at)
    return True
