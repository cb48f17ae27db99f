"""The demo commune: each plugin tells its own part."""

from dataclasses import dataclass
from datetime import date
from random import Random

from core.contracts.markers import strict_hook


@dataclass(frozen=True, slots=True)
class Demo:
    """The day the demo is set on and its seed; `random(name)` gives a generator that no other part disturbs."""

    today: date
    seed: int = 33530

    def random(self, name: str) -> Random:
        return Random(f"{self.seed}:{name}")  # noqa: S311 - plausible data, no secret


@strict_hook
def load_demo(demo: Demo) -> list[str]:  # type: ignore[empty-body]
    """Write the plugin's part of the demo, after those it depends on; twice gives the same as once.

    When: `parvis demo`. Returns: one French line a thing made.
    On failure: the demo stops and names the plugin. Since: 1.0.
    """
