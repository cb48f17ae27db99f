"""What `pytest --parvis-plugin=SLUG` runs."""

from core.testing.conformance import *  # noqa: F403
