"""Messages to people: what a plugin may write about. Sending is `core.notifications.services.notify`.

    notify(to=invoice.payer.person, topic="facturation.facture", context={…}, key=f"facture-{invoice.pk}")

One call, one message to one person, written with the fact that it tells and sent once it is committed.
"""

from dataclasses import dataclass

from core.contracts.markers import boot_hook


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What messages are about, as a person chooses to be told or not.

    `code` is unique: "<slug>.<name>" for a plugin. `label` is in French. `template` is the beginning of three
    templates: `<template>.subject.txt` (one line: the fact), `<template>.txt`, and `<template>.html`, which extends
    `notifications/message.html`. `keeps_text` is False when the text holds a secret (a link that opens something):
    it is then forgotten as soon as it has left.
    """

    code: str
    label: str
    template: str
    keeps_text: bool = True


@boot_hook
def notification_topics() -> list[Topic]:  # type: ignore[empty-body]
    """What a plugin writes to people about.

    When: start-up. Returns: the topics; two that share a code are refused by `parvis check`.
    On failure: the plugin is quarantined. Since: 1.0.
    """
