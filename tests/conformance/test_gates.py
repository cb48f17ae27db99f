"""The table of the gates says what the test tries."""

import re
from pathlib import Path

from core.testing.conformance.gates import GATES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "gates.md"


def test_the_page_is_the_table_that_is_tried() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]{10,} \| `([\w.]+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert rows == [(name, gate.closed_by) for name, gate in GATES.items()]
