"""The contract reads as a chapter: each specification is typed, of one kind, and says when and what."""

import inspect
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import get_origin

import pytest

from core.kernel.manager import SPEC_MODULES

SPECS = [
    member
    for module in SPEC_MODULES
    for _, member in inspect.getmembers(module, inspect.isfunction)
    if hasattr(member, "parvis_kind") and member.__module__ == module.__name__
]


def is_frozen(kind: type) -> bool:
    return is_dataclass(kind) and bool(kind.__dataclass_params__.frozen)  # type: ignore[attr-defined]


def test_there_are_specifications() -> None:
    assert len(SPECS) >= 9


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.__name__)
def test_each_says_what_an_author_needs(spec: Callable[..., object]) -> None:
    doc = inspect.getdoc(spec) or ""
    for word in ("When:", "Returns:", "On failure:", "Since:"):
        assert word in doc, word
    answer = spec.__annotations__["return"]
    if spec.parvis_kind == "notify":  # type: ignore[attr-defined]
        assert answer is None
        assert list(inspect.signature(spec).parameters) == ["event"]
        assert is_frozen(spec.__annotations__["event"])
    else:
        assert get_origin(answer) is not None
    for name in inspect.signature(spec).parameters:
        assert name in spec.__annotations__
