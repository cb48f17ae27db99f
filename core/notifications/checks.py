"""System checks of the messages."""

from typing import Any

from django.core.checks import Error, register

from core.notifications import topics


@register()
def unique_topics(**kwargs: Any) -> list[Error]:
    return [
        Error(f"Two topics of messages share the code “{code}”.", id="notifications.E001")
        for code in topics.shared_codes()
    ]
