"""Its pages in a browser (Chromium): `pytest -m "not e2e"` goes without."""

from core.testing.conformance.browser import *  # noqa: F403

PLUGIN = "musique"
