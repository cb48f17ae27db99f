from core.testing.fixtures import *  # noqa: F403
