"""Messages to people: what a plugin may write about. Sending is `core.notifications.services.notify`.

    notify(to=invoice.payer.person, topic="facturation.facture", context={…}, key=f"facture-{invoice.pk}")

One call, one message to one person, written with the fact that it tells and sent once it is committed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.contracts.markers import boot_hook


class Choice(StrEnum):
    """What whoever receives messages may say about them, on the page of his or her messages."""

    ALWAYS = "always"
    """They are always sent, and the page says so: they answer a request, or protect an account or a child."""

    OPTIONAL = "optional"
    """Each person may do without."""

    ELSEWHERE = "elsewhere"
    """The page says nothing of them: they answer at once somebody who wrote, or are chosen in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A word that agents may put in their own wording of a message, as `{name}`.

    `label` is French. `source` is where its value is in the context of `notify`, attributes after a dot; the name by
    default. `shape` gives the words of a value. `example` is a value such as comes.
    """

    name: str
    label: str
    example: Any
    source: str = ""
    shape: Callable[[Any], str] = str

    @property
    def path(self) -> str:
        return self.source or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What messages are about, as a person chooses to be told or not.

    `code` is unique: "<slug>.<name>" for a plugin. `label` is in French. `template` is the beginning of three
    templates: `<template>.subject.txt` (one line: the fact), `<template>.txt`, and `<template>.html`, which extends
    `notifications/message.html`. `keeps_text` is False when the text holds a secret (a link that opens something):
    it is then forgotten as soon as it has left. `choice` is what the person may say of it. `by_sms`: the subject, which
    is short, may also go to a telephone, if the person asks for it. Agents may word again a topic that has `variables`;
    the button `button` to `url`, when the context has them, stays.
    """

    code: str
    label: str
    template: str
    keeps_text: bool = True
    choice: Choice = Choice.ALWAYS
    by_sms: bool = False
    variables: tuple[Variable, ...] = ()


@boot_hook
def notification_topics() -> list[Topic]:  # type: ignore[empty-body]
    """What a plugin writes to people about.

    When: start-up. Returns: the topics; two that share a code are refused by `parvis check`.
    On failure: the plugin is quarantined. Since: 1.0.
    """
