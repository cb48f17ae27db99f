"""System checks of the messages."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from core.notifications import sms, topics


@register()
def unique_topics(**kwargs: Any) -> list[Error]:
    return [
        Error(f"Two topics of messages share the code “{code}”.", id="notifications.E001")
        for code in topics.shared_codes()
    ]


@register()
def known_sms_provider(**kwargs: Any) -> list[Error]:
    named = settings.PARVIS_SMS
    if not named or named in sms.codes():
        return []
    known = ", ".join(sms.codes())
    return [Error(f"PARVIS_SMS names no provider: “{named}” (known: {known}).", id="notifications.E002")]
