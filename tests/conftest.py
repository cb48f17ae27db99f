"""What every test leans on, beside the fixtures of `core.testing.pytest_plugin`.

The test day is Monday 23 November 2026 (`PARVIS_TODAY` of the test settings).
"""

from core.testing.fixtures import *  # noqa: F403

collect_ignore = ["outside_plugin"]  # another distribution, tried where it is installed: the lane `outside`
