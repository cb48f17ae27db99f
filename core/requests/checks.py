"""System checks of the requests."""

from typing import Any

from django.core.checks import Error, register

from core.requests import kinds


@register()
def unique_kinds(**kwargs: Any) -> list[Error]:
    return [
        Error(f"Two kinds of request share the code “{code}”.", id="requests.E001")
        for code in kinds.shared_codes()
    ]
