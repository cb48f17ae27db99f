"""Events as they are kept in the outbox: identifiers and days, nothing that says who somebody is. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

E = TypeVar("E")

Stored = dict[str, int | str]


def dump(event: Any) -> Stored:
    """A frozen dataclass as JSON values. Raises TypeError for a field that is not a UUID, an int or a date."""
    return {name: _dumped(name, value) for name, value in asdict(event).items()}


def _dumped(name: str, value: object) -> int | str:
    if type(value) is int:
        return value
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"an event keeps identifiers and days, not {name}: {type(value).__name__}")


def load(kind: type[E], stored: Mapping[str, Any]) -> E:
    """The event again. Raises TypeError, ValueError or KeyError if what is stored is not of this kind any more."""
    hints = get_type_hints(kind)
    return kind(**{field.name: _loaded(hints[field.name], stored[field.name]) for field in fields(kind)})  # type: ignore[arg-type]


def _loaded(kind: Any, value: Any) -> Any:
    if kind is date:
        return date.fromisoformat(value)
    return kind(value)
