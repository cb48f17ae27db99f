from core.testing.conformance import *  # noqa: F403

PLUGIN = "musique"
