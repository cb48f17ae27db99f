"""Work that comes back at its hour, run by `parvis tick`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.contracts.markers import boot_hook


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A periodic job. Each slot of its schedule is run once, by whichever machine comes first.

    `name` is unique in its plugin; `label` is what agents read. `schedule` is a period (at least a minute, slots
    counted from midnight UTC) or an hour of the day in Paris. `run` receives the instant and writes its own
    transactions; it must be able to run again after having been stopped anywhere, and end within a quarter of an
    hour: longer work is cut, or enqueued as tasks. `runs_while_off`: what has begun must end (payments under way); the
    job does nothing once nothing is pending.
    """

    name: str
    label: str
    schedule: timedelta | time
    run: Callable[[datetime], object]
    runs_while_off: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.schedule, timedelta) and self.schedule < timedelta(minutes=1):
            raise ValueError(f"job {self.name}: a period is at least a minute")


@boot_hook
def jobs() -> list[Job]:  # type: ignore[empty-body]
    """The periodic jobs of a plugin.

    When: start-up; while the plugin is off they rest, but those that say otherwise. A slot that was missed is not
    caught up. Returns: the jobs.
    On failure: the plugin is quarantined; a job that raises is tried again within its slot, later each time.
    Since: 1.0.
    """
