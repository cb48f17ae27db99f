"""The hook reference, written from the contract itself: `python scripts/hook_reference.py` writes the page."""

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from enum import StrEnum
from types import ModuleType
from typing import Any

from core.kernel.calls import implementers
from core.kernel.manager import SPEC_MODULES

HEAD = """# Hooks

Written from `core/contracts` by `scripts/hook_reference.py`; a test checks that it is fresh.

A *boot* hook is asked once when a process starts. A *collect* hook shows something: a plugin that fails loses its own
answer only. A *strict* hook carries money or erasure: a plugin that fails stops the whole operation and is named.
A *notify* hook tells that something happened: each plugin handles the event after the transaction, in its own, and
again until it succeeds.
"""


def specifications(module: ModuleType) -> list[Callable[..., Any]]:
    """Hook specifications that a module of the contract declares, in its order."""
    found = [
        member
        for _, member in inspect.getmembers(module, inspect.isfunction)
        if hasattr(member, "parvis_kind") and member.__module__ == module.__name__
    ]
    return sorted(found, key=lambda spec: spec.__code__.co_firstlineno)


def _types(module: ModuleType) -> list[type]:
    found = [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if member.__module__ == module.__name__
        and (
            dataclasses.is_dataclass(member)
            or issubclass(member, StrEnum)
            or getattr(member, "_is_protocol", False)
        )
    ]
    return sorted(found, key=lambda kind: inspect.getsourcelines(kind)[1])


def _annotation(annotation: Any) -> str:
    return inspect.formatannotation(annotation).replace("core.contracts.", "").strip("'")


def _members(kind: type) -> Iterator[str]:
    if dataclasses.is_dataclass(kind):
        for field in dataclasses.fields(kind):
            optional = (
                field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
            )
            yield f"`{field.name}: {_annotation(field.type)}`{' (optional)' if optional else ''}"
    elif issubclass(kind, StrEnum):
        yield from (f"`{member.name}` = {member.value}" for member in kind)


def _hook(spec: Callable[..., Any]) -> Iterator[str]:
    arguments = ", ".join(
        f"{name}: {_annotation(kind)}" for name, kind in spec.__annotations__.items() if name != "return"
    )
    answer = _annotation(spec.__annotations__["return"])
    kind = spec.parvis_kind  # type: ignore[attr-defined]
    yield f"### `{spec.__name__}`\n\n`{spec.__name__}({arguments}) -> {answer}` · {kind}\n"
    yield inspect.getdoc(spec) or ""
    users = [f"[{slug}](../../plugins/{slug}/hooks.py)" for slug in implementers(spec)]
    yield f"\nIn the tree: {', '.join(users)}.\n" if users else "\nIn the tree: nobody.\n"


def _module(module: ModuleType) -> Iterator[str]:
    name = module.__name__.rpartition(".")[2]
    lead = (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ")
    yield f"## [{name}](../../core/contracts/{name}.py)\n\n{lead}\n"
    for spec in specifications(module):
        yield from _hook(spec)
    for kind in _types(module):
        yield f"#### `{kind.__name__}`\n\n{inspect.getdoc(kind) or ''}\n"
        members = [f"- {member}" for member in _members(kind)]
        if members:
            yield "\n".join(members) + "\n"


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, *(line for module in SPEC_MODULES for line in _module(module))]).rstrip() + "\n"
