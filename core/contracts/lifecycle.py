"""The life of a plugin: what is under way when somebody means to switch it off."""

from dataclasses import dataclass

from core.contracts.markers import collect_hook


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that has begun and has not ended.

    `what` is a French sentence that counts it, `url` where agents see it. It forbids nothing: whoever switches the
    plugin off has read it.
    """

    what: str
    url: str = ""


@collect_hook
def disable_obstacles() -> list[Obstacle]:  # type: ignore[empty-body]
    """What is in flight: payments that wait for their answer, open windows, places that are held.

    When: on the modules page and before the plugin is switched off, asked of it alone.
    Returns: one obstacle a kind of thing; one statement each is expected.
    On failure: that it could not say is an obstacle in its turn. Since: 1.0.
    """
