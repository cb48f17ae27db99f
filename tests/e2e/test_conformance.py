"""The pages of every plugin that is installed here, in a browser."""

from core.testing.conformance.browser import *  # noqa: F403
