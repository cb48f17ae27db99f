"""Short messages to telephones: providers by code, one of which the commune names (`PARVIS_SMS`); none by default.

A plugin or a room brings a provider with `register`; the console is ours, to try without sending anything.
"""

import sys
from typing import Any, Protocol

from django.conf import settings

from core.accounts.models import User
from core.families.models import Person

LONGEST = 160


class SmsProvider(Protocol):
    """Sends a text to a number (E.164). Raises when it could not: it is tried again later."""

    code: str

    def send(self, *, to: str, text: str) -> None: ...


class ConsoleProvider:
    """Writes on the standard output what would be sent."""

    code = "console"

    def send(self, *, to: str, text: str) -> None:
        sys.stdout.write(f"SMS {to} : {text}\n")


_providers: dict[str, SmsProvider] = {}


def register(provider: SmsProvider) -> None:
    """Add a provider; called when the process starts. A code stands for one only."""
    if _providers.setdefault(provider.code, provider) is not provider:
        raise ValueError(f"two providers of SMS share the code {provider.code}")


def codes() -> list[str]:
    return sorted(_providers)


def is_offered() -> bool:
    """Did the commune name a provider?"""
    return bool(settings.PARVIS_SMS)


def send(*, to: str, text: str) -> None:
    """Hand a text over to the provider that is named. Raises LookupError without one, or what the provider raises."""
    _providers[settings.PARVIS_SMS].send(to=to, text=text[:LONGEST])


def number_of(to: Any) -> str:
    """The telephone of a person or of the person of an account; "" without one."""
    person = getattr(to, "person", None) if isinstance(to, User) else to
    phone = person.phone if isinstance(person, Person) else None
    return phone.as_e164 if phone and phone.is_valid() else ""


register(ConsoleProvider())
