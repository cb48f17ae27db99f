"""The hook reference, written from the contract itself: `python scripts/hook_reference.py` writes the page."""

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import core
from core.contracts import money, plugin, pricing, settings
from core.kernel.calls import implementers
from core.kernel.manager import SPEC_MODULES

TYPE_MODULES = (plugin, settings, money, pricing)
"""Modules of the contract that hold types and no hook."""

TREE = Path(core.__file__).parents[1] / "plugins"

HEAD = """# Hooks

Written from `core/contracts` by `scripts/hook_reference.py`; a test checks that it is fresh.

A *boot* hook is asked once when a process starts. A *collect* hook shows something: a plugin that fails loses its own
answer only. A *strict* hook carries money or erasure: a plugin that fails stops the whole operation and is named.
A *notify* hook tells that something happened: each plugin handles the event after the transaction, in its own, and
again until it succeeds. What may change, and how it is announced, is in [versions](versioning.md).
"""


def specifications(module: ModuleType) -> list[Callable[..., Any]]:
    """Hook specifications that a module of the contract declares, in its order."""
    found = [
        member
        for _, member in inspect.getmembers(module, inspect.isfunction)
        if hasattr(member, "parvis_kind") and member.__module__ == module.__name__
    ]
    return sorted(found, key=lambda spec: spec.__code__.co_firstlineno)


def in_tree(spec: Callable[..., Any]) -> list[str]:
    """Slugs of the plugins of this repository that implement a hook."""
    return [slug for slug in implementers(spec) if TREE in _folder(slug).parents]


def _folder(slug: str) -> Path:
    found = find_spec(f"plugins.{slug}")
    return Path(found.origin).parent if found and found.origin else Path()


def _types(module: ModuleType) -> list[type]:
    found = [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if member.__module__ == module.__name__
        and not member.__name__.startswith("_")
        and (
            dataclasses.is_dataclass(member)
            or issubclass(member, StrEnum | Exception)
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
    elif getattr(kind, "_is_protocol", False):
        for name, annotation in inspect.get_annotations(kind).items():
            yield f"`{name}: {_annotation(annotation)}`"
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_"):
                yield f"`{name}{_signature(method)}`"


def _signature(function: Callable[..., Any]) -> str:
    hints = dict(function.__annotations__)
    answer = _annotation(hints.pop("return"))
    arguments = ", ".join(f"{name}: {_annotation(kind)}" for name, kind in hints.items())
    return f"({arguments}) -> {answer}"


def sections(spec: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    """What a specification says of itself: the lead, then *When, Returns, On failure, Since* (and *Deprecated*)."""
    lead, *rest = re.split(r"\b(When|Returns|On failure|Since|Deprecated): ", inspect.getdoc(spec) or "")
    words = [" ".join(part.split()) for part in rest]
    return lead.strip(), dict(zip(words[::2], words[1::2], strict=True))


def _hook(spec: Callable[..., Any]) -> Iterator[str]:
    lead, said = sections(spec)
    kind = spec.parvis_kind  # type: ignore[attr-defined]
    yield f"### `{spec.__name__}`\n\n`{spec.__name__}{_signature(spec)}` · {kind}\n\n{lead}\n"
    yield "\n".join(f"- {word}: {text}" for word, text in said.items())
    users = [f"[{slug}](../../plugins/{slug}/hooks.py)" for slug in in_tree(spec)]
    yield f"- In the tree: {', '.join(users) or 'nobody yet'}\n"


def _module(module: ModuleType) -> Iterator[str]:
    name = module.__name__.rpartition(".")[2]
    lead = (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ")
    yield f"## [{name}](../../core/contracts/{name}.py)\n\n{lead}\n"
    for spec in specifications(module):
        yield from _hook(spec)
    for kind in _types(module):
        doc = inspect.getdoc(kind) or ""
        yield f"#### `{kind.__name__}`\n\n{doc}\n" if doc else f"#### `{kind.__name__}`\n"
        members = [f"- {member}" for member in _members(kind)]
        if members:
            yield "\n".join(members) + "\n"


def _summary() -> Iterator[str]:
    yield "| hook | kind | since | in the tree |\n|---|---|---|---|"
    for module in SPEC_MODULES:
        for spec in specifications(module):
            since = sections(spec)[1]["Since"].rstrip(".")
            kind = spec.parvis_kind  # type: ignore[attr-defined]
            yield f"| [`{spec.__name__}`](#{spec.__name__}) | {kind} | {since} | {', '.join(in_tree(spec)) or '—'} |"
    yield ""


def page() -> str:
    """The whole page, in Markdown."""
    modules = (*SPEC_MODULES, *TYPE_MODULES)
    return (
        "\n".join([HEAD, *_summary(), *(line for module in modules for line in _module(module))]).rstrip()
        + "\n"
    )
