"""Requests that families make and agents answer: one registry of kinds for core and every plugin.

A kind says what was asked, in words, and what an acceptance does. The states, the messages, the reference number and
the deadline are the same for all of them (`core.requests`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.contracts.markers import boot_hook

if TYPE_CHECKING:
    from django import forms

    from core.contracts.pages import Panel


@dataclass(frozen=True, slots=True)
class RequestRef:
    """A request as its kind receives it. `data` is JSON in the kind's own shape. `user_id`: the account that asks."""

    id: UUID
    reference: str
    kind: str
    user_id: UUID | None
    family_id: UUID | None
    child_id: UUID | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of what was asked: pairs (label, value) in French. `key` is its name in `RequestRef.data`."""

    key: str
    title: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An agent accepts. `choices` are the cleaned values of the kind's `decision` form, if it has one."""

    request: RequestRef
    choices: Mapping[str, Any]
    actor_id: UUID
    now: datetime


class Obstacle(Exception):
    """The acceptance cannot take effect now. The text, in French, is shown to the agent; nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKind:
    """One kind of request.

    `code` is unique: "<slug>.<name>" for a plugin. `service` is the code of the town's service that answers, within
    `delay_days` civil days. An agent sees and handles the kind with `permission` (`app_label.codename`). `accept` is
    the effect: called once, in the transaction of the acceptance, it returns one French sentence for the family or
    raises Obstacle. `decision(request, posted)` is what the agent has to choose beforehand; `panel` is shown to
    agents beside what was asked. `edit_url` is where the family changes a draft. What is asked for a household is
    read by its guardians; what is `personal`, only by who asked and on whose behalf it was asked.
    """

    code: str
    label: str
    service: str
    delay_days: int
    permission: str
    sections: Callable[[Mapping[str, Any]], Sequence[Section]]
    accept: Callable[[Acceptance], str]
    decision: "Callable[[RequestRef, Mapping[str, Any] | None], forms.Form] | None" = None
    panel: "Callable[[RequestRef], Panel | None] | None" = None
    edit_url: Callable[[RequestRef], str] | None = None
    personal: bool = False


@boot_hook
def request_kinds() -> list[RequestKind]:  # type: ignore[empty-body]
    """The kinds of request that a plugin brings.

    When: start-up; while the plugin is off nobody makes, sees nor accepts them, and they wait. Returns: the kinds;
    two that share a code are refused by `parvis check`. On failure: the plugin is quarantined. Since: 1.0.
    """
