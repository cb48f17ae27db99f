"""The manifest of a plugin: pure data, read before Django is set up."""

from dataclasses import dataclass, field
from typing import Literal

from core.contracts.settings import Field

Audience = Literal["public", "families", "agents"]

ENTRY_POINT_GROUP = "parvis.plugins"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Data about people: `what` in French, and the plugin's models that hold it (`("Booking", "BookingShare")`)."""

    what: str
    models: tuple[str, ...]

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """What a plugin says of itself in `plugins/<slug>/plugin.py`.

    `slug` is its folder, its app label, its URL namespace and the prefix of its permissions.
    `requires_core` is a version specifier against `core.API_VERSION` (PEP 440).
    `personal_data` names what it keeps about people, one entry a kind: each model that leads to a person or a family.
    `settings_schema` is what a commune may choose (`core.contracts.settings`); it is read with `core.kernel.settings`.
    """

    slug: str
    name: str
    summary: str
    audience: frozenset[Audience]
    requires_core: str
    owner: str
    django_apps: tuple[str, ...]
    depends_on: tuple[str, ...] = ()
    enabled_by_default: bool = True
    personal_data: tuple[PersonalData, ...] = field(default=())
    settings_schema: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        names = [setting.name for setting in self.settings_schema]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.slug}: two settings share a name")
