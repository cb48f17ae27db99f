"""Every hook is described by the contract itself, used in the tree, and tried by a test that bears its name."""

import os
import re
from pathlib import Path

import pytest

from core.kernel.manager import specifications
from core.kernel.reference import in_tree, page

ROOT = Path(__file__).resolve().parents[2]
WHOLE = pytest.mark.skipif("PARVIS_PLUGINS_ONLY" in os.environ, reason="needs every plugin of the tree")


@WHOLE
def test_the_reference_is_fresh() -> None:
    written = (ROOT / "docs" / "reference" / "hooks.md").read_text("utf-8")
    assert written == page(), "run `python scripts/hook_reference.py`"


@WHOLE
def test_each_has_a_user_in_the_tree() -> None:
    assert {spec.__name__ for spec in specifications() if not in_tree(spec)} == set()


def named(text: str) -> set[str]:
    return set(re.findall(r"^def test_hook_(\w+)\(", text, re.MULTILINE))


def test_each_has_a_test_named_after_it() -> None:
    found = {name for path in (ROOT / "tests").rglob("test_*.py") for name in named(path.read_text("utf-8"))}
    names = {spec.__name__ for spec in specifications()}
    assert names - found == set(), "write test_hook_<name>, in tests/core/test_hooks.py for instance"
    assert found - names == set(), "no such hook any more"
