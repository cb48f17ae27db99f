"""The contract reads as a chapter: each specification is typed, of one kind, and says when and what."""

import inspect
import re
import warnings
from collections.abc import Callable
from dataclasses import is_dataclass
from types import ModuleType
from typing import get_origin

import pluggy
import pytest
from packaging.version import Version

from core import API_VERSION
from core.contracts.markers import PROJECT, DeprecatedHook, collect_hook, deprecated, hookimpl
from core.kernel.manager import specifications
from core.kernel.reference import sections

SPECS = specifications()


def is_frozen(kind: type) -> bool:
    return is_dataclass(kind) and bool(kind.__dataclass_params__.frozen)  # type: ignore[attr-defined]


def test_there_are_specifications() -> None:
    assert len(SPECS) >= 12


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.__name__)
def test_each_says_what_an_author_needs(spec: Callable[..., object]) -> None:
    lead, said = sections(spec)
    assert lead
    assert {"When", "Returns", "On failure", "Since"} <= said.keys()
    assert Version(said["Since"].rstrip(".")) <= Version(API_VERSION)
    answer = spec.__annotations__["return"]
    if spec.parvis_kind == "notify":  # type: ignore[attr-defined]
        assert answer is None
        assert list(inspect.signature(spec).parameters) == ["event"]
        assert is_frozen(spec.__annotations__["event"])
    else:
        assert get_origin(answer) is not None
    for name in inspect.signature(spec).parameters:
        assert name in spec.__annotations__


# The end of a hook ----------------------------------------------------------------------------------------------------


def overdue(specs: list[Callable[..., object]], now: str) -> list[str]:
    """Hooks whose end was announced badly, or whose time has come."""
    wrong = []
    for spec in specs:
        removal = getattr(spec, "parvis_removed_in", None)
        told = sections(spec)[1].get("Deprecated", "")
        match = re.match(r"since (\d+\.\d+), removed in (\d+\.\d+)", told)
        if removal is None and not told:
            continue
        if match is None or match[2] != removal:
            wrong.append(f"{spec.__name__}: its docstring does not name the version")
        elif Version(match[2]).minor or Version(match[2]).major <= Version(match[1]).major:
            wrong.append(f"{spec.__name__}: a removal waits for the next major version")
        elif Version(removal) <= Version(now):
            wrong.append(f"{spec.__name__}: its time has come")
    return wrong


def test_no_end_is_overdue() -> None:
    assert overdue(SPECS, API_VERSION) == []


@deprecated(since="1.1", removed_in="2.0", instead="use new_panels")
@collect_hook
def old_panels() -> list[str]:  # type: ignore[empty-body]
    """Panels, as they were.

    When: never. Returns: nothing. On failure: nothing. Since: 1.0.
    Deprecated: since 1.1, removed in 2.0; use new_panels.
    """


@deprecated(since="1.1", removed_in="2.0", instead="use new_panels")
@collect_hook
def silent_panels() -> list[str]:  # type: ignore[empty-body]
    """Panels. When: never. Returns: nothing. On failure: nothing. Since: 1.0."""


def test_an_end_is_announced_and_comes() -> None:
    assert overdue([old_panels], "1.9") == []
    assert overdue([old_panels], "2.0") == ["old_panels: its time has come"]
    assert overdue([silent_panels], "1.1") == ["silent_panels: its docstring does not name the version"]


def test_whoever_implements_it_is_warned() -> None:
    specs, plugin = ModuleType("specs"), ModuleType("ancien")
    vars(specs)["old_panels"] = old_panels
    vars(plugin)["old_panels"] = hookimpl(lambda: ["as before"])
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(specs)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        manager.register(plugin)
    assert [warning.category for warning in caught] == [DeprecatedHook]
    assert "removed in 2.0: use new_panels" in str(caught[0].message)
    assert manager.hook.old_panels() == [["as before"]]
