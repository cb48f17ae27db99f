"""What the database itself may answer differently, on PostgreSQL; the whole suite runs on SQLite (decision 0031)."""

import pytest
from django.db import connection

from core.testing.conformance.context import *  # noqa: F403
from core.testing.conformance.data import *  # noqa: F403
from core.testing.conformance.migrations import *  # noqa: F403
from core.testing.conformance.queries import *  # noqa: F403

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="test_plugins.py does it on SQLite")
